import type { Alert } from '../../model/alert.ts'
import { severities } from '../../model/alert.ts'
import type { AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import type { AlertCount, AlertFilter, CountFilter } from '../alerts.ts'
import { startOf } from '../board/view.ts'

/** Past episodes that are looked at for one answer, unless more are asked for. */
const historyMax = 10_000

export type Listed = {
  readonly active: readonly AlertInstance[]
  /** What everybody sees of an active one; asked for those in the answer only. */
  readonly view: (instance: AlertInstance) => Alert
  readonly records: Pick<AlertRecords, 'history'>
  readonly nowMs: number
}

/** What alerts are chosen by, of those that are active and of those that ended alike. */
type Known = Pick<Alert, 'id' | 'rule' | 'severity' | 'labels' | 'annotations'> & {
  readonly state: string
  readonly fromMs: number
  readonly toMs: number
}

/** The active alerts, the worst first, and after them the past ones when they are asked for, the newest first. */
export function listAlerts({ active, view, records, nowMs }: Listed, filter: AlertFilter): { alerts: Alert[]; total: number } {
  const now = chosen(active, filter, nowMs).sort(byUrgency)
  const past = wantsPast(filter) ? pastOf(records, filter, nowMs) : []
  const begin = filter.offset ?? 0
  const end = begin + filter.limit
  const shown = now.slice(begin, end).map(({ instance }) => view(instance))
  const rest = past.slice(Math.max(0, begin - now.length), Math.max(0, end - now.length))
  return { alerts: [...shown, ...rest], total: now.length + past.length }
}

/** How many alerts are active, by severity and state: for figures that need none of the alerts themselves. */
export function countAlerts({ active, nowMs }: Pick<Listed, 'active' | 'nowMs'>, filter: CountFilter): AlertCount[] {
  const found = chosen(active, filter, nowMs).map(({ instance }) => instance)
  const together = Map.groupBy(found, ({ severity, state }) => `${severity} ${state}`)
  return [...together.values()].flatMap((alike) => {
    const [{ severity, state } = { severity: 'info' as const, state: 'ok' as const }] = alike
    return state === 'ok' ? [] : [{ severity, state, count: alike.length }]
  })
}

type Chosen = { readonly instance: AlertInstance; readonly fromMs: number }

function chosen(active: readonly AlertInstance[], filter: CountFilter, nowMs: number): Chosen[] {
  const passes = createTest(filter)
  return active.flatMap((instance) => {
    if (filter.fired && instance.firedAtMs === null) return []
    const fromMs = startOf(instance, nowMs)
    return passes({ ...pick(instance), state: instance.state, fromMs, toMs: Number.POSITIVE_INFINITY }) ? [{ instance, fromMs }] : []
  })
}

function pick({ id, rule, severity, labels, annotations }: AlertInstance | Alert) {
  return { id, rule, severity, labels, annotations }
}

function wantsPast({ past, states }: AlertFilter): boolean {
  return past === true || states?.includes('resolved') === true
}

function pastOf(records: Listed['records'], filter: AlertFilter, nowMs: number): readonly Alert[] {
  const range = { fromMs: filter.range?.from ?? 0, toMs: filter.range?.to ?? nowMs + 1 }
  const passes = createTest(filter)
  return records.history({ ...range, ...(filter.ids && { ids: filter.ids }) }, Math.max(historyMax, filter.limit)).filter((alert) =>
    passes({
      ...pick(alert),
      state: alert.state,
      fromMs: Date.parse(alert.startsAt),
      toMs: alert.endsAt === null ? Number.POSITIVE_INFINITY : Date.parse(alert.endsAt),
    }),
  )
}

function createTest(filter: CountFilter): (alert: Known) => boolean {
  const { states = [], severities: wanted = [], range, labels = {}, text = '' } = filter
  const ids = filter.ids && new Set(filter.ids)
  const pairs = Object.entries(labels)
  const sought = text.toLowerCase()
  return (alert) =>
    (ids === undefined || ids.has(alert.id)) &&
    (states.length === 0 || (states as readonly string[]).includes(alert.state)) &&
    (wanted.length === 0 || wanted.includes(alert.severity)) &&
    (range === undefined || (alert.fromMs < range.to && alert.toMs >= range.from)) &&
    pairs.every(([label, value]) => (alert.labels[label] ?? '') === value) &&
    (sought === '' || hasText(alert, sought))
}

function hasText({ rule, labels, annotations }: Known, text: string): boolean {
  const words = [rule, ...Object.values(labels), ...Object.values(annotations)]
  return words.some((word) => word.toLowerCase().includes(text))
}

function byUrgency(a: Chosen, b: Chosen): number {
  const bySeverity = severities.indexOf(b.instance.severity) - severities.indexOf(a.instance.severity)
  return bySeverity || b.fromMs - a.fromMs || (a.instance.id < b.instance.id ? -1 : 1)
}
