import { z } from 'zod'
import type { ForeignAlert } from '../../alerts/foreign/foreign-alert.ts'
import type { Tags } from '../../model/point.ts'

/** Go's zero time stands for a time that is not known. */
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => (text.startsWith('0001-01-01') ? undefined : Date.parse(text)))
  .optional()
const texts = z.record(z.string(), z.string())
const address = z.string().optional()

const alertsMax = 10_000

const webhookAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.nullish(),
  startsAt: time,
  endsAt: time,
  generatorURL: address,
  // The next are Grafana's.
  dashboardURL: address,
  panelURL: address,
  silenceURL: address,
  values: z.record(z.string(), z.number().nullable()).nullish(),
})

/** Alertmanager's webhook in version 4, and Grafana's, which says the same and more. */
export const webhookMessage = z.object({ alerts: z.array(webhookAlert).max(alertsMax) })

/** `POST /api/v2/alerts` of Alertmanager. */
export const postedAlerts = z
  .array(
    z.object({
      labels: texts.refine((labels) => Object.keys(labels).length > 0, 'needs at least one label'),
      annotations: texts.optional(),
      startsAt: time,
      endsAt: time,
      generatorURL: address,
    }),
  )
  .max(alertsMax)

type WebhookAlert = z.output<typeof webhookAlert>
type PostedAlert = z.output<typeof postedAlerts>[number]

const testExpiresAfterMs = 5 * 60_000
const postedExpiresAfterMs = 5 * 60_000

export function fromWebhook(message: z.output<typeof webhookMessage>, nowMs: number): readonly ForeignAlert[] {
  return message.alerts.map((alert) => ({
    labels: named(alert.labels),
    annotations: { ...alert.annotations, ...addressesOf(alert) },
    value: reducedOf(alert.values ?? {}),
    startsAtMs: alert.startsAt,
    endedAtMs: alert.status === 'resolved' ? (alert.endsAt ?? nowMs) : null,
    // Grafana's button for testing a contact point sends an alert that it never ends.
    ...(isTest(alert) && { expiresAtMs: nowMs + testExpiresAfterMs }),
  }))
}

/** A sender repeats its alerts; one that it repeats no more ends at the end it named, or after five minutes. */
export function fromPosted(alerts: readonly PostedAlert[], nowMs: number): readonly ForeignAlert[] {
  return alerts.map((alert) => {
    const endsAtMs = alert.endsAt ?? nowMs + postedExpiresAfterMs
    return {
      labels: named(alert.labels),
      annotations: { ...alert.annotations, ...addressesOf(alert) },
      value: null,
      startsAtMs: alert.startsAt,
      endedAtMs: endsAtMs <= nowMs ? endsAtMs : null,
      expiresAtMs: endsAtMs,
    }
  })
}

const named = (labels: Tags): Tags => ({ ...labels, alertname: labels.alertname || 'unnamed' })

const isTest = ({ labels }: WebhookAlert): boolean => labels.alertname === 'TestAlert' && labels.instance === 'Grafana'

/** Where the alert stands over there; shown as links only if they lead to the web. */
function addressesOf(alert: Partial<Pick<WebhookAlert, 'generatorURL' | 'dashboardURL' | 'panelURL' | 'silenceURL'>>): Tags {
  const found = {
    generator_url: alert.generatorURL,
    dashboard_url: alert.dashboardURL,
    panel_url: alert.panelURL,
    silence_url: alert.silenceURL,
  }
  return Object.fromEntries(Object.entries(found).filter((pair): pair is [string, string] => /^https?:\/\//.test(pair[1] ?? '')))
}

/** The number before the threshold: `B` by the habit of Grafana's rules, or the only one there is. */
function reducedOf(values: Readonly<Record<string, number | null>>): number | null {
  const all = Object.values(values)
  return values.B ?? (all.length === 1 ? (all[0] ?? null) : null)
}
