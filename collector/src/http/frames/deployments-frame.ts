import type { Deployment } from '../../model/deployment.ts'
import type { Frame } from '../../model/query.ts'
import { toFrame, toMs } from './to-frame.ts'

/**
 * Columns: id, service, environment, version, previousVersion, status, actor, commit, startedAt,
 * finishedAt, duration_ms, reason, steps (JSON), url, kind, gates (JSON). The version of a flag or a setting is its name and value.
 */
export function deploymentsFrame(deployments: readonly Deployment[]): Frame {
  return toFrame('deployments', deployments, {
    id: ['string', (row) => row.id],
    service: ['string', (row) => row.service],
    environment: ['string', (row) => row.environment],
    version: ['string', (row) => (row.name === null ? row.version : `${row.name} = ${row.version}`)],
    previousVersion: ['string', (row) => row.previousVersion],
    status: ['string', (row) => row.status],
    actor: ['string', (row) => row.actor],
    commit: ['string', (row) => row.commit],
    startedAt: ['time', (row) => Date.parse(row.startedAt)],
    finishedAt: ['time', (row) => toMs(row.finishedAt)],
    duration_ms: ['number', (row) => (row.finishedAt === null ? null : Date.parse(row.finishedAt) - Date.parse(row.startedAt))],
    reason: ['string', (row) => row.reason],
    steps: ['string', (row) => JSON.stringify(row.steps)],
    url: ['string', (row) => row.url],
    kind: ['string', (row) => row.kind],
    gates: ['string', (row) => JSON.stringify(row.gates ?? [])],
  })
}
