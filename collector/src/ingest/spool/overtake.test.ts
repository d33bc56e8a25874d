import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { WriteResult } from '../../model/store.ts'
import { away, namesOf, segmentsIn, setup, until } from './scenario.ts'

describe('a fresh batch', () => {
  it('never reaches the store before an older value of its point', async () => {
    const { ingest, send, fail, store, clock, written, attempts } = setup()
    await ingest.start()
    fail(away())
    await send('first v=1 1')
    await send('a v=1 5')
    const { promise, resolve } = Promise.withResolvers<WriteResult>()
    store.answer = async (batch) => (namesOf(batch).includes('a') && attempts.length === 3 ? promise : { rejected: [] })
    await clock.advance(500)
    // The first shows that the store is well; the old value is under way.
    await until(() => attempts.length === 3)
    const rewritten = send('a v=2 5')
    const fresh = send('b v=1 6')
    resolve({ rejected: [] })
    await Promise.all([rewritten, fresh])
    await until(() => ingest.spool().bytes === 0)
    await ingest.stop()
    expect(written.join('')).toBe('first v=1 1\na v=1 5\na v=2 5\nb v=1 6\n')
  })

  it('waits on disk with the older values when the drain takes too long', async () => {
    const { ingest, send, fail, store, clock, written, attempts, drained } = setup()
    await ingest.start()
    fail(away())
    await send('first v=1 1')
    await send('a v=1 5')
    const { promise, resolve } = Promise.withResolvers<WriteResult>()
    store.answer = async (batch) => (namesOf(batch).includes('a') && attempts.length === 3 ? promise : { rejected: [] })
    await clock.advance(500)
    await until(() => attempts.length === 3)
    const rewritten = send('a v=2 5')
    await clock.advance(1000)
    expect(await rewritten).toMatchObject({ accepted: 1 })
    expect(written).toEqual(['first v=1 1\n'])
    resolve({ rejected: [] })
    await drained()
    await ingest.stop()
    expect(written.join('')).toBe('first v=1 1\na v=1 5\na v=2 5\n')
  })

  it('stays behind what an earlier process left', async () => {
    const first = setup()
    await first.ingest.start()
    first.fail(away())
    await first.send('a v=1 5')
    await first.ingest.stop()
    const second = setup({ directory: first.directory })
    await second.ingest.start()
    await second.send('a v=2 5')
    await second.drained()
    await second.ingest.stop()
    expect(second.written.join('')).toBe('a v=1 5\na v=2 5\n')
  })
})

describe('a store that hangs', () => {
  it('is waited for no more than a moment when the collector is about to stop', async () => {
    const { ingest, send, store, clock } = setup({ slowAfterMs: 10_000 })
    await ingest.start()
    store.answer = () => new Promise(() => {})
    const first = send('a v=1 1')
    await clock.advance(5000)
    ingest.hurry()
    await clock.advance(1000)
    expect(await first).toMatchObject({ accepted: 1 })
    expect(ingest.spool().bytes).toBeGreaterThan(0)
    await ingest.stop()
  })
})

describe('the drain', () => {
  it('waits as long as a fresh batch was asked to', async () => {
    const { ingest, send, fail, store, clock, attempts, drained } = setup()
    await ingest.start()
    fail(away())
    await send('first v=1 1')
    await send('slow v=1 2')
    const { promise, resolve } = Promise.withResolvers<WriteResult>()
    store.answer = (batch) => {
      if (namesOf(batch).includes('first')) return Promise.resolve({ rejected: [] })
      return namesOf(batch).includes('slow') ? promise : Promise.reject(away(60_000))
    }
    await clock.advance(500)
    await until(() => attempts.length === 3)
    await send('fresh v=1 3')
    const refusedAtMs = clock.now()
    resolve({ rejected: [] })
    await until(() => ingest.spool().bytes < 100)
    await clock.advance(59_000)
    expect(attempts.map(({ names }) => names)).toEqual([['first'], ['first'], ['slow'], ['fresh']])
    store.answer = async () => ({ rejected: [] })
    await drained()
    expect((attempts.at(-1)?.atMs ?? 0) - refusedAtMs).toBeGreaterThanOrEqual(60_000)
    await ingest.stop()
  })

  it('goes on with the next file when one was taken away', async () => {
    const { ingest, send, fail, mend, written, directory, drained } = setup({ bytesMax: 200 })
    await ingest.start()
    fail(away())
    for (const name of ['a', 'b', 'c', 'd']) await send(`${name} v=1 1`)
    const [first = '', ...more] = segmentsIn(directory).sort()
    expect(more.length).toBeGreaterThan(0)
    rmSync(join(directory, first))
    mend()
    await drained()
    expect(written.join('')).toContain('d v=1 1\n')
    expect(readdirSync(directory)).toEqual(['quarantine'])
    await ingest.stop()
  })

  it('does not take the store for ill when its own disk is', async () => {
    const { ingest, send, fail, store, clock, written, directory, problems } = setup()
    await ingest.start()
    fail(away())
    await send('a v=1 1')
    await send('poison v=1 2')
    // What is refused for good cannot be put aside without its folder.
    rmSync(join(directory, 'quarantine'), { recursive: true })
    store.answer = async (batch) => ({ rejected: namesOf(batch).includes('poison') ? [{ line: 1, reason: 'never' }] : [] })
    await clock.advance(500)
    await until(() => problems.length === 1)
    expect(await send('fresh v=1 3')).toMatchObject({ accepted: 1 })
    expect(written.at(-1)).toBe('fresh v=1 3\n')
    await ingest.stop()
  })
})
