import type { ChangeKind, Deployment, DeploymentStatus, StepStatus } from '../model/deployment.ts'

export type NewDeployment = {
  /** Left out: a new one. */
  id?: string
  kind?: ChangeKind
  service: string
  environment: string
  name?: string
  version: string
  status: DeploymentStatus
  actor?: string
  commit?: string
  rollback?: string
  url?: string
  startedAt?: string
  finishedAt?: string
}

/** A deployment as another system tells of it, each time with all it knows. */
export type ForeignChange = NewDeployment & {
  /** Equal for every message about the same deployment. */
  readonly id: string
  readonly reason?: string
}

export type DeploymentFilter = {
  services?: readonly string[]
  environments?: readonly string[]
  kinds?: readonly ChangeKind[]
  range?: { readonly from: number; readonly to: number }
  limit: number
  offset?: number
}

/** Records what changed, when and by whom. */
export interface Deployments {
  record(deployment: NewDeployment): Promise<Deployment>
  /** Adds a step or updates the one of that name. Throws NOT_FOUND; CONFLICT when already finished. */
  step(
    id: string,
    step: { name: string; status: StepStatus; startedAt?: string; finishedAt?: string; message?: string },
  ): Promise<Deployment>
  finish(id: string, end: { status: Exclude<DeploymentStatus, 'running'>; reason?: string; finishedAt?: string }): Promise<Deployment>
  /** What another system tells of a deployment; null when it is no news. */
  receive(change: ForeignChange): Promise<Deployment | null>
  get(id: string): Deployment
  list(filter: DeploymentFilter): { deployments: readonly Deployment[]; total: number }
}
