import { counted } from '../../lib/words.ts'
import { type Alert, type Course, type Notification, type Severity, severities } from '../../model/alert.ts'
import { alertValue } from '../../model/alert-value.ts'
import { causeFacts } from './cause-text.ts'
import { courseText } from './course-text.ts'
import { type Fact, type Link, linkTo } from './fact.ts'
import { lastedText, ledeOf } from './lede.ts'
import { trim, trimFact } from './trim.ts'

/** A notification in words, before a receiver's own form is put around them. */
export type Message = {
  /** State, severity and what it is about, in one line; begins with TEST in a test. */
  readonly title: string
  /** Where, what value, since when, what changed before, in one line; empty when the title says it all. */
  readonly lede: string
  readonly test: boolean
  readonly ended: boolean
  /** The highest of what fires, or of what ended. */
  readonly severity: Severity
  readonly icon: string
  /** Six hexadecimal digits. Never the only sign: the title says it in words. */
  readonly color: string
  readonly entries: readonly Entry[]
  /** There is one entry, and the title says its headline. */
  readonly single: boolean
  /** What was left out: `and 3 more alerts`. */
  readonly more: string | null
  /** Where to act and to look; the first is the one that matters most. */
  readonly links: readonly Link[]
  /** The first of them, for receivers that have room for one. */
  readonly url: string
  /** Why this was sent: `repeat interval elapsed`. */
  readonly reason: string
  /** What the reader may do about further messages. */
  readonly advice: string | null
}

/** One alert in words. */
export type Entry = {
  readonly ended: boolean
  readonly severity: Severity
  readonly icon: string
  readonly color: string
  /** `CRITICAL`, `RESOLVED`, `NO DATA`. */
  readonly word: string
  readonly headline: string
  readonly facts: readonly Fact[]
  /** Runbook, panel. */
  readonly links: readonly Link[]
  /** How the value went, for channels that draw; its words are among the facts. */
  readonly course: Course | null
}

const icons: Readonly<Record<Severity, string>> = { critical: '🔴', high: '🟠', warning: '🟡', info: '🔵' }
const colors: Readonly<Record<Severity, string>> = { critical: 'c4162a', high: 'c2410c', warning: '8f6400', info: '1f60c4' }
const endedIcon = '✅'
const endedColor = '1a7f37'

/** A group of more than this is told in full for the first few, and in brief for the others. */
const [fullMax, fullFirst] = [5, 3]
const briefFacts = new Set(['Value', 'Since', 'Ended', 'Changed before', 'Labels', 'Flapping', 'Acknowledged by'])

/** Puts a notification into words: what fires comes first, then by severity; texts are cut to `textMax`. */
export function toMessage(notification: Notification, { alertsMax, textMax = 1000 }: { alertsMax: number; textMax?: number }): Message {
  const alerts = [...notification.alerts].sort(byUrgency)
  const shown = alerts.slice(0, alertsMax)
  const ended = notification.status === 'resolved'
  const severity = alerts[0]?.severity ?? 'info'
  const links = linksOf(notification)
  const state = ended ? 'RESOLVED' : wordOf(alerts[0])
  const test = notification.test ? 'TEST · ' : ''
  const title = trim(`${test}${alerts.length === 0 ? 'No alerts' : `${state}: ${subjectOf(notification, alerts)}`}`, textMax)
  return {
    title,
    lede: notification.test ? '' : trim(ledeOf(alerts, title), textMax),
    test: notification.test ?? false,
    ended,
    severity,
    icon: ended ? endedIcon : icons[severity],
    color: ended ? endedColor : colors[severity],
    entries: shown.map((alert, place) => toEntry(alert, textMax, shown.length > fullMax && place >= fullFirst)),
    single: alerts.length === 1,
    more: alerts.length > shown.length ? `… and ${counted(alerts.length - shown.length, 'more alert')}` : null,
    links,
    url: links[0]?.url ?? notification.externalUrl,
    reason: notification.reason,
    advice: notification.acknowledgeUrl === undefined ? null : 'Acknowledge it to stop repeats.',
  }
}

function linksOf({ acknowledgeUrl, externalUrl }: Notification): readonly Link[] {
  const board = { text: 'Open in Tidewatch', url: `${externalUrl.replace(/\/+$/, '')}/d/tidewatch-alerts` }
  return acknowledgeUrl === undefined ? [board] : [{ text: 'Acknowledge or silence', url: acknowledgeUrl }, board]
}

/** Where the alerts lead, each address once: the alerts of a rule often share their runbook. */
export function linksOfEntries({ entries }: Pick<Message, 'entries'>): readonly (Link & { readonly headline: string })[] {
  const all = entries.flatMap(({ links, headline }) => links.map((link) => ({ ...link, headline })))
  return all.filter(({ url }, place) => all.findIndex((other) => other.url === url) === place)
}

