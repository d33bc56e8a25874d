import { formatDuration } from '../lib/duration.ts'
import type { Cause } from '../model/alert.ts'
import type { Deployment } from '../model/deployment.ts'
import type { DeploymentRecords } from '../model/deployment-records.ts'
import type { Tags } from '../model/point.ts'
import type { ChangeTemplates } from './change-news.ts'
import { commitsOf } from './commits.ts'
import { rollbackOf } from './rollback.ts'

/** An older change is no likely cause. */
const lookBackMs = 3_600_000

export type CauseDoors = {
  readonly records: DeploymentRecords
  readonly ownService: string
  readonly templates: ChangeTemplates
}

/**
 * The last change before an alert that could have caused it.
 *
 * Labels that name a service accept only that service's changes. A component's name is taken for a
 * service when a service of that name changed; otherwise, and for labels that name neither, any
 * service's change counts. The collector's own version explains nothing but the collector.
 */
export function lastChange(beforeMs: number, labels: Tags, { records, ownService, templates }: CauseDoors): Cause | null {
  const { service, component, environment } = labels
  const recent = records
    .changedBetween(beforeMs - lookBackMs, beforeMs)
    .filter((one) => environment === undefined || one.environment === environment)
    .filter((one) => one.service !== ownService || service === ownService || component === ownService)
  const found =
    service === undefined ? (recent.find((one) => one.service === component) ?? recent[0]) : recent.find((one) => one.service === service)
  return found ? toCause(found, beforeMs, templates) : null
}

function toCause(change: Deployment, beforeMs: number, templates: ChangeTemplates): Cause {
  const { kind, service, name, version, previousVersion, actor, url, id } = change
  const ageMs = Math.max(0, beforeMs - changedAtMs(change, beforeMs))
  const by = actor === null ? '' : ` by ${actor}`
  const commits = commitsOf(change, templates.commitsUrl)
  const known = {
    ...{ name, previousVersion, actor, url, commits: commits?.text ?? null, commitsUrl: commits?.url ?? null },
    rollback: rollbackOf(change, templates.rollback),
  }
  return {
    summary: `${deedOf(change, beforeMs)}${by} ${ageText(ageMs)} before`,
    deploymentId: id,
    ...{ kind, service, version, ageMs },
    ...(Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)) as Partial<Cause>),
  }
}

/** What was done: `api 1.4.2 deployed`, `flag new-checkout of shop set to on`. */
function deedOf(change: Deployment, beforeMs: number): string {
  const { kind, service, name, version } = change
  if (kind === 'deployment') return `${service} ${version} ${verbOf(change, beforeMs)}`
  return `${kind === 'flag' ? 'flag' : 'setting'} ${name ?? ''} of ${service} set to ${version}`
}

/** When it was done, or when it began if it was still under way. */
function changedAtMs({ startedAt, finishedAt }: Deployment, beforeMs: number): number {
  const finishedMs = finishedAt === null ? Number.POSITIVE_INFINITY : Date.parse(finishedAt)
  return finishedMs <= beforeMs ? finishedMs : Date.parse(startedAt)
}

function verbOf({ status, finishedAt }: Deployment, beforeMs: number): string {
  if (finishedAt === null || Date.parse(finishedAt) > beforeMs) return 'deployment begun'
  return {
    running: 'deployment begun',
    succeeded: 'deployed',
    failed: 'deployment failed, tried',
    rolled_back: 'rolled back',
    cancelled: 'cancelled',
  }[status]
}

function ageText(ageMs: number): string {
  if (ageMs < 1000) return 'just'
  if (ageMs < 60_000) return formatDuration(Math.floor(ageMs / 1000) * 1000).replace(/s$/, ' s')
  return `${Math.round(ageMs / 60_000)} min`
}
