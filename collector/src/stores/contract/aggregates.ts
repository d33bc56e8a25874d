import { describe, expect, it } from 'vitest'
import type { Aggregate } from '../../model/query.ts'
import { ask, askValues, hour, point, startMs, type Traits, write } from './subject.ts'
import { unsigned } from './test-batch.ts'
import type { Door } from './writing.ts'

export function testAggregates(door: Door, traits: Traits): void {
  describe('aggregates', () => {
    testNumbers(door)
    testPercentiles(door)
    testSelectors(door, traits)
  })
  describe('counters', () => testCounters(door))
}

function testNumbers(door: Door): void {
  const values = [7, 1, 5, 3, 9, 2]
  const expected: Partial<Record<Aggregate, number>> = {
    mean: 4.5,
    min: 1,
    max: 9,
    sum: 27,
    count: 6,
    first: 7,
    last: 2,
    median: 4,
    p90: 7,
    p95: 9,
    p99: 9,
    spread: 8,
  }

  it.each(Object.entries(expected))('%s of floats, integers and unsigned is %d', async (aggregate, result) => {
    await write(door.store, ...values.map((v, at) => point('m', {}, { f: v, i: BigInt(v), u: unsigned(BigInt(v)) }, at)))
    expect(await ask(door.store, { fields: ['f', 'i', 'u'], aggregate: aggregate as Aggregate })).toEqual([
      { labels: {}, seconds: [0], f: [result], i: [result], u: [result] },
    ])
  })

  it('stddev is that of a sample, and a single value has none', async () => {
    await write(door.store, ...values.map((v, at) => point('m', {}, { v }, at)), point('m', {}, { v: 1 }, 60))
    const [deviation, ...rest] = await askValues(door.store, { aggregate: 'stddev', everyMs: 60_000 })
    expect(deviation).toBeCloseTo(Math.sqrt(9.5), 12)
    expect(rest).toEqual([])
  })

  it('takes the middle value as the median of an odd count', async () => {
    await write(door.store, ...[7, 1, 5].map((v, at) => point('m', {}, { v }, at)))
    expect(await askValues(door.store, { aggregate: 'median' })).toEqual([5])
  })

  it('refuses to average strings, and says what works', async () => {
    await write(door.store, point('m', {}, { s: 'x' }, 0))
    await expect(ask(door.store, { fields: ['s'], aggregate: 'mean' })).rejects.toMatchObject({
      code: 'QUERY_INVALID',
      message: 'mean needs numbers, and field "s" of "m" holds strings. Use first, last or count.',
    })
  })

  it('counts strings and booleans', async () => {
    await write(door.store, point('m', {}, { s: 'x', b: true }, 0), point('m', {}, { s: 'y' }, 1))
    expect(await ask(door.store, { fields: ['s', 'b'], aggregate: 'count' })).toEqual([{ labels: {}, seconds: [0], s: [2], b: [1] }])
  })

  it('aggregates the points of all series of a label set together', async () => {
    await write(door.store, point('m', { host: 'a' }, { v: 1 }, 0), point('m', { host: 'b' }, { v: 2 }, 0), point('m', {}, { v: 6 }, 1))
    expect(await askValues(door.store, { aggregate: 'mean' })).toEqual([3])
  })
}

function testPercentiles(door: Door): void {
  // At 16 values InfluxQL's rank is floor(14.4 + 0.5), one below what rounding up would give.
  it.each([
    [1, 1, 1, 1],
    [10, 9, 10, 10],
    [16, 14, 15, 16],
    [21, 19, 20, 21],
    [100, 90, 95, 99],
  ])('of 1 to %d are %d, %d and %d', async (count, p90, p95, p99) => {
    await write(door.store, ...Array.from({ length: count }, (_, i) => point('m', {}, { v: ((i * 37) % count) + 1 }, i)))
    expect(await askValues(door.store, { aggregate: 'p90' })).toEqual([p90])
    expect(await askValues(door.store, { aggregate: 'p95' })).toEqual([p95])
    expect(await askValues(door.store, { aggregate: 'p99' })).toEqual([p99])
  })
}

