/** A series of measurements in order of time. */
export type Line = { readonly times: readonly number[]; readonly values: readonly number[] }

/** Where a series left its own baseline for good, and how clearly. */
export type Onset = {
  readonly atMs: number
  readonly direction: 'rose' | 'fell'
  /** The median before, and after. */
  readonly before: number
  readonly after: number
  /** How far it moved, in robust deviations of its moves in the hours before. */
  readonly deviations: number
  readonly samples: number
}

/** Measurements that are taken together as "before" and as "after". */
const beforeCount = 10
const afterCount = 4
/** With less of a past nobody can say what is usual. */
const leastMoves = 60
/** A move must be this many robust deviations, and this much more than the largest one of the past. */
const leastDeviations = 6
const leastOfLargest = 1.6
/** Less than this part of its level is no move, however still the series was before. */
const leastOfLevel = 0.02
/** Most of what follows must stay away; otherwise it was a spike. */
const leastLasting = 0.75

/**
 * When a series moved in the window that begins at `fromMs`; null when it did not, or nobody can say.
 *
 * A move is the difference of two medians beside each other, which makes of a drifting series one that
 * stands still: it is compared with the moves of the same series in the hours before, and not with its
 * level. That is what keeps a random walk, and every other restless series, from being named.
 */
export function findOnset(line: Line, fromMs: number): Onset | null {
  const { times, values } = withoutGrowth(line)
  const moves = movesOf(values)
  const firstInside = times.findIndex((timeMs) => timeMs >= fromMs)
  if (firstInside < 0) return null
  // A move is known by its first value after; those that reach into the window are no past.
  const past = moves.slice(0, Math.max(0, firstInside - beforeCount - afterCount + 1)).map(Math.abs)
  if (past.length < leastMoves) return null
  const spread = 1.4826 * median(past)
  const bar = Math.max(
    leastDeviations * spread,
    leastOfLargest * Math.max(...past),
    leastOfLevel * median(values.slice(0, firstInside).map(Math.abs)),
  )
  // Coming back from a spike is a move, but not one away from what was.
  const usual = median(values.slice(Math.max(0, firstInside - beforeCount), firstInside))
  for (let index = Math.max(0, firstInside - beforeCount); index < moves.length; index++) {
    const move = moves[index] as number
    if (Math.abs(move) <= bar) continue
    const onset = toOnset({ times, values }, index, move, spread)
    if (onset && Math.abs(onset.after - usual) > Math.abs(move) / 2) return onset
  }
  return null
}

/** The move is found as soon as half of its later values moved; it began with the first of them. Null when it did not last. */
function toOnset({ times, values }: Line, index: number, move: number, spread: number): Onset | null {
  const split = index + beforeCount
  const before = median(values.slice(index, split))
  const isMoved = (value: number): boolean => Math.abs(value - before) > Math.abs(move) / 2 && value > before === move > 0
  const offset = values.slice(split).findIndex(isMoved)
  const start = split + Math.max(0, offset)
  const since = values.slice(start)
  if (since.filter(isMoved).length < leastLasting * since.length) return null
  const after = median(since.slice(0, beforeCount))
  return {
    atMs: times[start] ?? 0,
    direction: move > 0 ? 'rose' : 'fell',
    ...{ before, after },
    // A series that never moved before has no deviations to count in; it is simply far beyond them.
    deviations: Math.min(100, spread === 0 ? 100 : Math.abs(move) / spread),
    samples: values.length,
  }
}

/** At each place, the median of what follows less the median of what came before. */
function movesOf(values: readonly number[]): number[] {
  const count = Math.max(0, values.length - beforeCount - afterCount + 1)
  return Array.from({ length: count }, (_, index) => {
    const split = index + beforeCount
    return median(values.slice(split, split + afterCount)) - median(values.slice(index, split))
  })
}

/** A running total is read as its growth; it falls only when it starts again from 0. */
function withoutGrowth({ times, values }: Line): Line {
  let rises = 0
  let falls = 0
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) > (values[index - 1] as number)) rises++
    if ((values[index] as number) < (values[index - 1] as number)) falls++
  }
  if (rises < 3 || falls * 100 > values.length) return { times, values }
  const growth = values.slice(1).map((value, index) => (value < (values[index] as number) ? value : value - (values[index] as number)))
  return { times: times.slice(1), values: growth }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
