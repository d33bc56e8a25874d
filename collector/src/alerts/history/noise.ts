import { type Alert, type Severity, severities } from '../../model/alert.ts'
import type { DeliveryAttempt } from '../../model/alert-records.ts'

/** How much one rule asked of people in a range, and what came of it. */
export type RuleNoise = {
  readonly rule: string
  /** The highest it had. */
  readonly severity: Severity
  /** Times that one of its alerts fired. */
  readonly episodes: number
  readonly firingMs: number
  /** Episodes that began shortly after the one before of the same alert had ended. */
  readonly flaps: number
  /** That receivers took and that told of one of its alerts. */
  readonly notifications: number
  /** Episodes that a receiver was told of. */
  readonly notified: number
  /** Those of them that somebody acknowledged or resolved. */
  readonly actedOn: number
  readonly useful: number
  readonly notUseful: number
  /** Useful ÷ marked; null while nobody marked one. */
  readonly precision: number | null
  /** Acted on ÷ notified; null while nobody was told. */
  readonly actedOnShare: number | null
}

type Given = {
  /** Those that fired and overlap the range, with what people thought of them. */
  readonly alerts: readonly Alert[]
  /** What receivers took in the range. */
  readonly sent: readonly DeliveryAttempt[]
  readonly range: { readonly from: number; readonly to: number }
  readonly nowMs: number
}

/** An alert that comes back within this was not over. */
const flapsWithinMs = 15 * 60_000

/** The rules by how often they told somebody, the loudest first. */
export function noisePerRule({ alerts, sent, range, nowMs }: Given): readonly RuleNoise[] {
  const told = timesById(sent)
  const ruleOf = new Map(alerts.map(({ id, rule }) => [id, rule]))
  const notifications = countBy(sent.flatMap(({ alertIds }) => [...new Set(alertIds.map((id) => ruleOf.get(id)))]))
  const rows = [...Map.groupBy(alerts, ({ rule }) => rule)].map(([rule, episodes]) => {
    const notified = episodes.filter((episode) => wasTold(episode, told.get(episode.id) ?? [], nowMs))
    const actedOn = notified.filter(({ acknowledgedBy, resolvedBy }) => acknowledgedBy !== null || resolvedBy !== null).length
    const useful = episodes.filter((episode) => episode.useful === true).length
    const notUseful = episodes.filter((episode) => episode.useful === false).length
    return {
      rule,
      severity: worst(episodes),
      episodes: episodes.length,
      firingMs: sum(episodes.map((episode) => overlapMs(episode, range, nowMs))),
      flaps: flapsOf(episodes),
      notifications: notifications.get(rule) ?? 0,
      notified: notified.length,
      actedOn,
      useful,
      notUseful,
      precision: shareOf(useful, useful + notUseful),
      actedOnShare: shareOf(actedOn, notified.length),
    }
  })
  return rows.sort((a, b) => b.notifications - a.notifications || b.episodes - a.episodes || (a.rule < b.rule ? -1 : 1))
}

function timesById(sent: readonly DeliveryAttempt[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>()
  for (const { alertIds, atMs } of sent) {
    for (const id of alertIds) {
      const own = times.get(id)
      if (own) own.push(atMs)
      else times.set(id, [atMs])
    }
  }
  return times
}

function wasTold(episode: Alert, times: readonly number[], nowMs: number): boolean {
  const [from, to] = [Date.parse(episode.startsAt), endOf(episode, nowMs)]
  return times.some((time) => time >= from && time <= to)
}

function flapsOf(episodes: readonly Alert[]): number {
  return sum(
    [...Map.groupBy(episodes, ({ id }) => id).values()].map((own) => {
      const sorted = own.toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
      return sorted.filter((one, index) => {
        const before = sorted[index - 1]
        return before?.endsAt != null && Date.parse(one.startsAt) - Date.parse(before.endsAt) <= flapsWithinMs
      }).length
    }),
  )
}

function overlapMs(episode: Alert, range: Given['range'], nowMs: number): number {
  return Math.max(0, Math.min(endOf(episode, nowMs), range.to) - Math.max(Date.parse(episode.startsAt), range.from))
}

const endOf = ({ endsAt }: Alert, nowMs: number): number => (endsAt === null ? nowMs : Date.parse(endsAt))
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
const worst = (alerts: readonly Alert[]): Severity =>
  alerts.reduce<Severity>((high, { severity }) => (severities.indexOf(severity) > severities.indexOf(high) ? severity : high), 'info')

function countBy(rules: readonly (string | undefined)[]): ReadonlyMap<string | undefined, number> {
  const counts = new Map<string | undefined, number>()
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return counts
}
