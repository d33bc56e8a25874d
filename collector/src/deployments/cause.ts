import { formatDuration } from '../lib/duration.ts'
import type { Cause } from '../model/alert.ts'
import type { Deployment } from '../model/deployment.ts'
import type { DeploymentRecords } from '../model/deployment-records.ts'
import type { Tags } from '../model/point.ts'

/** An older change is no likely cause. */
const lookBackMs = 3_600_000

/**
 * The last change before an alert that could have caused it.
 *
 * Labels that name a service accept only that service's changes. A component's name is taken for a
 * service when a service of that name changed; otherwise, and for labels that name neither, any
 * service's change counts. The collector's own version explains nothing but the collector.
 */
export function lastChange(records: DeploymentRecords, beforeMs: number, labels: Tags, ownService: string): Cause | null {
  const { service, component, environment } = labels
  const recent = records
    .startedBetween(beforeMs - lookBackMs, beforeMs)
    .filter((one) => environment === undefined || one.environment === environment)
    .filter((one) => one.service !== ownService || service === ownService || component === ownService)
  const found =
    service === undefined ? (recent.find((one) => one.service === component) ?? recent[0]) : recent.find((one) => one.service === service)
  return found ? toCause(found, beforeMs) : null
}

function toCause(deployment: Deployment, beforeMs: number): Cause {
  const { service, version, actor, id } = deployment
  const ageMs = Math.max(0, beforeMs - changedAtMs(deployment, beforeMs))
  const by = actor === null ? '' : ` by ${actor}`
  return {
    summary: `${service} ${version} ${verbOf(deployment, beforeMs)}${by} ${ageText(ageMs)} before`,
    deploymentId: id,
    service,
    version,
    ...(actor === null ? {} : { actor }),
    ageMs,
  }
}

/** When it was done, or when it began if it was still under way. */
function changedAtMs({ startedAt, finishedAt }: Deployment, beforeMs: number): number {
  const finishedMs = finishedAt === null ? Number.POSITIVE_INFINITY : Date.parse(finishedAt)
  return finishedMs <= beforeMs ? finishedMs : Date.parse(startedAt)
}

function verbOf({ status, finishedAt }: Deployment, beforeMs: number): string {
  if (finishedAt === null || Date.parse(finishedAt) > beforeMs) return 'began to be deployed'
  return {
    running: 'began to be deployed',
    succeeded: 'deployed',
    failed: 'deployment failed, tried',
    rolled_back: 'rolled back',
    cancelled: 'cancelled',
  }[status]
}

function ageText(ageMs: number): string {
  if (ageMs < 60_000) return formatDuration(Math.floor(ageMs / 1000) * 1000).replace(/s$/, ' s')
  return `${Math.round(ageMs / 60_000)} min`
}
