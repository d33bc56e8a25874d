import { describe, expect, it } from 'vitest'
import { ask, point, write } from './subject.ts'
import type { Door } from './writing.ts'

/** A running histogram of one host: how many values lay at or below 0.1, 0.5 and 1 so far, and how many there were. */
const running = (host: string, seconds: number, [a, b, c, count]: readonly [number, number, number, number]) =>
  point('latency', { host }, { 'le_0.1': a, 'le_0.5': b, le_1: c, count, sum: count }, seconds)

export function testHistograms(door: Door): void {
  describe('histograms', () => {
    const query = { measurement: 'latency', fields: ['histogram'] }

    it('give percentiles of all series and times together, from what their buckets grew by', async () => {
      await write(door.store, running('a', 0, [100, 100, 100, 100]), running('b', 0, [7, 7, 7, 7]))
      await write(door.store, running('a', 60, [105, 110, 118, 120]), running('b', 60, [7, 7, 7, 7]))
      await write(door.store, running('a', 120, [105, 110, 118, 120]), running('b', 120, [7, 17, 17, 17]))
      const near = (...values: number[]) => values.map((value) => expect.closeTo(value, 9))
      expect(await ask(door.store, { ...query, aggregate: 'p90', everyMs: 60_000 })).toEqual([
        { labels: {}, seconds: [60, 120], histogram: near(1, 0.1 + 0.4 * 0.9) },
      ])
      expect(await ask(door.store, { ...query, aggregate: 'median' })).toEqual([
        { labels: {}, seconds: [0], histogram: near(0.1 + (0.4 * 10) / 15) },
      ])
      expect(await ask(door.store, { ...query, aggregate: 'median', groupBy: ['host'] })).toEqual([
        { labels: { host: 'a' }, seconds: [0], histogram: near(0.5) },
        { labels: { host: 'b' }, seconds: [0], histogram: near(0.1 + 0.4 * 0.5) },
      ])
    })

    it('of increments are added up', async () => {
      const tags = { temporality: 'delta' }
      await write(door.store, ...[0, 1].map((at) => point('latency', tags, { exp_zero: 1, exp0_2: 4, exp1_4: 5, count: 10 }, at)))
      expect(await ask(door.store, { ...query, aggregate: 'p95' })).toEqual([
        { labels: {}, seconds: [0], histogram: [expect.closeTo(2 ** (2 + 17 / 18), 9)] },
      ])
    })

    it('are none without buckets, and asked for alone', async () => {
      await write(door.store, point('latency', {}, { v: 1 }, 0))
      expect(await ask(door.store, { ...query, aggregate: 'p95' })).toEqual([])
      await expect(ask(door.store, { ...query, fields: ['histogram', 'v'], aggregate: 'p95' })).rejects.toMatchObject({
        code: 'QUERY_INVALID',
      })
    })
  })
}
