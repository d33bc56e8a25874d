import { formatDuration } from '../../lib/duration.ts'
import { formatValue } from '../../lib/format-value.ts'
import { type Alert, noClearCause } from '../../model/alert.ts'
import { alertValue } from '../../model/alert-value.ts'

/** Labels that say where something is, the most telling first. */
const places = ['service', 'component', 'host', 'instance', 'environment', 'receiver']

/**
 * The line under the title, which is all that a locked phone shows: where, what value against what limit, since when, and what
 * changed before. What the title says already is left out.
 */
export function ledeOf(alerts: readonly Alert[], title: string): string {
  const firing = alerts.filter(({ state }) => state !== 'resolved')
  const [first] = firing.length > 0 ? firing : alerts
  if (!first) return ''
  const alone = alerts.length === 1 ? [whereOf(first, title), valueOfAlert(first, title)] : []
  const change = firing.flatMap(({ cause }) => (cause && cause.summary !== noClearCause ? [cause.summary] : []))[0]
  const parts = [...alone, firing.length > 0 ? sinceOf(firing) : overOf(alerts), change && `changed before: ${change}`]
  return parts.filter((part) => part).join(' · ')
}

function whereOf({ labels }: Alert, title: string): string {
  const unsaid = places.flatMap((name) => (labels[name] && !title.includes(labels[name]) ? [labels[name]] : []))
  return unsaid.length > 0 ? `on ${unsaid.join(', ')}` : ''
}

function valueOfAlert(alert: Alert, title: string): string {
  const { value, limit, state } = alert
  const shown = alertValue(alert)
  if (shown === '' || state === 'resolved') return ''
  const known = limit === undefined || title.includes(limit) ? '' : `limit ${limit}`
  const isSaid =
    alert.annotations.state_reason === undefined ? value !== null && title.includes(formatValue(value)) : title.includes('no data')
  return isSaid ? known : [shown, known].filter((text) => text !== '').join(', ')
}

function sinceOf(firing: readonly Alert[]): string {
  const [earliest = ''] = firing.map(({ startsAt }) => startsAt).sort()
  return `since ${earliest.slice(11, 16)} UTC`
}

function overOf(alerts: readonly Alert[]): string {
  const [begin = ''] = alerts.map(({ startsAt }) => startsAt).sort()
  const end = alerts
    .flatMap(({ endsAt }) => endsAt ?? [])
    .sort()
    .at(-1)
  return end === undefined ? '' : `over since ${end.slice(11, 16)} UTC, after ${lastedText(begin, end)}`
}

export function lastedText(from: string, to: string): string {
  const lastedMs = Math.max(0, Date.parse(to) - Date.parse(from))
  return formatDuration(Math.floor(lastedMs / 1000) * 1000)
}
