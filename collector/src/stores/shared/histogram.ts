/** A field that is one bucket of a histogram, see `ingest/histogram-fields.ts`. */
export type BucketField =
  | { readonly kind: 'bound'; readonly name: string; readonly bound: number }
  | { readonly kind: 'power'; readonly name: string; readonly scale: number; readonly index: number; readonly sign: 1 | -1 }
  | { readonly kind: 'zero'; readonly name: string }

export function parseBucketField(name: string): BucketField | undefined {
  if (name === 'exp_zero') return { kind: 'zero', name }
  const power = /^exp(-?\d+)_(neg_)?(-?\d+)$/.exec(name)
  if (power) return { kind: 'power', name, scale: Number(power[1]), index: Number(power[3]), sign: power[2] ? -1 : 1 }
  if (!name.startsWith('le_')) return undefined
  const bound = name === 'le_+Inf' ? Number.POSITIVE_INFINITY : Number(name.slice(3))
  return name.length > 3 && !Number.isNaN(bound) ? { kind: 'bound', name, bound } : undefined
}

/**
 * The quantile of a histogram with bounds, interpolated as Prometheus's `histogram_quantile` does:
 * evenly within a bucket, from 0 in the first one, and never beyond the last bound.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 *
 * `counts` says how many values lie at or below each bound, `total` how many there are.
 */
export function quantileOfBounds(quantile: number, counts: ReadonlyMap<number, number>, total: number): number | null {
  const buckets = [...counts].filter(([bound]) => bound !== Number.POSITIVE_INFINITY).sort(([a], [b]) => a - b)
  const all = Math.max(total, ...counts.values())
  if (buckets.length === 0 || !(all > 0)) return null
  const rank = quantile * all
  let from = 0
  let below = 0
  for (const [i, [bound, count]] of buckets.entries()) {
    // Series whose bounds differ, and rounding, may let a sum fall where it can only rise.
    const upTo = Math.max(count, below)
    if (upTo >= rank && upTo > below) {
      if (i === 0 && bound <= 0) return bound
      return from + (bound - from) * ((rank - below) / (upTo - below))
    }
    from = bound
    below = upTo
  }
  return from
}

type Power = { readonly field: Extract<BucketField, { kind: 'power' }>; readonly count: number }

/** The quantile of a histogram of powers: within a bucket the logarithms are spread evenly, as for Prometheus's native histograms. */
export function quantileOfPowers(quantile: number, powers: readonly Power[], zeros: number): number | null {
  const filled = powers.filter(({ count }) => count > 0)
  const total = filled.reduce((sum, { count }) => sum + count, zeros)
  if (!(total > 0)) return null
  const scale = Math.min(...filled.map(({ field }) => field.scale))
  const counts = { [-1]: new Map<number, number>(), 1: new Map<number, number>() }
  for (const { field, count } of filled) {
    const index = Math.floor(field.index / 2 ** (field.scale - scale))
    counts[field.sign].set(index, (counts[field.sign].get(index) ?? 0) + count)
  }
  const boundOf = (index: number) => index / 2 ** scale
  let left = quantile * total
  for (const [index, count] of [...counts[-1]].sort(([a], [b]) => b - a)) {
    if (count >= left) return -(2 ** (boundOf(index + 1) - left / count / 2 ** scale))
    left -= count
  }
  if (zeros > 0 && zeros >= left) return 0
  left -= zeros
  let last = 0
  for (const [index, count] of [...counts[1]].sort(([a], [b]) => a - b)) {
    if (count >= left) return 2 ** (boundOf(index) + left / count / 2 ** scale)
    left -= count
    last = 2 ** boundOf(index + 1)
  }
  return last
}
