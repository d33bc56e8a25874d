import { createHash } from 'node:crypto'
import type { ChangeNews, ChangeNotice, ChangeStanding, ChangeVerdict } from '../model/change-notice.ts'
import type { Deployment } from '../model/deployment.ts'
import type { GateResult } from '../model/gate.ts'
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

/** What steps of a deployment said of it. */
export function stepVerdicts({ steps }: Deployment): readonly ChangeVerdict[] {
  return steps.flatMap(({ name, status, message, startedAt, finishedAt }) =>
    judging.test(name) && (status === 'succeeded' || status === 'failed')
      ? [{ name, passed: status === 'succeeded', message, at: finishedAt ?? startedAt }]
      : [],
  )
}

/** How a change stands: how it ended, or what a gate or a verification said of it since. */
export function standingOf(change: Deployment, gates: readonly GateResult[]): ChangeStanding {
  const verdicts = [...stepVerdicts(change), ...gates.flatMap(gateVerdict)].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const last = verdicts.at(-1)
  const isLater = last !== undefined && (change.finishedAt === null || Date.parse(last.at) > Date.parse(change.finishedAt))
  return isLater
    ? { change, verdicts, moment: `${last.name} ${last.passed ? 'passed' : 'failed'}`, at: last.at }
    : { change, verdicts, moment: change.status, at: change.finishedAt ?? change.startedAt }
}

function gateVerdict({ gate, answer, reason, override, finishedAt }: GateResult): ChangeVerdict[] {
  if (finishedAt === null) return []
  const overruled = override ? `; overridden by ${override.actor}: ${override.reason}` : ''
  return [
    {
      name: gate === null ? 'gate' : `gate ${gate}`,
      passed: answer === 'pass',
      message: `${reason}${overruled}`,
      at: override?.at ?? finishedAt,
    },
  ]
}

/** All that a receiver is told of a change as it stands. */
export function toChangeNews(
  { receiver }: ChangeNotice,
  standing: ChangeStanding,
  { templates, externalUrl, thread }: NewsDoors,
): ChangeNews {
  const { change, moment, at } = standing
  const { id, startedAt, finishedAt, kind } = change
  return {
    ...standing,
    ...{ receiver, externalUrl, thread },
    // What was recorded after the fact without times took longer than the nothing it says.
    durationMs:
      finishedAt === null || finishedAt === startedAt || kind !== 'deployment' ? null : Date.parse(finishedAt) - Date.parse(startedAt),
    commits: commitsOf(change, templates.commitsUrl),
    rollback: rollbackOf(change, templates.rollback),
    idempotencyKey: createHash('sha256').update([receiver, id, moment, at].join('\n')).digest('hex').slice(0, 32),
  }
}
