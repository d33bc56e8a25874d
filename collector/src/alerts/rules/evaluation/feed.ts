import type { AlertInstance } from '../../../model/alert-records.ts'
import type { SampleSelector, StoredSeries } from '../samples/samples.ts'
import type { Due } from './evaluate.ts'
import type { Failure } from './self-rule.ts'

/** Why a rule is evaluated: samples came, time passed, or everything must be looked at anew. */
export type Why = 'fresh' | 'clock' | 'all'

export type FeedView = { readonly nowMs: number; before(id: string): AlertInstance | undefined; instances(): Iterable<AlertInstance> }

/** The label sets that may have moved, read; or why they cannot be. `waiting`: the store was asked and has not answered yet. */
export type Collected = { readonly due: readonly Due[] } | { readonly failure: Failure } | { readonly waiting: true }

export type Known = { readonly selectors: readonly SampleSelector[]; readonly fromMs: number }

/** Where the readings of one rule come from: its series, or other rules. */
export interface Feed {
  /** Takes up alerts of an earlier process, or of the rule as it was before a reload; their series may have no samples any more. */
  restore(instances: readonly AlertInstance[]): void
  collect(why: Why, view: FeedView): Collected
  /** Whether time alone can have changed nothing by now. */
  rests(nowMs: number): boolean
  /** Brings stored samples of one input, after which memory is known as far back as they reach. */
  seed(input: number, series: readonly StoredSeries[], fromMs: number): void
  /** Nobody listened for so long before now: what did not come then has not stopped coming. */
  missed(awayMs: number): void
  /** Takes over what another knows of the same samples, and says whether memory holds a whole window then; called while both watch. */
  inherit(other: Feed): boolean
  /** How far back memory holds all samples of these; undefined: it is made of none. */
  known(): Known | undefined
  /** An instance is no longer kept; gives back whether its label set is gone, too. */
  forget(id: string): void
  /** Whether an instance that is over is of no use any more: it stood for series that had never come. */
  isStandIn(id: string): boolean
  close(): void
}
