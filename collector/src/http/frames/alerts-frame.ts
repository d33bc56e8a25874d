import type { AlertCount } from '../../alerts/alerts.ts'
import type { Alert } from '../../model/alert.ts'
import type { Frame } from '../../model/query.ts'
import { toFrame, toMs } from './to-frame.ts'

/**
 * Columns: id, rule, severity, state, labels (JSON), summary, value, startsAt, endsAt,
 * acknowledgedBy, acknowledgeComment, cause, causeDetails (JSON), annotations (JSON), acknowledgedUntil, status,
 * silencedBy, inhibitedBy, mutedBy (ids and names with ", " between them), flapping, useful, recent (JSON), source.
 */
export function alertsFrame(alerts: readonly Alert[]): Frame {
  return toFrame('alerts', alerts, {
    id: ['string', (row) => row.id],
    rule: ['string', (row) => row.rule],
    severity: ['string', (row) => row.severity],
    state: ['string', (row) => row.state],
    labels: ['string', (row) => toJson(row.labels)],
    summary: ['string', (row) => row.annotations.summary ?? row.rule],
    value: ['number', (row) => row.value],
    startsAt: ['time', (row) => Date.parse(row.startsAt)],
    endsAt: ['time', (row) => toMs(row.endsAt)],
    acknowledgedBy: ['string', (row) => row.acknowledgedBy],
    acknowledgeComment: ['string', (row) => row.acknowledgeComment],
    cause: ['string', (row) => row.cause?.summary ?? null],
    causeDetails: ['string', (row) => (row.cause ? JSON.stringify(row.cause) : null)],
    annotations: ['string', (row) => toJson(row.annotations)],
    acknowledgedUntil: ['time', (row) => toMs(row.acknowledgedUntil)],
    status: ['string', (row) => row.status ?? null],
    silencedBy: ['string', (row) => row.silencedBy?.join(', ') || null],
    inhibitedBy: ['string', (row) => row.inhibitedBy?.join(', ') || null],
    mutedBy: ['string', (row) => row.mutedBy?.join(', ') || null],
    flapping: ['boolean', (row) => row.flapping === true],
    useful: ['boolean', (row) => row.useful ?? null],
    recent: ['string', (row) => (row.recent ? JSON.stringify(row.recent) : null)],
    source: ['string', (row) => row.source ?? null],
  })
}

const written = new WeakMap<object, string>()

/** The JSON of texts that an alert keeps as long as it is active, and that every answer holds. */
function toJson(texts: Readonly<Record<string, string>>): string {
  const known = written.get(texts)
  if (known !== undefined) return known
  const json = JSON.stringify(texts)
  written.set(texts, json)
  return json
}

/** Columns: severity, state, count. */
export function alertCountsFrame(counts: readonly AlertCount[]): Frame {
  return toFrame('alert counts', counts, {
    severity: ['string', (row) => row.severity],
    state: ['string', (row) => row.state],
    count: ['number', (row) => row.count],
  })
}
