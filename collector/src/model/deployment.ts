export const deploymentStatuses = ['running', 'succeeded', 'failed', 'rolled_back', 'cancelled'] as const
export type DeploymentStatus = (typeof deploymentStatuses)[number]
export const stepStatuses = ['running', 'succeeded', 'failed', 'skipped'] as const
export type StepStatus = (typeof stepStatuses)[number]

export type DeploymentStep = {
  readonly name: string
  readonly status: StepStatus
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly message: string | null
}

/** One change of one service in one environment. Times are RFC 3339. */
export type Deployment = {
  readonly id: string
  readonly service: string
  readonly environment: string
  readonly version: string
  readonly previousVersion: string | null
  readonly status: DeploymentStatus
  readonly actor: string | null
  readonly commit: string | null
  readonly url: string | null
  readonly reason: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly steps: readonly DeploymentStep[]
}
