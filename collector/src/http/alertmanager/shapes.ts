import { z } from 'zod'
import type { AlertGroup } from '../../alerts/alerts.ts'
import { stateOf } from '../../alerts/silences/silence.ts'
import type { Alert } from '../../model/alert.ts'
import type { Silence } from '../../model/silence.ts'

/**
 * What API v2 of Alertmanager takes and answers.
 * https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

export const postedSilence = z.object({
  id: z.string().optional(),
  matchers: z
    .array(z.object({ name: z.string().min(1), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) }))
    .min(1)
    .max(100),
  startsAt: time,
  endsAt: time,
  createdBy: z.string(),
  comment: z.string(),
  annotations: z.record(z.string(), z.string()).optional(),
})

const toTime = (ms: number): string => new Date(ms).toISOString()

export function toGettableSilence(silence: Silence, nowMs: number): object {
  return {
    id: silence.id,
    status: { state: stateOf(silence, nowMs) },
    updatedAt: toTime(silence.updatedAtMs),
    matchers: silence.matchers,
    startsAt: toTime(silence.startsAtMs),
    endsAt: toTime(silence.endsAtMs),
    createdBy: silence.createdBy,
    comment: silence.comment,
    ...(Object.keys(silence.annotations).length > 0 && { annotations: silence.annotations }),
  }
}

/** An alert that goes on has no end yet; Alertmanager wants one, so it gets one a little ahead. */
const aheadMs = 5 * 60_000

export function toGettableAlert(alert: Alert, receivers: readonly string[], nowMs: number, externalUrl: string): object {
  return {
    annotations: alert.annotations,
    endsAt: alert.endsAt ?? toTime(nowMs + aheadMs),
    fingerprint: alert.id,
    receivers: receivers.map((name) => ({ name })),
    startsAt: alert.startsAt,
    status: {
      inhibitedBy: alert.inhibitedBy ?? [],
      mutedBy: alert.mutedBy ?? [],
      silencedBy: alert.silencedBy ?? [],
      state: alert.status ?? 'active',
    },
    updatedAt: toTime(nowMs),
    generatorURL: externalUrl,
    labels: alert.labels,
  }
}

/** Every alert once, with all the receivers it goes to. */
export function receiversByAlert(groups: readonly AlertGroup[]): ReadonlyMap<string, { alert: Alert; receivers: readonly string[] }> {
  const found = new Map<string, { alert: Alert; receivers: string[] }>()
  for (const { alerts, receiver } of groups) {
    for (const alert of alerts) {
      const known = found.get(alert.id) ?? { alert, receivers: [] }
      if (!known.receivers.includes(receiver)) known.receivers.push(receiver)
      found.set(alert.id, known)
    }
  }
  return found
}
