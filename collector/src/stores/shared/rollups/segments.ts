import type { Plan } from '../plan.ts'
import { type Interval, intersect, inward } from './intervals.ts'
import { type Level, levels } from './levels.ts'

/** A stretch of a range, and the level to read it from; raw values where it has none. */
export type Segment = Interval & { readonly level?: Level }

/** The windows of a level that may be read. */
export type WindowsOf = (level: Level) => readonly Interval[]

const mergeable = new Set(['mean', 'min', 'max', 'sum', 'count', 'first', 'last', 'spread', 'rate', 'increase'])

/**
 * How to read a query's range with the fewest rows: the coarsest windows that lie within a bucket,
 * finer ones at the edges, and raw values where the range or a late value cuts a window.
 *
 * Nothing when there is no roll-up to read: percentiles, `stddev` and raw points need every value.
 */
export function planSegments({ query, range, buckets }: Plan, windowsOf: WindowsOf): readonly Segment[] | undefined {
  if (!mergeable.has(query.aggregate)) return undefined
  const fitting = levels.filter(({ widthMs }) => buckets.count === 1 || buckets.everyMs % widthMs === 0)
  const segments = coverRange(range, fitting, windowsOf)
  return segments.some(({ level }) => level) ? segments : undefined
}

/** Covers a range with windows of these levels (from fine to coarse), and with raw values for the rest. */
export function coverRange(range: Interval, fitting: readonly Level[], windowsOf: WindowsOf): readonly Segment[] {
  const level = fitting.at(-1)
  if (!level) return [range]
  const finer = fitting.slice(0, -1)
  const whole = intersect(windowsOf(level), range).flatMap((one) => inward(one, level.widthMs))
  const segments: Segment[] = []
  let from = range.from
  for (const one of whole) {
    if (from < one.from) segments.push(...coverRange({ from, to: one.from }, finer, windowsOf))
    segments.push({ ...one, level })
    from = one.to
  }
  if (from < range.to) segments.push(...coverRange({ from, to: range.to }, finer, windowsOf))
  return segments
}
