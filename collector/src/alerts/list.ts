import type { Alert } from '../model/alert.ts'
import { severities } from '../model/alert.ts'
import type { AlertRecords } from '../model/alert-records.ts'
import type { AlertFilter } from './alerts.ts'

/** Past episodes that are looked at for one answer. */
const historyMax = 10_000

/** The active alerts, the worst first, and after them the past ones when they are asked for, the newest first. */
export function listAlerts(active: readonly Alert[], records: AlertRecords, filter: AlertFilter, nowMs: number) {
  const range = { fromMs: filter.range?.from ?? 0, toMs: filter.range?.to ?? nowMs + 1 }
  const wantsPast = filter.past || filter.states?.includes('resolved')
  const past = wantsPast ? records.history(range, historyMax) : []
  const found = [...active.toSorted(byUrgency), ...past].filter((alert) => matches(alert, filter))
  const offset = filter.offset ?? 0
  return { alerts: found.slice(offset, offset + filter.limit), total: found.length }
}

function matches(alert: Alert, filter: AlertFilter): boolean {
  if (filter.states?.length && !filter.states.includes(alert.state)) return false
  if (filter.severities?.length && !filter.severities.includes(alert.severity)) return false
  if (filter.range && !overlaps(alert, filter.range)) return false
  for (const [label, value] of Object.entries(filter.labels ?? {})) if ((alert.labels[label] ?? '') !== value) return false
  return !filter.text || hasText(alert, filter.text.toLowerCase())
}

function overlaps(alert: Alert, { from, to }: { from: number; to: number }): boolean {
  const endsMs = alert.endsAt === null ? Number.POSITIVE_INFINITY : Date.parse(alert.endsAt)
  return Date.parse(alert.startsAt) < to && endsMs >= from
}

function hasText(alert: Alert, text: string): boolean {
  const words = [alert.rule, ...Object.values(alert.labels), ...Object.values(alert.annotations)]
  return words.some((word) => word.toLowerCase().includes(text))
}

function byUrgency(a: Alert, b: Alert): number {
  const bySeverity = severities.indexOf(b.severity) - severities.indexOf(a.severity)
  return bySeverity || Date.parse(b.startsAt) - Date.parse(a.startsAt) || (a.id < b.id ? -1 : 1)
}
