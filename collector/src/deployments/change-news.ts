import { createHash } from 'node:crypto'
import type { ChangeNews, ChangeNotice, ChangeVerdict } from '../model/change-notice.ts'
import type { Deployment, DeploymentStep } from '../model/deployment.ts'
import { commitsOf } from './commits.ts'
import { rollbackOf } from './rollback.ts'

/** What the configuration says of changes, by service; `*` is for those not named. */
export type ChangeTemplates = {
  readonly rollback: Readonly<Record<string, string>>
  readonly commitsUrl: Readonly<Record<string, string>>
}

export type NewsDoors = {
  readonly templates: ChangeTemplates
  readonly externalUrl: string
  readonly thread: string | null
}

/** Steps of these names judge a deployment. */
const judging = /^(?:gate|verify|verification|analysis)(?:$|[\s:_-])/i

export function verdictsOf({ steps }: Deployment): readonly ChangeVerdict[] {
  return steps.filter(isVerdict).map(({ name, status, message }) => ({ name, passed: status === 'succeeded', message }))
}

/** What is news of a change as it stands: how it ended, the last verdict on it, or that it began. */
export function momentOf(change: Deployment): string {
  const last = change.steps.filter(isVerdict).at(-1)
  return change.status === 'running' && last ? `${last.name} ${last.status}` : change.status
}

const isVerdict = ({ name, status }: DeploymentStep): boolean => judging.test(name) && (status === 'succeeded' || status === 'failed')

/** All that a receiver is told of a change as it stands now. */
export function toChangeNews(notice: ChangeNotice, change: Deployment, { templates, externalUrl, thread }: NewsDoors): ChangeNews {
  const { id, startedAt, finishedAt, kind } = change
  const moment = momentOf(change)
  return {
    ...{ receiver: notice.receiver, change, moment, externalUrl, thread },
    verdicts: verdictsOf(change),
    durationMs: finishedAt === null || kind !== 'deployment' ? null : Date.parse(finishedAt) - Date.parse(startedAt),
    commits: commitsOf(change, templates.commitsUrl),
    rollback: rollbackOf(change, templates.rollback),
    idempotencyKey: createHash('sha256').update(`${notice.receiver}\n${id}\n${moment}`).digest('hex').slice(0, 32),
  }
}