/** The message as lines without markup, for channels that know none. */
export function toText({ title, lede, entries, single, more, reason, links, advice }: Message): string {
  const blocks = entries.map(({ word, headline, facts, links }) =>
    [
      ...(single ? [] : [`${word}: ${headline}`]),
      ...facts.map((fact) => `  ${fact.name}: ${factText(fact)}`),
      ...links.map(({ text, url }) => `  ${text}: ${url}`),
    ].join('\n'),
  )
  const places = links.map(({ text, url }) => `${text}: ${url}`).join('\n')
  return [
    lede ? `${title}\n${lede}` : title,
    ...blocks,
    ...(more ? [more] : []),
    places,
    `Sent because: ${reason}.${advice ? ` ${advice}` : ''}`,
  ].join('\n\n')
}

/** A fact without markup. */
export const factText = ({ text, url }: Fact): string => (url === undefined ? text : `${text} (${url})`)

const isOver = (alert: Alert): boolean => alert.state === 'resolved'

function byUrgency(a: Alert, b: Alert): number {
  return Number(isOver(a)) - Number(isOver(b)) || severities.indexOf(b.severity) - severities.indexOf(a.severity)
}

function wordOf(alert: Alert | undefined): string {
  if (!alert) return 'FIRING'
  if (isOver(alert)) return 'RESOLVED'
  if (alert.state === 'no_data') return 'NO DATA'
  return alert.state === 'error' ? 'CANNOT EVALUATE' : alert.severity.toUpperCase()
}

/** One alert speaks for itself; several are told by what they share and how many they are. */
function subjectOf({ groupLabels }: Notification, alerts: readonly Alert[]): string {
  const [only, ...others] = alerts
  if (only && others.length === 0) return headlineOf(only)
  const over = alerts.filter(isOver).length
  const counts = [...(alerts.length > over ? [`${alerts.length - over} firing`] : []), ...(over > 0 ? [`${over} resolved`] : [])]
  const shared = Object.values(groupLabels).filter((value) => value !== '')
  const subject = shared.length > 0 ? shared.join(', ') : [...new Set(alerts.map(({ rule }) => rule))].slice(0, 3).join(', ')
  return `${subject} (${counts.join(', ')})`
}

const headlineOf = ({ annotations, rule }: Alert): string => oneLine(annotations.summary || rule)

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

function toEntry(alert: Alert, textMax: number, isBrief: boolean): Entry {
  const { severity, annotations } = alert
  const ended = isOver(alert)
  return {
    ended,
    severity,
    icon: ended ? endedIcon : icons[severity],
    color: ended ? endedColor : colors[severity],
    word: wordOf(alert),
    headline: trim(headlineOf(alert), textMax),
    facts: factsOf(alert)
      .filter(({ name }) => !isBrief || briefFacts.has(name))
      .map((fact) => trimFact(fact, textMax)),
    links: [
      ...linkTo('Runbook', annotations.runbook_url),
      ...linkTo('Panel', annotations.panel_url),
      ...linkTo('Dashboard', annotations.dashboard_url),
    ],
    course: alert.course ?? null,
  }
}

function factsOf(alert: Alert): Fact[] {
  const { annotations, labels, startsAt, endsAt, acknowledgedBy, resolvedBy } = alert
  const where = Object.entries(labels).filter(([name]) => name !== 'alertname' && name !== 'severity')
  const known = alertValue(alert)
  const limit = alert.limit === undefined ? '' : `, limit: ${alert.limit}`
  const first = [
    ['Details', annotations.description],
    ['Value', known === '' ? null : `${known}${limit}`],
    ['Since', timeText(startsAt)],
    ['Ended', isOver(alert) && endsAt ? `${timeText(endsAt)}, after ${lastedText(startsAt, endsAt)}` : null],
  ] as const
  const rest = [
    ['Went', alert.course && courseText(alert.course)],
    ['Labels', where.map(([name, text]) => `${name}=${text}`).join(', ')],
    ['Rule', annotations.summary ? alert.rule : null],
    ['Flapping', alert.flapping ? 'it comes and goes; you hear of it again when it settles' : null],
    ['Resolved by', resolvedBy],
    ['Acknowledged by', isOver(alert) ? null : acknowledgedBy],
  ] as const
  return [...first.flatMap(told), ...causeFacts(alert), ...rest.flatMap(told)]
}

const told = ([name, text]: readonly [string, string | null | undefined]): Fact[] => (text ? [{ name, text: text.trim() }] : [])

const timeText = (rfc3339: string): string => `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, 19)} UTC`
