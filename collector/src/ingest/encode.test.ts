import { describe, expect, it } from 'vitest'
import { fc } from '../lib/fake-chance.ts'
import type { FieldValue, Point } from '../model/point.ts'
import { type ReadPoint, scanText, takePoints } from './read-batch.ts'
import { createSeriesTable } from './series-table.ts'

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString()

const special = fc.constantFrom(',', '=', ' ', '\\', '"', 'a', 'é', '🚀', "'", '#')
const name = fc
  .array(special, { minLength: 1, maxLength: 6 })
  .map((parts) => `n${parts.join('')}`)
  .filter((text) => !text.endsWith('\\') && text !== 'time')
const value: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  fc.boolean(),
  fc.array(fc.oneof(special, fc.constantFrom('\n', '\r', '\t', '\\n')), { maxLength: 8 }).map((parts) => parts.join('')),
)
const point: fc.Arbitrary<Point> = fc.record({
  measurement: name,
  tags: fc.dictionary(name, name, { maxKeys: 4, noNullPrototype: true }),
  fields: fc.dictionary(name, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
  timeNs: fc.bigInt(-(2n ** 63n) + 2n, 2n ** 63n - 2n),
})

/** Fields by name: encoding puts those of one type together. */
const shown = (points: readonly ReadPoint[]) =>
  points.map(({ measurement, tags, fields, timeNs }) => ({
    measurement,
    tags,
    timeNs,
    fields: Object.fromEntries(fields.map(({ name: field, value: held }) => [field, held])),
  }))

describe('encoding', () => {
  it('is undone by scanning', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 5 }), (points) => {
        const taken = takePoints(points)
        expect(taken.rejected).toEqual([])
        const scanned = scanText(taken.batch.toLineProtocol())
        expect(scanned.rejected).toEqual([])
        expect(shown(scanned.points)).toEqual(points)
      }),
      { numRuns: 500 },
    )
  })

  it('of what it wrote gives the same bytes', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 5 }), (points) => {
        const once = takePoints(points).batch.toLineProtocol()
        const again = scanText(once, { precision: 'ns' }).batch
        expect(textOf(again.toLineProtocol())).toBe(textOf(once))
      }),
    )
  })

  it('writes unsigned integers as such', () => {
    const { batch } = takePoints([{ measurement: 'm', tags: {}, fields: { a: 2n ** 64n - 1n, b: 1n }, unsigned: ['a'], timeNs: 1n }])
    expect(textOf(batch.toLineProtocol())).toBe('m b=1i,a=18446744073709551615u 1\n')
  })
})

describe('the bytes as they came', () => {
  it('are given back when they are right already', () => {
    const body = Buffer.from('cpu,host=b,a=1 v=1.50 1\ncpu s="x\ny" 2\n')
    const given = scanText(body).batch.toLineProtocol()
    expect(given.buffer).toBe(body.buffer)
    expect(textOf(given)).toBe(body.toString())
  })

  it('get their last newline', () => {
    expect(textOf(scanText('cpu v=1.50 1').batch.toLineProtocol())).toBe('cpu v=1.50 1\n')
  })

  it('does not give on an escape with which InfluxDB would lose the point', () => {
    const table = createSeriesTable()
    for (const time of [1, 2]) {
      const { batch } = scanText(`cpu\\=load,a\\=b=c v=1.50 ${time}`, {}, table)
      expect(textOf(batch.toLineProtocol())).toBe(`cpu=load,a\\=b=c v=1.5 ${time}\n`)
    }
    expect(textOf(scanText('cpu=load v=1.50 3', {}, table).batch.toLineProtocol())).toBe('cpu=load v=1.50 3\n')
  })

  it.each([
    ['another precision', 'cpu v=1.50 1\n', 'ms', 'cpu v=1.5 1000000\n'],
    ['a missing time', 'cpu v=1.50\n', 'ns', 'cpu v=1.5 42\n'],
    ['a bad line', 'cpu v=1.50 1\nbad\n', 'ns', 'cpu v=1.5 1\n'],
    ['a carriage return', 'cpu v=1.50 1\r\n', 'ns', 'cpu v=1.5 1\n'],
    ['a comment', '# hello\ncpu v=1.50 1\n', 'ns', 'cpu v=1.5 1\n'],
    ['an empty line', '\ncpu v=1.50 1\n', 'ns', 'cpu v=1.5 1\n'],
  ] as const)('are not given back with %s', (_, body, precision, written) => {
    expect(textOf(scanText(body, { precision }).batch.toLineProtocol())).toBe(written)
  })
})
