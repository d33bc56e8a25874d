import type { Severity } from './alert.ts'
import type { InstanceState } from './alert-records.ts'

type Labels = Readonly<Record<string, string>>

/** What is known of a rule before it is evaluated, to choose it by. */
export type RuleOutline = {
  readonly name: string
  /** `alertname`, `severity` and the rule's own. */
  readonly labels: Labels
  /** What holds of every label set that it can have: a rule on `service=shop` says nothing of others. */
  readonly about: Labels
}

/** What a rule says now of one label set. */
export type SetJudgement = {
  readonly alertId: string
  readonly labels: Labels
  readonly severity: Severity
  readonly state: InstanceState
  /** `inconclusive`: too little to say. `missing`: no data. `unread`: it could not be read now. */
  readonly reading: 'true' | 'false' | 'inconclusive' | 'missing' | 'unread'
  /** Rules that are pending, without which it might be `true`. */
  readonly awaits: readonly string[]
  /** How many samples, or events, were judged, and over how long; null: its kind does not count, or it could not be read. */
  readonly samples: number | null
  readonly countedMs: number
  readonly value: number | null
  readonly summary: string
  /** When what it is now began; null while it is fine. */
  readonly sinceMs: number | null
  /** Silences and time intervals that keep it from receivers. Not those alerts that inhibit it: they tell of the same trouble. */
  readonly mutedBy: readonly string[]
}

/** What a rule says now: the same evaluation that alerts. */
export type RuleJudgement = {
  readonly name: string
  readonly severity: Severity | null
  /** `above 0.05`. */
  readonly limit: string
  readonly minSamples: number
  /** A label set without data is fine: so says its `on_no_data`. */
  readonly isSilenceFine: boolean
  /** Why it cannot be evaluated. */
  readonly error: string | null
  /** It has not been evaluated yet, or waits for the store. */
  readonly isWaiting: boolean
  readonly lastEvaluationMs: number | null
  readonly sets: readonly SetJudgement[]
}

/** The rules, as those see them who ask what they say and do not send anything. */
export interface JudgedRules {
  outlines(): readonly RuleOutline[]
  /** Evaluates these rules now and tells of the label sets that are wanted; a name that no rule has is left out. */
  judge(names: readonly string[], isWanted: (labels: Labels) => boolean): readonly RuleJudgement[]
}
