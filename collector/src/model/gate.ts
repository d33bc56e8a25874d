import type { Severity } from './alert.ts'
import type { GateAnswer, GateVerdict } from './gate-verdict.ts'

type Labels = Readonly<Record<string, string>>

export const inconclusivePolicies = ['wait', 'pass', 'fail'] as const
/** What becomes of a rule of which nothing can be said; `wait`: it has until the deadline, and fails then. */
export type InconclusivePolicy = (typeof inconclusivePolicies)[number]

export const mutedPolicies = ['judge', 'pass', 'fail'] as const
/** What a muted rule counts as; `judge`: as what it says under the silence. */
export type MutedPolicy = (typeof mutedPolicies)[number]

export const ruleVerdicts = ['pass', 'fail', 'inconclusive', 'muted', 'error'] as const
export const gateStates = ['watching', 'done'] as const

/** A test on the labels of a rule, with the text that people wrote. */
export type LabelTest = { readonly text: string; matches(labels: Labels): boolean }

/** With `dryRun` its verdict is shown and counts for nothing. */
export type GateRule = { readonly rule: string; readonly dryRun: boolean }

export type GatePolicies = {
  /** How long the rules must go on to hold good; 0: they are looked at once. */
  readonly watchMs: number
  readonly onInconclusive: InconclusivePolicy
  readonly onMuted: MutedPolicy
  /** The answer is pass, whatever the verdict. */
  readonly dryRun: boolean
}

/** A named set of rules that a deployment must pass: those that are named, and those whose labels pass every test. */
export type Gate = GatePolicies & {
  readonly name: string
  readonly rules: readonly GateRule[]
  readonly matchers: readonly LabelTest[]
  /** Which label sets of the rules are looked at. */
  readonly labels: Labels
}

/** What one rule says in a gate. */
export type RuleVerdict = {
  readonly rule: string
  readonly severity: Severity | null
  readonly verdict: (typeof ruleVerdicts)[number]
  /** What the policies of the gate make of it. */
  readonly counts: GateVerdict
  /** What a muted rule says under its silence. */
  readonly underneath?: GateVerdict
  readonly reason: string
  readonly value: number | null
  /** How many samples, or events, were judged of the label set that decides; null: its kind does not count, or nothing was read. */
  readonly samples: number | null
  /** Below so many nothing is said. */
  readonly minSamples: number
  /** Over how long they were counted. */
  readonly windowMs: number
  /** `above 0.05`. */
  readonly threshold: string
  /** Alerts of it that are not fine. */
  readonly alertIds: readonly string[]
  /** Silences and time intervals. */
  readonly mutedBy: readonly string[]
  /** How many of its label sets were looked at. */
  readonly labelSets: number
  readonly dryRun: boolean
  readonly lastEvaluation: string | null
}

/** A time when nobody watched: the collector was away, and the watch goes on for that much longer. */
export type GateGap = { readonly from: string; readonly to: string }

export type GateOverride = { readonly actor: string; readonly reason: string; readonly at: string }

/** One run through a gate, as it is stored and answered. Times are RFC 3339. */
export type GateResult = {
  readonly id: string
  /** Null: the caller chose the rules. */
  readonly gate: string | null
  readonly state: (typeof gateStates)[number]
  /** The true one, so far while it watches. */
  readonly verdict: GateVerdict
  /** What the caller is to do; null while it watches. */
  readonly answer: GateAnswer | null
  readonly reason: string
  readonly rules: readonly RuleVerdict[]
  /** Chosen rules that can say nothing of these labels: they are about others. */
  readonly notAbout: readonly string[]
  readonly labels: Labels
  readonly policies: GatePolicies
  /** What cannot be judged passes. */
  readonly failOpen: boolean
  readonly actor: string
  readonly deploymentId: string | null
  readonly startedAt: string
  /** When it ends at the latest. */
  readonly deadline: string
  /** When the rules were last looked at, as far as it is stored; null before. */
  readonly lookedAt: string | null
  readonly gaps: readonly GateGap[]
  readonly finishedAt: string | null
  readonly override: GateOverride | null
}
