import type { Mover } from '../../model/alert.ts'
import type { Tags } from '../../model/point.ts'
import type { SampleSelector } from '../rules/samples/samples.ts'
import { findOnset, type Onset } from './onset.ts'
import { bucketMs, type Candidate } from './related-series.ts'

/** A series that moved, or that the alert is about. */
export type Moved = { readonly candidate: Candidate; readonly onset: Onset }

const namedMax = 3
/** How long before an alert a move may lie to have to do with it. */
export const windowMs = 20 * 60_000
/** What the moves of a series are compared with. */
export const baselineMs = 3 * 3_600_000

/** Whether a series is among those that the alert itself looks at. */
export function isOwn({ measurement, field, labels }: Candidate, selectors: readonly SampleSelector[], alertLabels: Tags): boolean {
  const isSelected = selectors.some((selector) => {
    const isField = typeof selector.field === 'string' ? selector.field === field : selector.field.test(field)
    return selector.measurement === measurement && isField
  })
  return isSelected && Object.entries(labels).every(([name, value]) => alertLabels[name] === undefined || alertLabels[name] === value)
}

/** When the series moved, if it did in the time before the alert. */
export function toMoved(candidate: Candidate, activeSinceMs: number): Moved | null {
  const onset = findOnset(candidate.line, activeSinceMs - windowMs)
  return onset && { candidate, onset }
}

/**
 * The metrics that moved before the alert's own: the first first, of equally early ones the clearer.
 * Of one measurement only the first is named, for its other fields mostly say the same.
 */
export function rankMovers(moved: readonly Moved[], own: readonly Moved[], activeSinceMs: number): readonly Mover[] {
  const ownMs = Math.min(activeSinceMs, ...own.map(({ onset }) => onset.atMs))
  const earlier = moved
    .filter(({ onset }) => onset.atMs <= ownMs - bucketMs)
    .sort((a, b) => a.onset.atMs - b.onset.atMs || b.onset.deviations - a.onset.deviations)
  const named = new Map<string, Mover>()
  for (const { candidate, onset } of earlier) {
    if (named.size >= namedMax || named.has(candidate.measurement)) continue
    named.set(candidate.measurement, toMover(candidate, onset, ownMs))
  }
  return [...named.values()]
}

function toMover({ measurement, field, labels }: Candidate, { atMs, ...onset }: Onset, ownMs: number): Mover {
  return { metric: `${measurement}.${field}`, labels, leadMs: ownMs - atMs, ...onset }
}
