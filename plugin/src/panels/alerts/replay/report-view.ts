import type { ReplayedAlert, ReplayedMessage, ReplayReport } from '../../../../../collector/src/contract/replay.ts'
import { toDurationText } from '../../../format/durations.ts'
import { counted } from '../../../format/words.ts'
import type { AlertRow } from '../view-model.ts'

/** An alert of the past that mattered to somebody. */
export type Incident = Pick<AlertRow, 'id' | 'rule' | 'summary' | 'labels' | 'startsAt' | 'endsAt' | 'acknowledgedBy' | 'useful'>

/** Labels that say how an alert was found rather than what it is about. */
const ofTheRule = new Set(['alertname', 'severity'])

/** What somebody took, or called worth hearing of. */
export function toIncidents(rows: readonly AlertRow[]): Incident[] {
  return rows.filter(
    ({ state, acknowledgedBy, useful }) => state !== 'pending' && useful !== false && (acknowledgedBy !== '' || useful === true),
  )
}

/** The incidents of which no replayed message would have told, under that rule or under another about the very same. */
export function toMissed(incidents: readonly Incident[], report: Pick<ReplayReport, 'alerts' | 'to'>): Incident[] {
  const told = report.alerts.filter(({ messages }) => messages > 0)
  return incidents.filter((incident) => !told.some((alert) => isAbout(alert, incident) && overlaps(alert, incident, Date.parse(report.to))))
}

/** The same alert; or one of the same rule, or with the very same labels, that differs in no label both have. */
function isAbout(alert: ReplayedAlert, incident: Incident): boolean {
  if (alert.id === incident.id) return true
  const [mine, theirs] = [subjectOf(alert.labels), subjectOf(incident.labels)]
  const shared = [...mine].filter(([name]) => theirs.has(name))
  if (!shared.every(([name, value]) => theirs.get(name) === value)) return false
  return alert.rule === incident.rule || (shared.length > 0 && shared.length === mine.size && shared.length === theirs.size)
}

function subjectOf(labels: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(labels).filter(([name]) => !ofTheRule.has(name)))
}

function overlaps(alert: ReplayedAlert, incident: Incident, nowMs: number): boolean {
  const endMs = alert.endsAt === null ? nowMs : Date.parse(alert.endsAt)
  return Date.parse(alert.startsAt) <= (incident.endsAt ?? nowMs) && endMs >= (incident.startsAt ?? 0)
}

/** All of it in one sentence. */
export function toSentence({ messages, alerts, receivers, samples }: ReplayReport): string {
  const read = `${counted(samples, 'stored sample')} read`
  if (messages.length === 0) return `Nobody would have been told of anything (${read}).`
  return `${counted(messages.length, 'message')} to ${counted(receivers.length, 'receiver')} about ${counted(alerts.length, 'alert')} (${read}).`
}

/** What one must know to believe it: where samples were coarse or missing, and rules that could not be judged. */
export function toCaveats({ coarse, shortHistory, failures }: ReplayReport): string[] {
  return [
    ...coarse.map(({ measurement, everyMs }) => `Of ${measurement} only averages of ${toDurationText(everyMs)} are kept from then.`),
    ...shortHistory.map(({ rule, measurement }) => `${rule} looks back to before anything was stored of ${measurement}.`),
    ...failures.map((failure) => `Could not be evaluated: ${failure}`),
  ]
}

/** Alerts that fired and that nobody would have heard of, with what kept them back. */
export function toUntold({ alerts }: ReplayReport): ReplayedAlert[] {
  return alerts.filter(({ messages }) => messages === 0)
}

/** What a message is about: one alert in its words, or how many of which rules. */
export function toSubject({ alerts }: ReplayedMessage): string {
  const [first] = alerts
  if (first === undefined) return ''
  if (alerts.length === 1) return `${first.rule}: ${first.annotations.summary ?? first.rule}`
  return `${counted(alerts.length, 'alert')}: ${[...new Set(alerts.map(({ rule }) => rule))].join(', ')}`
}
