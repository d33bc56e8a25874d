import type { Coarse, ReplayedAlert, ReplayedMessage, ReplayReport, ShortHistory } from '../../contract/replay.ts'
import type { Alert } from '../../model/alert.ts'
import type { TimeRange } from '../../model/query.ts'

export type Recorded = {
  readonly range: TimeRange
  readonly messages: readonly ReplayedMessage[]
  /** Those that fired, ended or not. */
  readonly alerts: readonly Alert[]
  readonly suppressedBy: (alert: Alert) => readonly string[]
  readonly samples: number
  readonly coarse: readonly Coarse[]
  readonly shortHistory: readonly ShortHistory[]
  readonly failures: readonly string[]
}

/** What a person wants to know of a replay, besides the messages themselves: counts by rule and by receiver. */
export function toReport({ range, messages, alerts, suppressedBy, coarse, ...rest }: Recorded): ReplayReport {
  const told = countTold(messages)
  const episodes = alerts.map((alert) => toEpisode(alert, told.get(keyOf(alert)) ?? 0, suppressedBy(alert)))
  const ordered = episodes.sort((a, b) => (a.startsAt < b.startsAt ? -1 : a.startsAt > b.startsAt ? 1 : 0))
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    messages,
    alerts: ordered,
    rules: [...Map.groupBy(ordered, ({ rule }) => rule)].map(([rule, own]) => ({
      rule,
      alerts: own.length,
      messages: messages.filter((message) => message.alerts.some((alert) => alert.rule === rule)).length,
      firingMs: own.reduce(
        (sum, { startsAt, endsAt }) => sum + (endsAt === null ? range.to : Date.parse(endsAt)) - Date.parse(startsAt),
        0,
      ),
    })),
    receivers: [...Map.groupBy(messages, ({ receiver }) => receiver)].map(([receiver, own]) => ({
      receiver,
      firing: own.filter(({ status }) => status === 'firing').length,
      resolved: own.filter(({ status }) => status === 'resolved').length,
    })),
    coarse: joined(coarse),
    ...rest,
  }
}

/** Times that adjoin are one. */
function joined(coarse: readonly Coarse[]): readonly Coarse[] {
  const all: Coarse[] = []
  for (const one of coarse) {
    const before = all.findLast(({ measurement }) => measurement === one.measurement)
    if (before?.to === one.from) all[all.indexOf(before)] = { ...before, to: one.to }
    else all.push(one)
  }
  return all
}

/** How many messages told of each episode. */
function countTold(messages: readonly ReplayedMessage[]): ReadonlyMap<string, number> {
  const told = new Map<string, number>()
  for (const { alerts } of messages) for (const key of new Set(alerts.map(keyOf))) told.set(key, (told.get(key) ?? 0) + 1)
  return told
}

const keyOf = ({ id, startsAt }: Alert): string => `${id} ${startsAt}`

function toEpisode(alert: Alert, messages: number, suppressedBy: readonly string[]): ReplayedAlert {
  const { id, rule, severity, labels, annotations, startsAt, endsAt } = alert
  return { ...{ id, rule, severity, labels, startsAt, endsAt, suppressedBy }, summary: annotations.summary ?? rule, messages }
}
