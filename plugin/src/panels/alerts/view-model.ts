import type { DataFrame, LinkModel } from '@grafana/data'
import type { Alert, AlertState, Cause, Severity } from '../../../../collector/src/contract/alerts.ts'
import { type Columns, createColumns } from '../../format/columns.ts'
import { compareNaturally } from '../../format/natural-order.ts'
import { toCauseFacts, toCauseLinks } from './cause-facts.ts'
import { severityLooks, stateLooks, toSeverity, toState } from './looks.ts'
import type { GroupBy } from './options.ts'

/** One alert as a row of the list. Times are milliseconds since 1970. */
export type AlertRow = {
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly state: AlertState
  readonly summary: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly value: number | null
  readonly startsAt: number | null
  readonly endsAt: number | null
  readonly acknowledgedBy: string
  readonly acknowledgeComment: string
  readonly cause: string
  /** What else is known of it, as names and texts. */
  readonly causeFacts: readonly (readonly [string, string])[]
  /** Where the change can be read, as titles and addresses. */
  readonly causeLinks: readonly (readonly [string, string])[]
  /** Receivers are kept from hearing of it; the next three say by what. */
  readonly isSuppressed: boolean
  /** Ids of silences. */
  readonly silencedBy: readonly string[]
  /** Ids of alerts. */
  readonly inhibitedBy: readonly string[]
  /** Names of time intervals. */
  readonly mutedBy: readonly string[]
  readonly isFlapping: boolean
  readonly acknowledgedUntil: number | null
  /** Whether somebody found it worth hearing of; null while nobody said. */
  readonly useful: boolean | null
  /** Its last values, at equal distances. */
  readonly recent: readonly number[]
  /** The system that evaluates it; empty for our own. */
  readonly source: string
}

/** What was answered to an action, and when; it holds until newer data come. */
export type Override = { readonly alert: Alert; readonly at: number }

export type AlertFilter = {
  readonly severities: ReadonlySet<Severity>
  readonly states: ReadonlySet<AlertState>
  readonly text: string
  /** `name=value`; several values of one name are alternatives. */
  readonly labels: ReadonlySet<string>
  /** Only what waits for somebody. */
  readonly onlyOpen: boolean
  /** Also alerts that receivers are kept from hearing of. */
  readonly showsSuppressed: boolean
}

/** A line of the list: the heading of a group, or one of its alerts. */
export type ListItem = AlertGroup | { readonly kind: 'alert'; readonly key: string; readonly row: AlertRow }

export type AlertGroup = {
  readonly kind: 'group'
  readonly key: string
  readonly title: string
  readonly count: number
  /** How many of each severity hold, the worst first; empty where the title says it. */
  readonly severities: readonly (readonly [Severity, number])[]
  /** Those that nobody has. */
  readonly open: readonly AlertRow[]
  /** Those that hold and that no silence covers. */
  readonly audible: readonly AlertRow[]
}

/** The data links of an alert, found when somebody looks at it. */
export function findLinks(frames: readonly DataFrame[], wanted: AlertRow): LinkModel[] {
  return frames.flatMap((frame) => {
    const columns = createColumns(frame)
    const index = Array.from({ length: frame.length }, (_none, at) => at).find(
      (at) => columns.text('id', at) === wanted.id && columns.time('startsAt', at) === wanted.startsAt,
    )
    return index === undefined ? [] : columns.links(index)
  })
}

export function toRow(columns: Columns, row: number): AlertRow {
  const causeDetails = columns.json<Cause | null>('causeDetails', row, null)
  return {
    id: columns.text('id', row),
    rule: columns.text('rule', row),
    severity: toSeverity(columns.text('severity', row)),
    state: toState(columns.text('state', row)),
    summary: columns.text('summary', row),
    labels: columns.json('labels', row, {}),
    annotations: columns.json('annotations', row, {}),
    value: columns.number('value', row),
    startsAt: columns.time('startsAt', row),
    endsAt: columns.time('endsAt', row),
    acknowledgedBy: columns.text('acknowledgedBy', row),
    acknowledgeComment: columns.text('acknowledgeComment', row),
    cause: columns.text('cause', row),
    causeFacts: toCauseFacts(causeDetails),
    causeLinks: toCauseLinks(causeDetails),
    isSuppressed: columns.text('status', row) === 'suppressed',
    silencedBy: columns.list('silencedBy', row),
    inhibitedBy: columns.list('inhibitedBy', row),
    mutedBy: columns.list('mutedBy', row),
    isFlapping: columns.flag('flapping', row),
    acknowledgedUntil: columns.time('acknowledgedUntil', row),
    useful: columns.value('useful', row) as boolean | null,
    recent: columns.json('recent', row, []),
    source: columns.text('source', row),
  }
}

