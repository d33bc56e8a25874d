import { describe, expect, it } from 'vitest'
import { createFakeLive, minuteMs, startMs } from './fake-samples.ts'
import type { Quiet, Selector } from './live.ts'

const usage = { measurement: 'cpu', field: 'usage', where: [] as Selector['where'] }
const belowNinety: Quiet = { low: Number.NEGATIVE_INFINITY, high: 90, untilMs: startMs + minuteMs }

/** One series that two watch, of whom the first expects values up to 90 for a minute. */
function setup() {
  const { live, clock, batch } = createFakeLive()
  const told = { one: 0, other: 0 }
  const one = live.watch(usage, 2 * minuteMs, () => told.one++)
  live.watch(usage, minuteMs, () => told.other++)
  const push = (value: number, atMs = clock.now() - startMs) => live.accept(batch({ atMs, value }))
  push(1)
  const [series] = one.takeFresh()
  if (series) one.expect(series, belowNinety)
  Object.assign(told, { one: 0, other: 0 })
  return { live, clock, batch, push, one, series, told }
}

describe('a sample that is expected', () => {
  it('wakes only those who did not expect it, and is kept for all', () => {
    const { push, told, one, series } = setup()
    push(90, 5)
    expect(told).toEqual({ one: 0, other: 1 })
    expect([...one.takeFresh()]).toEqual([])
    expect(series?.between(startMs, startMs + 5).end).toBe(2)
  })

  it('is news when it lies outside, is no number, or comes too late', async () => {
    const { push, told, clock } = setup()
    push(90.1)
    push(Number.NaN)
    expect(told.one).toBe(2)
    await clock.advance(minuteMs)
    push(50)
    expect(told.one).toBe(3)
  })

  it('is told beside one of the same batch that is not', () => {
    const { live, batch, told } = setup()
    live.accept(batch({ atMs: 1, value: 50 }, { atMs: 2, value: 95 }, { atMs: 3, value: 60 }))
    expect(told.one).toBe(1)
  })

  it('is expected no more when somebody says so, when stored samples come, and after the end of the series', () => {
    const silent = setup()
    if (silent.series) silent.one.expect(silent.series, null)
    silent.push(50)
    expect(silent.told.one).toBe(1)

    const seeded = setup()
    seeded.one.seed([{ tags: {}, field: 'usage', times: [startMs - 5], values: [95] }])
    seeded.push(50)
    expect(seeded.told.one).toBe(1)

    const ended = setup()
    ended.live.end([{ measurement: 'cpu', tags: {} }], startMs + 1)
    if (ended.series) ended.one.expect(ended.series, belowNinety)
    ended.push(50, 2)
    expect(ended.told.one).toBe(2)
  })
})
