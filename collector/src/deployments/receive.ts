import type { Deployment } from '../model/deployment.ts'
import type { DeploymentRecords } from '../model/deployment-records.ts'
import type { Deployments, ForeignChange } from './deployments.ts'

/**
 * Records what a message says that is not known yet: a deployment that is new, or the end of one.
 *
 * Messages may be lost, doubled or late, so each one alone suffices, and one that comes after the end
 * changes nothing. Null when there was nothing to record.
 */
export async function receiveChange(
  change: ForeignChange,
  doors: Pick<Deployments, 'record' | 'finish'> & { readonly records: Pick<DeploymentRecords, 'get'> },
): Promise<Deployment | null> {
  const { status, reason, finishedAt, ...beginning } = change
  const before = doors.records.get(change.id)
  if (before && (before.status !== 'running' || status === 'running')) return null
  const begun = before ?? (await doors.record({ ...beginning, status: 'running' }))
  if (status === 'running') return begun
  // By a clock that is off, the end may lie before the beginning.
  const endMs = Math.max(Date.parse(finishedAt ?? begun.startedAt), Date.parse(begun.startedAt))
  return doors.finish(change.id, {
    status,
    ...(reason !== undefined && { reason }),
    ...(finishedAt !== undefined && { finishedAt: new Date(endMs).toISOString() }),
  })
}
