import { beforeEach, describe, expect, it } from 'vitest'
import { point, write } from './subject.ts'
import { unsigned } from './test-batch.ts'
import type { Door } from './writing.ts'

export function testCatalog(door: Door): void {
  describe('catalogue', () => {
    beforeEach(async () => {
      await write(
        door.store,
        point('mem', { host: 'b' }, { used: 1n, free: 2.5 }, 0),
        point('cpu', { host: 'a', cpu: 'cpu 0' }, { usage: 1, busy: true, name: 'x' }, 0),
        point('cpu', { host: 'b', cpu: 'cpu "1"' }, { usage: 1 }, 0),
        point('cpu', { zone: 'eu' }, { usage: 1 }, 0),
      )
    })

    it('lists measurements, sorted', async () => {
      expect(await door.store.measurements()).toEqual(['cpu', 'mem'])
    })

    it('lists the fields of a measurement with their types, sorted', async () => {
      expect(await door.store.fields('cpu')).toEqual([
        { name: 'busy', type: 'boolean' },
        { name: 'name', type: 'string' },
        { name: 'usage', type: 'float' },
      ])
      expect(await door.store.fields('mem')).toEqual([
        { name: 'free', type: 'float' },
        { name: 'used', type: 'integer' },
      ])
      expect(await door.store.fields('nope')).toEqual([])
    })

    it('lists the tags of one measurement or of all, sorted', async () => {
      expect(await door.store.tags('cpu')).toEqual(['cpu', 'host', 'zone'])
      expect(await door.store.tags('mem')).toEqual(['host'])
      expect(await door.store.tags('nope')).toEqual([])
      expect(await door.store.tags(undefined)).toEqual(['cpu', 'host', 'zone'])
    })

    it('lists the values of a tag, of one measurement or of all, sorted', async () => {
      expect(await door.store.tagValues('cpu', 'cpu')).toEqual(['cpu "1"', 'cpu 0'])
      expect(await door.store.tagValues('mem', 'host')).toEqual(['b'])
      expect(await door.store.tagValues(undefined, 'host')).toEqual(['a', 'b'])
      expect(await door.store.tagValues('cpu', 'nope')).toEqual([])
      expect(await door.store.tagValues('nope', 'host')).toEqual([])
    })

    it('narrows the values of a tag by filters on others', async () => {
      expect(await door.store.tagValues('cpu', 'cpu', [{ tag: 'host', op: '=', value: 'a' }])).toEqual(['cpu 0'])
      expect(await door.store.tagValues('cpu', 'host', [{ tag: 'cpu', op: '=~', value: '1' }])).toEqual(['b'])
      expect(await door.store.tagValues('cpu', 'host', [{ tag: 'cpu', op: 'in', value: ['cpu 0', 'cpu "1"'] }])).toEqual(['a', 'b'])
      expect(await door.store.tagValues('cpu', 'host', [{ tag: 'cpu', op: 'in', value: [] }])).toEqual([])
      expect(await door.store.tagValues(undefined, 'host', [{ tag: 'cpu', op: '=', value: '' }])).toEqual(['b'])
    })

    it('knows of a field from the moment it was written', async () => {
      await write(door.store, point('fresh', { t: 'x' }, { u: unsigned(1n), v: 1 }, 0))
      expect((await door.store.fields('fresh')).map(({ name }) => name)).toEqual(['u', 'v'])
      expect(await door.store.measurements()).toContain('fresh')
      expect(await door.store.tagValues('fresh', 't')).toEqual(['x'])
    })

    it('says how it is', async () => {
      expect(await door.store.status()).toMatchObject({ ok: true, seriesCount: 4, message: expect.stringContaining(door.store.kind) })
    })
  })
}
