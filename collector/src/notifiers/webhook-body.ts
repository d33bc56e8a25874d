import type { Alert, Notification } from '../model/alert.ts'
import type { ChangeNews } from '../model/change-notice.ts'

/** What Alertmanager writes for an end that is not known yet. */
const noEnd = '0001-01-01T00:00:00Z'

/** The body of Alertmanager's webhook, version 4, with our own fields beside: cause, value, state, acknowledgedBy. */
export function toWebhookBody(notification: Notification, alertsMax: number) {
  const { alerts } = notification
  const shown = alertsMax > 0 ? alerts.slice(0, alertsMax) : alerts
  return {
    version: '4',
    groupKey: notification.groupKey,
    truncatedAlerts: alerts.length - shown.length,
    status: notification.status,
    receiver: notification.receiver,
    groupLabels: notification.groupLabels,
    commonLabels: commonOf(alerts.map(({ labels }) => labels)),
    commonAnnotations: commonOf(alerts.map(({ annotations }) => annotations)),
    routeLabels: {},
    externalURL: notification.externalUrl,
    ...(notification.acknowledgeUrl !== undefined && { acknowledgeURL: notification.acknowledgeUrl }),
    notification_reason: notification.reason,
    alerts: shown.map((alert) => toWebhookAlert(alert, notification.externalUrl)),
    ...(notification.test ? { test: true } : {}),
  }
}

function toWebhookAlert(alert: Alert, externalUrl: string) {
  return {
    status: alert.state === 'resolved' ? 'resolved' : 'firing',
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: alert.startsAt,
    endsAt: alert.state === 'resolved' ? (alert.endsAt ?? noEnd) : noEnd,
    generatorURL: externalUrl,
    fingerprint: alert.id,
    value: alert.value,
    state: alert.state,
    cause: alert.cause,
    acknowledgedBy: alert.acknowledgedBy,
    ...(alert.flapping && { flapping: true }),
  }
}

/** How a change stands. `type` tells the body from one about alerts, which has none. */
export function toChangeBody({ receiver, change, moment, at, verdicts, durationMs, commits, rollback, externalUrl, test }: ChangeNews) {
  return {
    version: '1',
    type: change.kind,
    event: moment,
    at,
    receiver,
    externalURL: externalUrl,
    ...{ deployment: change, durationMs, commits, verdicts, rollback },
    ...(test && { test }),
  }
}

/** The pairs that all have in common. */
function commonOf(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = all
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)))
}
