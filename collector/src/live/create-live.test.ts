import { describe, expect, it } from 'vitest'
import { createFakeLive, minuteMs, startMs } from './fake-samples.ts'
import type { Selector } from './live.ts'

const usage = { measurement: 'cpu', field: 'usage', where: [] as Selector['where'] }
const ofHost = (host: string) => ({ ...usage, where: [{ tag: 'host', op: '=', value: host }] }) satisfies Selector
const all = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
const nothing = () => {}

describe('a watch', () => {
  it('sees the samples of the series it selects, from then on', () => {
    const { live, batch } = createFakeLive()
    live.accept(batch({ tags: { host: 'a' }, atMs: 0, value: 1 }))
    const watch = live.watch(ofHost('a'), minuteMs, nothing)
    live.accept(
      batch(
        { tags: { host: 'a' }, atMs: 1, value: 2 },
        { tags: { host: 'b' }, atMs: 1, value: 3 },
        { tags: { host: 'a' }, field: 'idle', atMs: 1, value: 4 },
      ),
    )
    live.accept(batch({ tags: { host: 'a' }, atMs: 2, value: 5 }))
    expect(watch.series(...all)).toEqual([{ tags: { host: 'a' }, times: [startMs + 1, startMs + 2], values: [2, 5] }])
  })

  it('sees a part of the time, both ends included, and no series without samples there', () => {
    const { live, batch } = createFakeLive()
    const watch = live.watch(usage, minuteMs, nothing)
    live.accept(
      batch(...[0, 1, 2, 3].map((atMs) => ({ tags: { host: 'a' }, atMs, value: atMs })), { tags: { host: 'b' }, atMs: 9, value: 9 }),
    )
    expect(watch.series(startMs + 1, startMs + 2)).toEqual([{ tags: { host: 'a' }, times: [startMs + 1, startMs + 2], values: [1, 2] }])
  })

  it('puts late samples in their place, and a rewritten time has its last value', () => {
    const { live, batch } = createFakeLive()
    const watch = live.watch(usage, minuteMs, nothing)
    live.accept(batch({ atMs: 30, value: 3 }, { atMs: 10, value: 1 }))
    live.accept(batch({ atMs: 20, value: 2 }, { atMs: 30, value: 33 }))
    expect(watch.series(...all)[0]?.values).toEqual([1, 2, 33])
  })

  it('takes integers and booleans as numbers, and no strings', () => {
    const { live, batch } = createFakeLive()
    const fields = ['i', 'u', 'b', 's'].map((field) => live.watch({ ...usage, field }, minuteMs, nothing))
    live.accept(
      batch(
        { field: 'i', type: 'integer', atMs: 0, value: -5n },
        { field: 'u', type: 'unsigned', atMs: 0, value: 2n ** 63n },
        { field: 'b', type: 'boolean', atMs: 0, value: 1 },
        { field: 's', type: 'string', atMs: 0, value: 'x' },
      ),
    )
    expect(fields.map((watch) => watch.series(...all)[0]?.values)).toEqual([[-5], [2 ** 63], [1], undefined])
  })

  it('sees one series when a field changed its type', () => {
    const { live, batch } = createFakeLive()
    const watch = live.watch(usage, minuteMs, nothing)
    live.accept(batch({ atMs: 0, value: 1 }, { atMs: 1, value: 2n, type: 'integer' }))
    expect(watch.series(...all).map(({ values }) => values)).toEqual([[1, 2]])
  })

  it('forgets what is older than it wants, and takes nothing that old', async () => {
    const { live, batch, clock } = createFakeLive()
    const watch = live.watch(usage, minuteMs, nothing)
    live.accept(batch({ atMs: 0, value: 1 }, { atMs: 30_000, value: 2 }))
    await clock.advance(80_000)
    live.accept(batch({ atMs: 80_000, value: 3 }, { atMs: 10_000, value: 9 }))
    expect(watch.series(...all)[0]?.values).toEqual([2, 3])
  })

  it('keeps as long as the watch that wants most, and less when that one is closed', async () => {
    const { live, batch, clock } = createFakeLive()
    const short = live.watch(usage, minuteMs, nothing)
    const long = live.watch(ofHost('a'), 10 * minuteMs, nothing)
    live.accept(batch({ tags: { host: 'a' }, atMs: 0, value: 1 }))
    await clock.advance(5 * minuteMs)
    live.accept(batch({ tags: { host: 'a' }, atMs: 5 * minuteMs, value: 2 }))
    expect(short.series(...all)[0]?.values).toEqual([1, 2])
    long.close()
    live.accept(batch({ tags: { host: 'a' }, atMs: 5 * minuteMs + 1, value: 3 }))
    expect(short.series(...all)[0]?.values).toEqual([2, 3])
  })

  it('starts with what another one keeps already', () => {
    const { live, batch } = createFakeLive()
    live.watch(usage, minuteMs, nothing)
    live.accept(batch({ tags: { host: 'a' }, atMs: 0, value: 1 }, { tags: { host: 'b' }, atMs: 0, value: 2 }))
    expect(live.watch(ofHost('b'), minuteMs, nothing).series(...all)).toEqual([{ tags: { host: 'b' }, times: [startMs], values: [2] }])
  })

  it('is told once of a batch, after all of it is in place, and only of batches that bring something', () => {
    const { live, batch } = createFakeLive()
    const seen: number[] = []
    const watch = live.watch(ofHost('a'), minuteMs, () => seen.push(watch.series(...all)[0]?.times.length ?? 0))
    live.accept(
      batch(
        { tags: { host: 'a' }, atMs: 0, value: 1 },
        { tags: { host: 'a' }, atMs: 1, value: 2 },
        { tags: { host: 'b' }, atMs: 2, value: 3 },
      ),
    )
    live.accept(batch({ tags: { host: 'b' }, atMs: 3, value: 4 }))
    live.accept(batch({ tags: { host: 'a' }, atMs: -2 * minuteMs, value: 4 }))
    live.accept(batch({ tags: { host: 'a' }, atMs: 4, value: 5 }))
    expect(seen).toEqual([2, 3])
  })

  it('sees and is told nothing more when it is closed', () => {
    const { live, batch } = createFakeLive()
    let told = 0
    const watch = live.watch(usage, minuteMs, () => told++)
    live.accept(batch({ atMs: 0, value: 1 }))
    watch.close()
    live.accept(batch({ atMs: 1, value: 2 }))
    expect([told, watch.series(...all)]).toEqual([1, []])
  })

  it('does not suffer when another one fails', () => {
    const { live, batch, warnings } = createFakeLive()
    let told = 0
    live.watch(usage, minuteMs, () => {
      throw new Error('a bug')
    })
    live.watch(usage, minuteMs, () => told++)
    live.accept(batch({ atMs: 0, value: 1 }))
    expect([told, warnings]).toEqual([1, ['live: a listener to fresh samples failed: a bug']])
  })
})

