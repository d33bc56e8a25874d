import type { Plan } from '../../shared/plan.ts'
import { quoteName } from '../influxql.ts'

/** What a window keeps of a field. */
export type Kept = 'count' | 'sum' | 'min' | 'max' | 'first' | 'last'

export const allKept: readonly Kept[] = ['count', 'sum', 'min', 'max', 'first', 'last']

/** The field of a window. Its policies hold nothing else, and the last colon ends the name, so no two fields share one. */
export const fieldOf = (name: string, kept: Kept) => `${name}:${kept}`

export const fromRaw = (name: string, kept: Kept) => `${kept}(${quoteName(name)}::field)`

export function fromWindows(name: string, kept: Kept): string {
  return `${kept === 'count' ? 'sum' : kept}(${quoteName(fieldOf(name, kept))}::field)`
}

export const partsOf: Readonly<Partial<Record<Plan['query']['aggregate'], readonly Kept[]>>> = {
  mean: ['sum', 'count'],
  min: ['min'],
  max: ['max'],
  sum: ['sum'],
  count: ['count'],
  first: ['first'],
  last: ['last'],
  spread: ['min', 'max'],
}

/** Joins what two stretches keep; `later` follows in time. */
export function join(kept: Kept, earlier: number, later: number): number {
  if (kept === 'count' || kept === 'sum') return earlier + later
  if (kept === 'min') return Math.min(earlier, later)
  if (kept === 'max') return Math.max(earlier, later)
  return kept === 'first' ? earlier : later
}