/** An alert keeps its id when it comes back; its beginning tells the episodes apart. */
export function toEpisodeKey({ id, startsAt }: Pick<AlertRow, 'id' | 'startsAt'>): string {
  return `${id} ${startsAt ?? ''}`
}

/** Rows with the answers to actions put over them, as long as the data were asked for before the answer came. */
export function withOverrides(rows: readonly AlertRow[], overrides: ReadonlyMap<string, Override>, dataAskedAt: number): AlertRow[] {
  if (overrides.size === 0) return [...rows]
  return rows.map((row) => {
    const override = overrides.get(toEpisodeKey(row))
    return override === undefined || dataAskedAt > override.at ? row : { ...row, ...fromAlert(override.alert) }
  })
}

function fromAlert(alert: Alert): Partial<AlertRow> {
  return {
    state: alert.state,
    severity: alert.severity,
    value: alert.value,
    endsAt: toMillis(alert.endsAt),
    acknowledgedBy: alert.acknowledgedBy ?? '',
    acknowledgeComment: alert.acknowledgeComment ?? '',
    acknowledgedUntil: toMillis(alert.acknowledgedUntil),
    useful: alert.useful ?? null,
  }
}

function toMillis(time: string | null): number | null {
  return time === null ? null : Date.parse(time)
}

/** Nobody has it, and nothing keeps it from people: it waits for somebody. */
export function isOpen({ state, acknowledgedBy, isSuppressed }: Pick<AlertRow, 'state' | 'acknowledgedBy' | 'isSuppressed'>): boolean {
  return state !== 'resolved' && acknowledgedBy === '' && !isSuppressed
}

/**
 * The most urgent first, of those what waits for somebody, then the youngest; resolved ones last.
 * What is alike keeps its place when something else changes.
 */
export function compareRows(left: AlertRow, right: AlertRow): number {
  return (
    Number(left.state === 'resolved') - Number(right.state === 'resolved') ||
    severityLooks[right.severity].rank - severityLooks[left.severity].rank ||
    Number(isOpen(right)) - Number(isOpen(left)) ||
    stateLooks[right.state].rank - stateLooks[left.state].rank ||
    (right.startsAt ?? 0) - (left.startsAt ?? 0) ||
    (left.rule === right.rule ? 0 : compareNaturally(left.rule, right.rule)) ||
    (left.id < right.id ? -1 : 1)
  )
}

/** Sorted rows with a heading before each group. */
export function toItems(rows: readonly AlertRow[], groupBy: GroupBy, groupLabel = ''): ListItem[] {
  const sorted = [...rows].sort(compareRows)
  if (groupBy === 'none') return sorted.map(toItem)
  const groups = Map.groupBy(sorted, (row) => toGroupTitle(row, groupBy, groupLabel))
  return [...groups].flatMap(([title, own]) => [toGroup(title, own, groupBy), ...own.map(toItem)])
}

function toGroup(title: string, own: readonly AlertRow[], groupBy: GroupBy): AlertGroup {
  const active = own.filter(({ state }) => state !== 'resolved')
  const counted = Map.groupBy(active, ({ severity }) => severity)
  return {
    kind: 'group',
    key: `group ${title}`,
    title,
    count: own.length,
    severities: groupBy === 'severity' ? [] : [...counted].map(([severity, { length }]) => [severity, length] as const),
    open: own.filter(isOpen),
    audible: active.filter(({ silencedBy }) => silencedBy.length === 0),
  }
}

function toItem(row: AlertRow): ListItem {
  return { kind: 'alert', key: toEpisodeKey(row), row }
}

/** What is over stands by itself, whatever its severity was. */
function toGroupTitle(row: AlertRow, groupBy: Exclude<GroupBy, 'none'>, groupLabel: string): string {
  if (groupBy === 'rule') return row.rule
  if (groupBy === 'label') return row.labels[groupLabel] ?? `no ${groupLabel}`
  if (groupBy === 'severity' && row.state !== 'resolved') return severityLooks[row.severity].word
  return stateLooks[row.state].word
}

/** What keeps an alert from receivers, as far as the list knows it: better a rule's name than an id. */
export function toInhibitors({ inhibitedBy }: Pick<AlertRow, 'inhibitedBy'>, rows: readonly AlertRow[]): string {
  const byId = new Map(inhibitedBy.length > 0 ? rows.map((row) => [row.id, row]) : [])
  return inhibitedBy
    .map((id) => {
      const row = byId.get(id)
      return row === undefined ? id : `${row.rule}${row.summary === '' || row.summary === row.rule ? '' : `: ${row.summary}`}`
    })
    .join('; ')
}

/** How long an alert lasts or lasted. */
export function toAgeMs(row: Pick<AlertRow, 'startsAt' | 'endsAt'>, now: number): number | null {
  return row.startsAt === null ? null : Math.max(0, (row.endsAt ?? now) - row.startsAt)
}
