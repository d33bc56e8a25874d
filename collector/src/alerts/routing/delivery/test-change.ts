import { randomUUID } from 'node:crypto'
import { AppError } from '../../../lib/errors.ts'
import type { Notifier } from '../../../model/alert.ts'
import type { ChangeNews } from '../../../model/change-notice.ts'
import type { ChangeKind, Deployment, DeploymentStatus } from '../../../model/deployment.ts'

/** What a change is about that nobody made; left out: `TEST`, in `test`. */
export type TestedChange = { readonly kind: ChangeKind; readonly service?: string; readonly environment?: string }

type Doors = {
  readonly receiver: string
  readonly actor: string
  readonly externalUrl: string
  readonly nowMs: number
}

/** In this order: a receiver may hear only of what went wrong, or only of what has ended. */
const statuses: readonly DeploymentStatus[] = ['succeeded', 'failed', 'rolled_back', 'cancelled', 'running']

/**
 * Finds what a receiver would be told of such a change, marked TEST; throws CONFLICT when it would hear of none. What its
 * filter leaves out is refused, for a message that comes in a test and never else would prove nothing.
 */
export function testChange(change: TestedChange, changes: Notifier['changes'], doors: Doors) {
  const { receiver } = doors
  if (!changes)
    throw new AppError(
      'CONFLICT',
      `receiver "${receiver}" hears of alerts only; set deployments on it, or changes where it is of type pagerduty, if its type has that`,
    )
  const all = statuses.map((status) => toNews(change, status, doors))
  const news = all.find((one) => changes.wants(one))
  if (news) return { news, send: changes.send }
  const { kind, service, environment } = toChange(change, 'succeeded', doors)
  throw new AppError(
    'CONFLICT',
    `receiver "${receiver}" is not told of a ${kind} of ${service} in ${environment}: what it asks for leaves that out. Say a service and an environment that it hears of, or change its filter.`,
  )
}

function toNews(change: TestedChange, status: DeploymentStatus, doors: Doors): ChangeNews {
  return {
    ...{ change: toChange(change, status, doors), verdicts: [], moment: status, at: new Date(doors.nowMs).toISOString() },
    ...{ durationMs: null, commits: null, rollback: null, thread: null, test: true },
    ...{ receiver: doors.receiver, externalUrl: doors.externalUrl, idempotencyKey: randomUUID() },
  }
}

function toChange(
  { kind, service = 'TEST', environment = 'test' }: TestedChange,
  status: DeploymentStatus,
  { actor, nowMs }: Doors,
): Deployment {
  const now = new Date(nowMs).toISOString()
  return {
    ...{ id: `test-${randomUUID()}`, kind, service, environment, status, actor },
    ...{ name: kind === 'deployment' ? null : 'TEST', version: 'TEST', previousVersion: null },
    ...{ commit: null, previousCommit: null, rollback: null, url: null, steps: [] },
    ...{ startedAt: now, finishedAt: status === 'running' ? null : now },
    reason: `TEST from Tidewatch, sent by ${actor}. Nothing was changed.`,
  }
}
