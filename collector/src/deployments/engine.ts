import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Cause } from '../model/alert.ts'
import type { Deployment, DeploymentStep } from '../model/deployment.ts'
import type { DeploymentRecords } from '../model/deployment-records.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Point, Tags } from '../model/point.ts'
import { lastChange } from './cause.ts'
import { type ChangeTemplates, stepVerdicts } from './change-news.ts'
import type { Deployments, NewDeployment } from './deployments.ts'
import { toDeploymentPoint, toStepPoint } from './points.ts'
import { receiveChange } from './receive.ts'
import { rememberChanges } from './remembered-changes.ts'

export type DeploymentsOptions = {
  readonly records: DeploymentRecords
  readonly clock: Clock
  readonly emit: (event: StreamEvent) => void
  /** Takes the points of `deployments` and `deployment_steps`. */
  readonly push: (points: readonly Point[]) => Promise<unknown>
  readonly log: Log
  /** How each service is rolled back and where its commits are shown. */
  readonly templates?: ChangeTemplates
  /** Writes down who is to hear of a change, with the change itself or not at all; what it returns begins to tell them. */
  readonly owe?: (change: Deployment) => () => void
  readonly newId?: () => string
}

export type OwnStart = { readonly version: string; readonly environment?: string; readonly commit?: string }

/** The service under which the collector records itself. */
export const ownService = 'tidewatch'

/** Records what changed, and says what changed last before an alert. */
export function createDeployments(options: DeploymentsOptions) {
  const { clock, templates = { rollback: {}, commitsUrl: {} }, newId = randomUUID } = options
  const records = rememberChanges(options.records)

  function known(id: string): Deployment {
    const found = records.get(id)
    if (!found) throw new AppError('NOT_FOUND', `there is no deployment ${id}; GET /api/v1/deployments lists those there are`)
    return found
  }

  function save(deployment: Deployment): Deployment {
    checkOrder(deployment.startedAt, deployment.finishedAt)
    let begin = nothing
    records.save(deployment, () => {
      begin = options.owe?.(deployment) ?? nothing
    })
    begin()
    return tell(options, deployment, toDeploymentPoint(deployment))
  }

  const deployments: Deployments = {
    async record(fresh: NewDeployment) {
      const deployment = toDeployment(fresh, fresh.id ?? newId(), clock.now())
      const previous = records.lastSucceeded(deployment, Date.parse(deployment.startedAt))
      return save({ ...deployment, previousVersion: previous?.version ?? null, previousCommit: previous?.commit ?? null })
    },
    async step(id, given) {
      const before = running(known(id))
      const step = toStep(given, before, clock.now())
      checkOrder(step.startedAt, step.finishedAt)
      let begin = nothing
      records.saveStep(id, step, () => {
        const after = known(id)
        // Most steps are no news to those who wait for the end.
        if (!isDeepStrictEqual(stepVerdicts(after), stepVerdicts(before))) begin = options.owe?.(after) ?? nothing
      })
      begin()
      const deployment = known(id)
      return tell(options, deployment, toStepPoint(deployment, step))
    },
    async finish(id, { status, reason, finishedAt }) {
      const before = running(known(id))
      const end = endOf(utc(finishedAt, clock.now()), before.startedAt)
      return save({ ...before, status, reason: reason ?? null, finishedAt: end })
    },
    receive: (change) => receiveChange(change, { ...deployments, records }),
    get: known,
    list: (filter) => records.list(filter),
  }

  return {
    ...deployments,

    /** The last change in the blast radius of these labels; null when there was none of late. */
    lastChange: (beforeMs: number, labels: Tags): Cause | null => lastChange(beforeMs, labels, { records, ownService, templates }),

    /** The last deployment of a service that began at or before `atMs`; of any environment if none is given. */
    lastOf(service: string, environment: string | undefined, atMs: number) {
      const { deployments: found } = records.list({
        kinds: ['deployment'],
        services: [service],
        ...(environment !== undefined && { environments: [environment] }),
        range: { from: 0, to: atMs + 1 },
        limit: 1,
      })
      const [last] = found
      return (
        last && {
          ...last,
          startedMs: Date.parse(last.startedAt),
          finishedMs: last.finishedAt === null ? null : Date.parse(last.finishedAt),
        }
      )
    },

    /** The collector's own start is a deployment when its version changed, and nothing when it did not. */
    async recordOwnStart({ version, environment = 'production', commit }: OwnStart): Promise<Deployment | null> {
      const last = records.lastSucceeded({ kind: 'deployment', name: null, service: ownService, environment }, clock.now())
      if (last?.version === version) return null
      return deployments.record({ service: ownService, environment, version, commit, status: 'succeeded' })
    },
  }
}

