import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import type { Alert, Notification } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { causeText } from './shared/cause-text.ts'
import { extraHeaders } from './shared/extra-headers.ts'
import { createRequest } from './shared/request.ts'
import { timeoutOption } from './shared/timeout-option.ts'
import { trim } from './shared/trim.ts'
import { under, webAddress } from './shared/web-address.ts'

const schema = z.strictObject({
  url: webAddress.meta({ description: 'An Alertmanager; alerts go to /api/v2/alerts under it.' }),
  headers: extraHeaders,
  timeout: timeoutOption('10s'),
  hold: durationSchema
    .refine((ms) => ms >= 60_000, 'must be at least 1m')
    .prefault('5h')
    .meta({ description: 'When Alertmanager ends an alert it hears no more of. Longer than repeat_interval of the route.' }),
})

/** A test is over soon: nobody ends it. */
const testHoldMs = 5 * 60_000

/** Texts longer than a screen help nobody. */
const annotationMax = 4000

/** Alertmanager's API v2: it groups, inhibits and routes as it does for Prometheus. */
export const alertmanager = defineNotifier({
  type: 'alertmanager',
  schema,
  create({ url, headers, timeout, hold }, doors) {
    const post = createRequest(doors, timeout)
    return {
      needsRepeats: true,
      async send(notification, signal) {
        const holdMs = notification.test ? Math.min(hold, testHoldMs) : hold
        const body = JSON.stringify(toAlerts(notification, new Date(doors.clock.now() + holdMs).toISOString()))
        const secrets = [url, ...Object.values(headers)]
        const result = await post({ url: under(url, '/api/v2/alerts'), headers, body, secrets }, signal)
        return result.ok ? { ok: true, detail: String(result.status) } : result
      },
    }
  },
})

/** Without an end Alertmanager would take a firing alert for over in five minutes. */
function toAlerts({ alerts, externalUrl, test }: Notification, holdUntil: string) {
  return alerts.map((alert) => ({
    labels: labelsOf(alert),
    annotations: annotationsOf(alert, test ?? false),
    startsAt: alert.startsAt,
    endsAt: alert.state === 'resolved' ? (alert.endsAt ?? alert.startsAt) : holdUntil,
    generatorURL: externalUrl,
  }))
}

/** Every Alertmanager knows names of letters, digits and underscores; an empty value is no label. */
function labelsOf({ labels, rule, severity }: Alert): Record<string, string> {
  const given = Object.entries(labels).filter(([, value]) => value !== '')
  const named = given.map(([name, value]) => [name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_'), value])
  return { alertname: rule, severity, ...Object.fromEntries(named) }
}

function annotationsOf(alert: Alert, test: boolean): Record<string, string> {
  const { annotations, value } = alert
  const all = {
    ...annotations,
    cause: causeText(alert),
    value: value === null ? undefined : String(value),
    test: test ? 'TEST, nothing is wrong' : undefined,
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, text]) => (text ? [[name.replace(/[^a-zA-Z0-9_]/g, '_'), trim(text, annotationMax)]] : [])),
  )
}
