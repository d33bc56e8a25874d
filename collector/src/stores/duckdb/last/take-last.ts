import type { FieldType } from '../../../model/point.ts'
import type { BucketFrames } from '../../shared/bucket-frames.ts'
import type { Plan } from '../../shared/plan.ts'
import { type Pick, type Picks, partOf } from '../picks.ts'
import type { LastValue, LastValues } from './last-values.ts'

type Seen = Pick & { readonly last: LastValue }

/** Whether memory may know the answer: the last value, and of the range as a whole. */
export function asksForLast({ query, buckets }: Plan): boolean {
  return query.aggregate === 'last' && buckets.count === 1
}

/**
 * Answers from memory what memory knows, and returns what must be read.
 *
 * A field whose newest value lies after the range may have an older one in it. The whole part is
 * read then, so that ties between its series are decided in one place.
 */
export function takeLast(picks: Picks, plan: Plan, frames: BucketFrames, last: LastValues): Picks {
  const left = new Map<FieldType, readonly Pick[]>()
  for (const [type, ofType] of picks) {
    const unknown = takeLastOfType(type, ofType, plan, frames, last)
    if (unknown.length > 0) left.set(type, unknown)
  }
  return left
}

function takeLastOfType(type: FieldType, picks: readonly Pick[], plan: Plan, frames: BucketFrames, last: LastValues): Pick[] {
  const [fromNs, toNs] = [plan.range.from, plan.range.to].map((ms) => BigInt(ms) * 1_000_000n) as [bigint, bigint]
  const width = plan.columns.length
  const best = new Map<number, Seen>()
  const unknown = new Set<number>()
  for (const pick of picks) {
    const newest = last.of(pick.fid)
    if (newest === undefined || newest.timeNs < fromNs) continue
    const part = partOf(pick, width)
    const before = best.get(part)
    if (newest.timeNs >= toNs) unknown.add(part)
    else if (before === undefined || isBetter(newest, before.last)) best.set(part, { ...pick, last: newest })
  }
  for (const [part, { group, column, last: found }] of best) {
    if (!unknown.has(part)) frames.set(group, column, 0, type === 'boolean' ? found.value === 1 : found.value)
  }
  return unknown.size === 0 ? [] : picks.filter((pick) => unknown.has(partOf(pick, width)))
}

/** Between series with a value at the same instant the larger value is taken, as in InfluxQL. */
function isBetter(a: LastValue, b: LastValue): boolean {
  return a.timeNs > b.timeNs || (a.timeNs === b.timeNs && a.value > b.value)
}