const nothing = (): void => {}

/** The row is the truth and already saved; points that cannot be written only miss in the diagrams. */
function tell({ emit, push, log }: DeploymentsOptions, deployment: Deployment, point: Point): Deployment {
  emit({ type: 'deployment', deployment })
  push([point]).catch((thrown: unknown) => {
    log.warn({ err: thrown, id: deployment.id }, 'deployment history could not be written; the deployment itself is recorded')
  })
  return deployment
}

function toDeployment(fresh: NewDeployment, id: string, nowMs: number): Deployment {
  const isRunning = fresh.status === 'running'
  if (isRunning && fresh.finishedAt)
    throw new AppError('VALIDATION_FAILED', 'a deployment with finishedAt needs a status other than running')
  const startedAt = utc(fresh.startedAt ?? fresh.finishedAt, nowMs)
  return {
    id,
    kind: fresh.kind ?? 'deployment',
    name: fresh.name ?? null,
    service: fresh.service,
    environment: fresh.environment,
    version: fresh.version,
    previousVersion: null,
    status: fresh.status,
    actor: fresh.actor ?? null,
    commit: fresh.commit ?? null,
    previousCommit: null,
    rollback: fresh.rollback ?? null,
    url: fresh.url ?? null,
    reason: null,
    startedAt,
    finishedAt: isRunning ? null : utc(fresh.finishedAt ?? startedAt, nowMs),
    steps: [],
  }
}

type GivenStep = Parameters<Deployments['step']>[1]

/** The step as it is now: what is not given stays as it was. */
function toStep({ name, status, startedAt, finishedAt, message }: GivenStep, deployment: Deployment, nowMs: number): DeploymentStep {
  const before = deployment.steps.find((step) => step.name === name)
  return {
    name,
    status,
    startedAt: utc(startedAt ?? before?.startedAt ?? finishedAt, nowMs),
    finishedAt: status === 'running' ? null : utc(finishedAt, nowMs),
    message: message ?? before?.message ?? null,
  }
}

function running(deployment: Deployment): Deployment {
  const { id, service, version, status, finishedAt } = deployment
  if (status === 'running') return deployment
  throw new AppError('CONFLICT', `deployment ${id} (${service} ${version}) already finished: ${status} at ${finishedAt}`)
}

/** A given time in UTC, or now. */
/** What is reported has happened: a time to come is that of a reporter whose clock is ahead. */
function utc(time: string | undefined, nowMs: number): string {
  return new Date(time === undefined ? nowMs : Math.min(nowMs, Date.parse(time))).toISOString()
}

/** Clocks of reporters may be this far from ours. */
const skewMaxMs = 60_000

/** An end that lies before the beginning by no more than clocks differ is at the beginning. */
function endOf(finishedAt: string, startedAt: string): string {
  const earlyMs = Date.parse(startedAt) - Date.parse(finishedAt)
  return earlyMs > 0 && earlyMs <= skewMaxMs ? startedAt : finishedAt
}

function checkOrder(startedAt: string, finishedAt: string | null): void {
  if (finishedAt !== null && finishedAt < startedAt) {
    throw new AppError('VALIDATION_FAILED', `finishedAt (${finishedAt}) lies before startedAt (${startedAt})`)
  }
}
