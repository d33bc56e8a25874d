import { randomUUID } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Cause } from '../model/alert.ts'
import type { Deployment, DeploymentStep } from '../model/deployment.ts'
import type { DeploymentRecords } from '../model/deployment-records.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Point, Tags } from '../model/point.ts'
import { lastChange } from './cause.ts'
import type { Deployments, NewDeployment } from './deployments.ts'
import { toDeploymentPoint, toStepPoint } from './points.ts'

export type DeploymentsOptions = {
  readonly records: DeploymentRecords
  readonly clock: Clock
  readonly emit: (event: StreamEvent) => void
  /** Takes the points of `deployments` and `deployment_steps`. */
  readonly push: (points: readonly Point[]) => Promise<unknown>
  readonly log: Log
  readonly newId?: () => string
}

export type OwnStart = { readonly version: string; readonly environment?: string; readonly commit?: string }

/** The service under which the collector records itself. */
export const ownService = 'tidewatch'

/** Records what changed, and says what changed last before an alert. */
export function createDeployments(options: DeploymentsOptions) {
  const { records, clock, emit, push, log } = options
  const newId = options.newId ?? randomUUID
  const now = () => new Date(clock.now()).toISOString()

  function known(id: string): Deployment {
    const found = records.get(id)
    if (!found) throw new AppError('NOT_FOUND', `there is no deployment ${id}; GET /api/v1/deployments lists those there are`)
    return found
  }

  function running(id: string): Deployment {
    const deployment = known(id)
    if (deployment.status !== 'running') {
      throw new AppError(
        'CONFLICT',
        `deployment ${id} (${deployment.service} ${deployment.version}) already finished: ${deployment.status} at ${deployment.finishedAt}`,
      )
    }
    return deployment
  }

  /** The row is the truth and already saved; points that cannot be written only miss in the diagrams. */
  function tell(deployment: Deployment, point: Point): Deployment {
    emit({ type: 'deployment', deployment })
    push([point]).catch((thrown: unknown) =>
      log.warn({ err: thrown, id: deployment.id }, 'deployment history could not be written; the deployment itself is recorded'),
    )
    return deployment
  }

  function save(deployment: Deployment): Deployment {
    checkOrder(deployment.startedAt, deployment.finishedAt)
    records.save(deployment)
    return tell(deployment, toDeploymentPoint(deployment))
  }

  const deployments = {
    async record(fresh: NewDeployment) {
      const startedAt = utc(fresh.startedAt) ?? utc(fresh.finishedAt) ?? now()
      const isRunning = fresh.status === 'running'
      if (isRunning && fresh.finishedAt)
        throw new AppError('VALIDATION_FAILED', 'a deployment with finishedAt needs a status other than running')
      return save({
        id: newId(),
        service: fresh.service,
        environment: fresh.environment,
        version: fresh.version,
        previousVersion: records.lastSucceeded(fresh.service, fresh.environment, Date.parse(startedAt))?.version ?? null,
        status: fresh.status,
        actor: fresh.actor ?? null,
        commit: fresh.commit ?? null,
        url: fresh.url ?? null,
        reason: null,
        startedAt,
        finishedAt: isRunning ? null : (utc(fresh.finishedAt) ?? startedAt),
        steps: [],
      })
    },

    async step(id, { name, status, startedAt, finishedAt, message }) {
      const before = running(id).steps.find((step) => step.name === name)
      const step: DeploymentStep = {
        name,
        status,
        startedAt: utc(startedAt) ?? before?.startedAt ?? utc(finishedAt) ?? now(),
        finishedAt: status === 'running' ? null : (utc(finishedAt) ?? now()),
        message: message ?? before?.message ?? null,
      }
      checkOrder(step.startedAt, step.finishedAt)
      records.saveStep(id, step)
      const deployment = known(id)
      return tell(deployment, toStepPoint(deployment, step))
    },

    async finish(id, { status, reason, finishedAt }) {
      return save({ ...running(id), status, reason: reason ?? null, finishedAt: utc(finishedAt) ?? now() })
    },

    get: known,
    list: (filter) => records.list(filter),
  } satisfies Deployments

  return {
    ...deployments,

    /** The last change in the blast radius of these labels; null when there was none of late. */
    lastChange: (beforeMs: number, labels: Tags): Cause | null => lastChange(records, beforeMs, labels, ownService),

    /** The collector's own start is a deployment when its version changed, and nothing when it did not. */
    async recordOwnStart({ version, environment = 'production', commit }: OwnStart): Promise<Deployment | null> {
      const last = records.lastSucceeded(ownService, environment, clock.now())
      if (last?.version === version) return null
      return deployments.record({ service: ownService, environment, version, commit, status: 'succeeded' })
    },
  }
}

function utc(time: string | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}

function checkOrder(startedAt: string, finishedAt: string | null): void {
  if (finishedAt !== null && finishedAt < startedAt) {
    throw new AppError('VALIDATION_FAILED', `finishedAt (${finishedAt}) lies before startedAt (${startedAt})`)
  }
}
