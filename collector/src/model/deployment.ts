import type { GateAnswer, GateVerdict } from './gate-verdict.ts'

export const deploymentStatuses = ['running', 'succeeded', 'failed', 'rolled_back', 'cancelled'] as const
export type DeploymentStatus = (typeof deploymentStatuses)[number]
/** What changed: a version was deployed, a flag was switched, a setting was written. */
export const changeKinds = ['deployment', 'flag', 'configuration'] as const
export type ChangeKind = (typeof changeKinds)[number]
export const stepStatuses = ['running', 'succeeded', 'failed', 'skipped'] as const
export type StepStatus = (typeof stepStatuses)[number]

export type DeploymentStep = {
  readonly name: string
  readonly status: StepStatus
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly message: string | null
}

/** What a gate said of a deployment. */
export type DeploymentGate = {
  readonly id: string
  /** Null: the caller chose the rules. */
  readonly gate: string | null
  /** The true one; the answer may be another: in dry-run, or when somebody overrode it. */
  readonly verdict: GateVerdict
  /** Null while it watches. */
  readonly answer: GateAnswer | null
  readonly reason: string
  readonly startedAt: string
  readonly overriddenBy: string | null
}

/** One change of one service in one environment. Times are RFC 3339. */
export type Deployment = {
  readonly id: string
  readonly kind: ChangeKind
  readonly service: string
  readonly environment: string
  /** Of a flag or a setting: what it is called. */
  readonly name: string | null
  /** Of a flag or a setting: its value. */
  readonly version: string
  readonly previousVersion: string | null
  readonly status: DeploymentStatus
  readonly actor: string | null
  readonly commit: string | null
  /** The commit of the version before. */
  readonly previousCommit: string | null
  /** What a person runs to undo it. It is shown, never run. */
  readonly rollback: string | null
  readonly url: string | null
  readonly reason: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly steps: readonly DeploymentStep[]
  /** The last of them, in order of time; left out: none was asked. */
  readonly gates?: readonly DeploymentGate[]
}
