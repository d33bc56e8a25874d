import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Notification, SendResult, Severity } from '../model/alert.ts'
import type { ChangeNews } from '../model/change-notice.ts'
import { defineNotifier } from '../model/kinds.ts'
import { toChangeMessage } from './shared/change-message.ts'
import { linkTo } from './shared/fact.ts'
import { linksOfEntries, type Message, toMessage, toText } from './shared/message.ts'
import { createRequest, excerptOf } from './shared/request.ts'
import { timeoutOption } from './shared/timeout-option.ts'
import { fitBody, trim } from './shared/trim.ts'
import { under, webAddress } from './shared/web-address.ts'

const names = z.array(z.string().min(1)).min(1).max(100)

const schema = z.strictObject({
  routing_key: z.string().min(1).max(255).meta({ description: 'The integration key of a service, for the Events API v2.' }),
  url: webAddress
    .default('https://events.pagerduty.com')
    .meta({ description: 'Where events go; https://events.eu.pagerduty.com in Europe.' }),
  changes: z
    .union([z.boolean(), z.strictObject({ services: names.optional(), environments: names.optional() })])
    .default(false)
    .meta({ description: 'Whether changes that ended are told as change events, too: all, or those of some services and environments.' }),
  timeout: timeoutOption('10s'),
})

/** https://developer.pagerduty.com/docs/send-alert-event: 512 KB, and 1,024 characters of summary. */
const bodyBytesMax = 500_000
const summaryMax = 1024
const alertsMax = 100
/** What senders of alerts may make as long and as many as they like. */
const wordMax = 255
const labelsMax = 50

const severityOf: Readonly<Record<Severity, string>> = { critical: 'critical', high: 'error', warning: 'warning', info: 'info' }

/** PagerDuty's Events API v2: one incident for each group, opened while any alert fires and closed when all ended. */
export const pagerduty = defineNotifier({
  type: 'pagerduty',
  schema,
  create({ routing_key, url, changes, timeout }, doors) {
    const post = createRequest(doors, timeout)

    async function enqueue(path: string, body: string, signal: AbortSignal): Promise<SendResult> {
      const result = await post({ url: under(url, path), body, secrets: [routing_key, url] }, signal)
      if (!result.ok) return result
      if (result.status === 202) return { ok: true, detail: '202' }
      return { ok: false, retryable: false, message: `answered ${result.status} instead of 202${excerptOf(result.body, [routing_key])}` }
    }

    return {
      async send(notification, signal) {
        const body = fitBody(alertsMax, bodyBytesMax, (most, textMax) => JSON.stringify(toEvent(notification, routing_key, most, textMax)))
        return enqueue('/v2/enqueue', body, signal)
      },
      ...(changes && {
        changes: {
          wants: ({ change: { service, environment, status }, moment }) => {
            // An event of a change is one of what has happened.
            if (status === 'running' || moment !== status) return false
            const { services = [service], environments = [environment] } = changes === true ? {} : changes
            return services.includes(service) && environments.includes(environment)
          },
          send: (news, signal) => enqueue('/v2/change/enqueue', JSON.stringify(toChangeEvent(news, routing_key)), signal),
        },
      }),
    }
  },
})

function toEvent(notification: Notification, routingKey: string, most: number, textMax: number) {
  const message = toMessage(notification, { alertsMax: most, textMax })
  const dedupKey = createHash('sha256').update(notification.groupKey).digest('hex')
  const common = { routing_key: routingKey, dedup_key: dedupKey }
  if (message.ended) return { ...common, event_action: 'resolve' }
  return {
    ...common,
    event_action: 'trigger',
    payload: toPayload(notification, message),
    links: linksOfEntries(message).map(({ text, url, headline }) => ({ href: url, text: trim(`${text}: ${headline}`, 200) })),
    client: 'Tidewatch',
    client_url: message.url,
  }
}

/** https://developer.pagerduty.com/docs/send-change-event. */
function toChangeEvent(news: ChangeNews, routingKey: string) {
  const { change, commits, rollback } = news
  const { id, kind, service, environment, version, previousVersion, status, actor, reason, url, startedAt, finishedAt } = change
  const known = { id, kind, service, environment, version, previousVersion, status, actor, reason, startedAt }
  const details = { ...known, commits: commits?.text ?? null, rollback }
  const told = Object.entries(details).flatMap(([name, value]) => (value === null ? [] : [[name, trim(value, summaryMax)] as const]))
  return {
    routing_key: routingKey,
    payload: {
      summary: trim(toChangeMessage(news).title, summaryMax),
      timestamp: finishedAt ?? startedAt,
      source: trim(`${service} (${environment})`, wordMax),
      custom_details: { ...(news.test ? { test: 'TEST, nothing was changed' } : {}), ...Object.fromEntries(told) },
    },
    links: [...linkTo('Details', url), ...linkTo('Commits', commits?.url)].map(({ text, url }) => ({
      href: url,
      text,
    })),
  }
}

function toPayload({ alerts, groupLabels, externalUrl }: Notification, message: Message) {
  const [first] = alerts
  const { host, instance, component, service } = first?.labels ?? {}
  const labels = Object.entries(groupLabels)
    .slice(0, labelsMax)
    .map(([name, value]) => [trim(name, wordMax), trim(value, summaryMax)] as const)
  const starts = alerts.filter(({ state }) => state !== 'resolved').map(({ startsAt }) => startsAt)
  return {
    summary: trim(message.title, summaryMax),
    source: trim(host ?? instance ?? component ?? service ?? externalUrl, wordMax),
    severity: severityOf[message.severity],
    timestamp: starts.sort()[0] ?? new Date(0).toISOString(),
    component: trim(component ?? service ?? '', wordMax),
    class: trim(first?.rule ?? '', wordMax),
    custom_details: {
      ...(message.test ? { test: 'TEST, nothing is wrong' } : {}),
      ...Object.fromEntries(labels),
      reason: message.reason,
      alerts: toText(message),
    },
  }
}
