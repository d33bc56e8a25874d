import { counted } from '../lib/words.ts'
import type { FieldValue } from '../model/point.ts'

export type Fields = Record<string, FieldValue>

/** Buckets of width 2^(1/8), 9 %: finer ones are joined, for their number is what a point costs. */
const scaleMax = 3

/**
 * The fields of a histogram with bounds: how many values lie at or below each of them.
 *
 * Counted up, as Prometheus does: the buckets of several series or times can be added bound by bound,
 * and what lies above the last bound is the rest of `count`.
 */
export function boundedFields(bounds: readonly number[], counts: readonly (bigint | number)[]): Fields | { problem: string } {
  if (bounds.length === 0) return {}
  if (counts.length !== bounds.length + 1)
    return { problem: `with ${counted(bounds.length, 'bound')} go ${counted(bounds.length + 1, 'count')}, not ${counts.length}` }
  const fields: Fields = {}
  let below = 0
  for (const [index, bound] of bounds.entries()) {
    if (index > 0 && bound <= (bounds[index - 1] as number)) return { problem: `the bound ${bound} does not lie above the one before it` }
    below += Number(counts[index])
    fields[`le_${bound}`] = below
  }
  return fields
}

/**
 * The fields of a histogram whose bounds are powers: one for each bucket that is not empty, named
 * after its scale and index. An absent one is empty, so buckets of one scale are added name by name;
 * halving an index lowers the scale by one.
 *
 * Bucket `index` holds the values in (base^index, base^(index + 1)], where base is 2^(2^-scale).
 */
export function exponentialFields(
  scale: number,
  counts: Iterable<readonly [index: number, count: bigint | number]>,
  sign: '' | 'neg_' = '',
): Fields {
  const kept = Math.min(scale, scaleMax)
  const joined = 2 ** (scale - kept)
  const fields: Record<string, number> = {}
  for (const [index, count] of counts) {
    if (Number(count) === 0) continue
    const name = `exp${kept}_${sign}${Math.floor(index / joined)}`
    fields[name] = (fields[name] ?? 0) + Number(count)
  }
  return fields
}
