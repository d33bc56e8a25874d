import type { ChangeKind, Deployment, DeploymentStep } from './deployment.ts'

export type DeploymentRecordFilter = {
  readonly kinds?: readonly ChangeKind[]
  readonly services?: readonly string[]
  readonly environments?: readonly string[]
  /** Deployments that overlap the range; one that still runs has no end. */
  readonly range?: { readonly from: number; readonly to: number }
  readonly limit: number
  readonly offset?: number
}

/** What one line of changes is about: a service, or one of its flags or settings. */
export type Changed = Pick<Deployment, 'kind' | 'name' | 'service' | 'environment'>

/** Where deployments outlive the process. Each method is one transaction, durable when it returns. */
export interface DeploymentRecords {
  /** Adds the deployment, or replaces all of it but its steps; `also` is done with it or not at all. */
  save(deployment: Deployment, also?: () => void): void
  /** Adds the step, or replaces the one of that name; `also` as above. */
  saveStep(id: string, step: DeploymentStep, also?: () => void): void
  get(id: string): Deployment | undefined
  /** Newest first, with how many there are in all. */
  list(filter: DeploymentRecordFilter): { deployments: readonly Deployment[]; total: number }
  /** The last that succeeded, of those that started at or before `atMs`. */
  lastSucceeded(what: Changed, atMs: number): Deployment | undefined
  /** Those that started or ended in the range, and had started by its end; the last to start first. */
  changedBetween(fromMs: number, toMs: number): readonly Deployment[]
}
