import type { AlertInstance } from '../../model/alert-records.ts'
import type { Due } from './evaluate.ts'
import type { StoredSeries } from './samples.ts'
import type { Failure } from './self-rule.ts'

/** Why a rule is evaluated: samples came, time passed, or everything must be looked at anew. */
export type Why = 'fresh' | 'clock' | 'all'

export type FeedView = { readonly nowMs: number; before(id: string): AlertInstance | undefined; instances(): Iterable<AlertInstance> }

/** The label sets that may have moved, read; or why they cannot be. `waiting`: the store was asked and has not answered yet. */
export type Collected = { readonly due: readonly Due[] } | { readonly failure: Failure } | { readonly waiting: true }

/** Where the readings of one rule come from: its series, or other rules. */
export interface Feed {
  collect(why: Why, view: FeedView): Collected
  /** Brings stored samples of one input, after which memory is known as far back as they reach. */
  seed(input: number, series: readonly StoredSeries[], fromMs: number): void
  /** An instance is no longer kept; gives back whether its label set is gone, too. */
  forget(id: string): void
  /** Whether an instance that is over is of no use any more: it stood for series that had never come. */
  isStandIn(id: string): boolean
  close(): void
}
