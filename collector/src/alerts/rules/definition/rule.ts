import type { Severity } from '../../../model/alert.ts'
import type { Tags } from '../../../model/point.ts'
import type { Quiet, SampleRun, SampleSelector, SampleSeries } from '../samples/samples.ts'

export type NoDataPolicy = 'ok' | 'keep' | 'no_data' | 'alert'
export type ErrorPolicy = 'ok' | 'keep' | 'error' | 'alert'

/** What every rule has, whatever its kind. */
export type RuleFrame = {
  readonly name: string
  readonly forMs: number
  readonly keepFiringForMs: number
  /** Null: as severe as its members or its levels say. */
  readonly severity: Severity | null
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly onNoData: NoDataPolicy
  readonly onError: ErrorPolicy
  /** How many evaluations without data make `no_data`, and how many that failed make `error`. */
  readonly noDataAfter: number
  readonly minSamples: number
  /** What its values are counted in; null: as far as the name of the field tells. */
  readonly unit: string | null
  readonly everyMs: number
  /** After a receiver was told of an alert, another episode of it is kept back for this long. */
  readonly cooldownMs: number
  /** Most alerts of this rule at once; more is an evaluation error. */
  readonly limit: number
}

/** What we watch. The options are the kind's own. */
export type Rule<Options = unknown> = RuleFrame & { readonly kind: string; readonly options: Options }

/** What one evaluation says of one label set; `missing` means that it had no data at all. */
export type Verdict = 'true' | 'false' | 'inconclusive' | 'missing'

export type Reading = {
  readonly verdict: Verdict
  /** Null: nothing to show. */
  readonly value: number | null
  /** More for the templates of annotations: `{{facts.baseline}}`. */
  readonly facts?: Readonly<Record<string, string | number>>
  /** For rules without a severity of their own. */
  readonly severity?: Severity
  /** How many samples, or events, were judged; left out by kinds that do not count. */
  readonly samples?: number
  /** Over how long they were counted, where that is not the window of the rule. */
  readonly countedMs?: number
  /** Beside the verdict missing: that is fine, whatever the rule says of missing data. */
  readonly isFine?: true
  /** Beside the verdict false: rules that hold, not yet long enough to fire, and with which this one might hold. */
  readonly awaits?: readonly string[]
  /** Beside the verdict false: samples that leave it so, and until when time does; left out: anything may change it. */
  readonly quiet?: Quiet
}

/** Values that memory does not hold, and that are asked of the store. */
export type PastNeed = {
  /** What the kind calls it: `SetView.past`. */
  readonly name: string
  /** Equal keys are one question, for all rules. */
  readonly key: string
  readonly selector: SampleSelector
  readonly aggregate: 'mean' | 'min' | 'max' | 'sum' | 'count' | 'last' | 'increase' | 'rate' | 'p90' | 'p95' | 'p99' | 'median'
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly everyMs?: number }[]
  /** How long the answer is good for; infinite: it never changes. */
  readonly refreshMs: number
}

/** The answer for one label set: the values of each range, one for each bucket. */
export type Past = readonly (readonly number[])[]

/** One change of one service, as rules that follow deployments see it. */
export type Change = {
  readonly id: string
  readonly service: string
  readonly environment: string
  readonly version: string
  readonly previousVersion: string | null
  readonly startedMs: number
  readonly finishedMs: number | null
}

/** The last change of a service that began at or before `atMs`; in any environment if none is given. */
export type LastChange = (service: string, environment: string | undefined, atMs: number) => Change | undefined

/** One label set of a rule, ready to be read. */
export type SetView = {
  readonly tags: Tags
  readonly nowMs: number
  readonly isFiring: boolean
  /** When its condition began to hold; null while it does not. */
  readonly activeSinceMs: number | null
  /** How severe it is while its condition holds; null while it does not. */
  readonly severity: Severity | null
  /** Whether memory holds all there was since `fromMs`, and not only what came since the start. */
  isKnownSince(fromMs: number): boolean
  /** The series of an input that have samples there. */
  series(input: number, fromMs: number, toMs: number): readonly SampleSeries[]
  /** What the store answered; undefined when it has nothing of this label set. */
  past(name: string): Past | undefined
  readonly lastChange: LastChange
}

export type { SampleRun, SampleSelector, SampleSeries }
