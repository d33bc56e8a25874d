import { increase } from './aggregate.ts'
import type { SampleSeries } from './samples.ts'

/** How many values lie in (lower, upper], in the order of `upper`. */
type Bucket = { readonly lower: number; readonly upper: number; readonly count: number }

export type Distribution = { readonly buckets: readonly Bucket[]; readonly count: number }

/**
 * The values that came during the window, by bucket: the fields of one or many histograms added up.
 *
 * Running totals give their growth; increments (the tag `temporality=delta`) give their sum.
 */
export function toDistribution(series: readonly SampleSeries[]): Distribution | null {
  const bounds = new Map<number, number>()
  const powers: { scale: number; index: number; isNegative: boolean; count: number }[] = []
  let zero = 0
  let total: number | null = null
  for (const one of series) {
    const count = one.tags.temporality === 'delta' ? sum(one) : increase(one)
    if (count === null) continue
    const bound = boundOf(one)
    const power = /^exp(\d+|-\d+)_(neg_)?(-?\d+)$/.exec(one.field)
    if (bound !== undefined) bounds.set(bound, (bounds.get(bound) ?? 0) + count)
    else if (power) powers.push({ scale: Number(power[1]), index: Number(power[3]), isNegative: power[2] !== undefined, count })
    else if (one.field === 'exp_zero') zero += count
    else if (one.field === 'count') total = (total ?? 0) + count
  }
  const buckets = bounds.size > 0 ? bounded(bounds, total) : exponential(powers, zero)
  const count = buckets.reduce((all, bucket) => all + bucket.count, 0)
  return series.length === 0 ? null : { buckets, count }
}

/** The bound that a field or, in Prometheus's classic form, a tag names. */
function boundOf({ field, tags }: SampleSeries): number | undefined {
  if (field.startsWith('le_')) return Number(field.slice(3))
  if (field !== 'value' || tags.le === undefined) return undefined
  return tags.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(tags.le)
}

/** Bounds are counted up: what lies above the last one is the rest of the total. */
function bounded(bounds: Map<number, number>, total: number | null): Bucket[] {
  if (total !== null && !bounds.has(Number.POSITIVE_INFINITY)) bounds.set(Number.POSITIVE_INFINITY, total)
  let below = 0
  let lower = Number.NEGATIVE_INFINITY
  return [...bounds]
    .sort(([a], [b]) => a - b)
    .map(([upper, upTo]) => {
      // Series that lack a bound would make the running total fall.
      const count = Math.max(0, upTo - below)
      const bucket = { lower, upper, count }
      below = Math.max(below, upTo)
      lower = upper
      return bucket
    })
}

/** Bucket `index` holds (base^index, base^(index + 1)]; those of a finer scale are joined until all have the coarsest. */
function exponential(powers: readonly { scale: number; index: number; isNegative: boolean; count: number }[], zero: number): Bucket[] {
  const scale = Math.min(...powers.map((power) => power.scale))
  const base = 2 ** (2 ** -scale)
  const joined = new Map<string, Bucket>()
  for (const { scale: own, index, isNegative, count } of powers) {
    const at = Math.floor(index / 2 ** (own - scale))
    const [near, far] = [base ** at, base ** (at + 1)]
    const key = `${isNegative} ${at}`
    const before = joined.get(key)?.count ?? 0
    joined.set(key, isNegative ? { lower: -far, upper: -near, count: before + count } : { lower: near, upper: far, count: before + count })
  }
  const zeros = zero > 0 ? [{ lower: 0, upper: 0, count: zero }] : []
  return [...joined.values(), ...zeros].sort((a, b) => a.upper - b.upper)
}

/**
 * The value that `percent` % of all do not exceed, taken to lie evenly in its bucket, as Prometheus does.
 * Above the last bound nothing is known: the last bound is the answer.
 */
export function percentileOf({ buckets, count }: Distribution, percent: number): number | null {
  if (count <= 0) return null
  const rank = (percent / 100) * count
  let below = 0
  for (const bucket of buckets) {
    if (bucket.count === 0 || below + bucket.count < rank) {
      below += bucket.count
      continue
    }
    if (bucket.upper === Number.POSITIVE_INFINITY) return bucket.lower === Number.NEGATIVE_INFINITY ? null : bucket.lower
    const lower = bucket.lower === Number.NEGATIVE_INFINITY ? Math.min(0, bucket.upper) : bucket.lower
    return lower + (bucket.upper - lower) * ((rank - below) / bucket.count)
  }
  return buckets.at(-1)?.lower ?? null
}

function sum({ values, start, end }: SampleSeries): number {
  let all = 0
  for (let index = start; index < end; index++) all += values[index] as number
  return all
}