describe('a warm start', () => {
  it('brings older samples, and those that are here already win', () => {
    const { live, batch } = createFakeLive()
    const watch = live.watch(ofHost('a'), minuteMs, nothing)
    live.accept(batch({ tags: { host: 'a' }, atMs: 0, value: 10 }))
    watch.seed([
      { tags: { host: 'a' }, field: 'usage', times: [startMs - 2 * minuteMs, startMs - 5000, startMs], values: [1, 2, 3] },
      { tags: { host: 'b' }, field: 'usage', times: [startMs], values: [4] },
    ])
    live.accept(batch({ tags: { host: 'a' }, atMs: 1, value: 11 }))
    expect(watch.series(...all)).toEqual([{ tags: { host: 'a' }, times: [startMs - 5000, startMs, startMs + 1], values: [2, 10, 11] }])
  })

  it('meets the series when its first sample comes later, whatever the order of tags', () => {
    const { live, batch } = createFakeLive()
    const watch = live.watch(usage, minuteMs, nothing)
    watch.seed([{ tags: { zone: 'z', host: 'a' }, field: 'usage', times: [startMs - 1], values: [1] }])
    live.accept(batch({ tags: { host: 'a', zone: 'z' }, atMs: 0, value: 2 }))
    expect(watch.series(...all).map(({ values }) => values)).toEqual([[1, 2]])
  })
})

describe('limits', () => {
  it('drop the oldest samples of a series that has too many', () => {
    const { live, batch } = createFakeLive({ samplesPerSeriesMax: 3 })
    const watch = live.watch(usage, minuteMs, nothing)
    live.accept(batch(...[0, 1, 2, 3, 4].map((atMs) => ({ atMs, value: atMs }))))
    expect(watch.series(...all)[0]?.values).toEqual([2, 3, 4])
  })

  it('leave out series beyond the limit, and say so once', () => {
    const { live, batch, warnings } = createFakeLive({ seriesMax: 2 })
    const watch = live.watch(usage, minuteMs, nothing)
    for (const atMs of [0, 1]) live.accept(batch(...['a', 'b', 'c', 'd'].map((host) => ({ tags: { host }, atMs, value: 1 }))))
    expect(watch.series(...all).map(({ tags }) => tags.host)).toEqual(['a', 'b'])
    expect(warnings).toEqual([
      'live: rules look at more than 2 series; the others are not evaluated. Narrow the rules or raise live.seriesMax.',
    ])
  })

  it('make room for new series where old ones fell silent', async () => {
    const { live, batch, clock, warnings } = createFakeLive({ seriesMax: 2 })
    const watch = live.watch(usage, minuteMs, nothing)
    live.accept(batch({ tags: { host: 'a' }, atMs: 0, value: 1 }, { tags: { host: 'b' }, atMs: 0, value: 1 }))
    await clock.advance(2 * minuteMs)
    const atMs = 2 * minuteMs
    live.accept(batch({ tags: { host: 'c' }, atMs, value: 2 }, { tags: { host: 'b' }, atMs, value: 3 }))
    expect(watch.series(...all).map(({ tags }) => tags.host)).toEqual(['c', 'b'])
    live.accept(batch({ tags: { host: 'b' }, atMs: atMs + 1, value: 4 }))
    expect(watch.series(...all).map(({ values }) => values)).toEqual([[2], [3, 4]])
    expect(warnings).toEqual([])
  })
})
