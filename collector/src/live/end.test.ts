import { describe, expect, it } from 'vitest'
import { createFakeLive, minuteMs, startMs } from './fake-samples.ts'
import type { Selector } from './live.ts'

const usage = { measurement: 'cpu', field: 'usage', where: [] as Selector['where'] }
const all = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
const nothing = () => {}

describe('the end of a series', () => {
  it('hides it from rules, and tells who looks at it', () => {
    const { live, batch } = createFakeLive()
    let told = 0
    const watch = live.watch(usage, minuteMs, () => told++)
    live.accept(batch({ tags: { host: 'a' }, atMs: 0, value: 1 }, { tags: { host: 'b' }, atMs: 0, value: 2 }))
    live.end([{ measurement: 'cpu', tags: { host: 'a' } }], startMs + 5)
    expect(watch.series(...all).map(({ tags }) => tags.host)).toEqual(['b'])
    live.end([{ measurement: 'cpu', tags: { host: 'a' } }], startMs + 6)
    expect(told).toBe(2)
  })

  it('holds until a later sample comes, with what was before', () => {
    const { live, batch } = createFakeLive()
    const watch = live.watch(usage, minuteMs, nothing)
    live.accept(batch({ tags: { host: 'a' }, atMs: 0, value: 1 }))
    live.end([{ measurement: 'cpu', tags: { host: 'a' } }], startMs + 5)
    live.accept(batch({ tags: { host: 'a' }, atMs: 3, value: 2 }))
    expect(watch.series(...all)).toEqual([])
    live.accept(batch({ tags: { host: 'a' }, atMs: 6, value: 3 }))
    expect(watch.series(...all).map(({ values }) => values)).toEqual([[1, 2, 3]])
  })

  it('reaches those who look by a pattern', () => {
    const { live, batch } = createFakeLive()
    const watch = live.watch({ ...usage, field: /^us/ }, minuteMs, nothing)
    live.accept(batch({ atMs: 0, value: 1 }))
    live.end([{ measurement: 'cpu', tags: {} }], startMs + 5)
    expect(watch.series(...all)).toEqual([])
  })

  it('is not for a series that has newer samples, another measurement or other tags', () => {
    const { live, batch } = createFakeLive()
    const watch = live.watch(usage, minuteMs, nothing)
    live.accept(batch({ tags: { host: 'a' }, atMs: 9, value: 1 }))
    live.end([{ measurement: 'cpu', tags: { host: 'a' } }], startMs + 5)
    live.end(
      [
        { measurement: 'cpu', tags: {} },
        { measurement: 'mem', tags: { host: 'a' } },
      ],
      startMs + 10,
    )
    expect(watch.series(...all)).toHaveLength(1)
  })
})
