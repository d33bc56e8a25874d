import { ceilTo, floorTo, unitMs } from './levels.ts'

/** Milliseconds since 1970, `from` included, `to` excluded. Lists are sorted, and their intervals neither touch nor overlap. */
export type Interval = { readonly from: number; readonly to: number }

export function add(list: readonly Interval[], { from, to }: Interval): readonly Interval[] {
  if (from >= to) return list
  const before = list.filter((one) => one.to < from)
  const after = list.filter((one) => one.from > to)
  const touching = list.filter((one) => one.to >= from && one.from <= to)
  const joined = { from: Math.min(from, ...touching.map((one) => one.from)), to: Math.max(to, ...touching.map((one) => one.to)) }
  return [...before, joined, ...after]
}

export function subtract(list: readonly Interval[], hole: Interval): readonly Interval[] {
  if (hole.from >= hole.to) return list
  return list.flatMap((one) => [
    ...(one.from < Math.min(one.to, hole.from) ? [{ from: one.from, to: Math.min(one.to, hole.from) }] : []),
    ...(Math.max(one.from, hole.to) < one.to ? [{ from: Math.max(one.from, hole.to), to: one.to }] : []),
  ])
}

export function intersect(list: readonly Interval[], range: Interval): readonly Interval[] {
  return list.map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) })).filter(({ from, to }) => from < to)
}

/** The whole windows inside an interval; none when it is too short for one. */
export function inward({ from, to }: Interval, widthMs: number): readonly Interval[] {
  const whole = { from: ceilTo(from, widthMs), to: floorTo(to, widthMs) }
  return whole.from < whole.to ? [whole] : []
}

/** The windows that these units lie in, or the windows in them where those are finer; joined where they touch. */
export function windowsOf(units: Iterable<number>, windowMs: number): readonly Interval[] {
  const widthMs = Math.max(windowMs, unitMs)
  const starts = [...new Set(Array.from(units, (unit) => floorTo(unit, widthMs)))].sort((a, b) => a - b)
  const joined: { from: number; to: number }[] = []
  for (const from of starts) {
    const last = joined.at(-1)
    if (last?.to === from) last.to += widthMs
    else joined.push({ from, to: from + widthMs })
  }
  return joined
}