function testSelectors(door: Door, { takesAnyOfTies }: Traits): void {
  it('first and last work on strings and booleans', async () => {
    await write(door.store, point('m', {}, { s: 'old', b: true }, 0), point('m', {}, { s: 'new', b: false }, 9))
    expect(await ask(door.store, { fields: ['s', 'b'], aggregate: 'last' })).toEqual([{ labels: {}, seconds: [0], s: ['new'], b: [false] }])
    expect(await ask(door.store, { fields: ['s', 'b'], aggregate: 'first' })).toEqual([{ labels: {}, seconds: [0], s: ['old'], b: [true] }])
  })

  it('first and last take the larger of several series at one instant', async () => {
    await write(door.store, ...['a', 'b', 'c'].map((host, i) => point('m', { host }, { v: [4, 8, 6][i] ?? 0 }, 5)))
    for (const aggregate of ['first', 'last'] as const) {
      expect(await askValues(door.store, { aggregate })).toEqual([takesAnyOfTies ? expect.toBeOneOf([4, 8, 6]) : 8])
      expect(await ask(door.store, { aggregate, groupBy: ['host'] })).toMatchObject([{ v: [4] }, { v: [8] }, { v: [6] }])
    }
  })

  it('include the beginning of the range and exclude its end', async () => {
    await write(door.store, ...[0, 10, 20].map((at) => point('m', {}, { v: at }, at)))
    const range = { from: startMs, to: startMs + 20_000 }
    expect(await askValues(door.store, {}, range)).toEqual([0, 10])
    expect(await askValues(door.store, { aggregate: 'last' }, range)).toEqual([10])
    expect(await askValues(door.store, { aggregate: 'count' }, range)).toEqual([2])
  })
}

function testCounters(door: Door): void {
  const samples = [10, 20, 50, 5, 8] // Began anew between 50 and 5.

  it('increase adds growth and survives a reset', async () => {
    await write(door.store, ...samples.map((v, i) => point('m', {}, { v, i: BigInt(v) }, i * 30)))
    expect(await ask(door.store, { fields: ['v', 'i'], aggregate: 'increase' })).toEqual([{ labels: {}, seconds: [0], v: [48], i: [48] }])
  })

  it('increase counts growth in the bucket of the later sample', async () => {
    await write(door.store, ...samples.map((v, i) => point('m', {}, { v }, i * 30)))
    expect(await ask(door.store, { aggregate: 'increase', everyMs: 60_000 })).toEqual([
      { labels: {}, seconds: [0, 60, 120], v: [10, 35, 3] },
    ])
  })

  it('rate is per second of the time between samples, even in narrower buckets', async () => {
    await write(door.store, ...samples.map((v, i) => point('m', {}, { v }, i * 30)))
    expect(await askValues(door.store, { aggregate: 'rate' })).toEqual([48 / 120])
    expect(await ask(door.store, { aggregate: 'rate', everyMs: 10_000 })).toEqual([
      { labels: {}, seconds: [30, 60, 90, 120], v: [10 / 30, 30 / 30, 5 / 30, 3 / 30] },
    ])
  })

  it('rate and increase follow each series on its own, and add them', async () => {
    await write(
      door.store,
      ...[0, 1, 2].flatMap((i) => [point('m', { a: 'x' }, { v: i * 10 }, i * 10), point('m', { a: 'y' }, { v: 1000 - i * 400 }, i * 10)]),
    )
    expect(await askValues(door.store, { aggregate: 'increase' })).toEqual([20 + 600 + 200])
    expect(await askValues(door.store, { aggregate: 'rate' })).toEqual([1 + 40])
    expect(await ask(door.store, { aggregate: 'rate', groupBy: ['a'] })).toEqual([
      { labels: { a: 'x' }, seconds: [0], v: [1] },
      { labels: { a: 'y' }, seconds: [0], v: [40] },
    ])
  })

  it('a single sample has neither', async () => {
    await write(door.store, point('m', {}, { v: 1 }, 0))
    expect(await askValues(door.store, { aggregate: 'rate' }, hour)).toEqual([])
    expect(await askValues(door.store, { aggregate: 'increase' }, hour)).toEqual([])
  })
}
