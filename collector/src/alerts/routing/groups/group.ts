import type { Alert } from '../../../model/alert.ts'
import type { Route } from '../tree/route.ts'
import type { GroupNow } from './decide.ts'

/** Alerts that are told together on one route. */
export type Group = {
  readonly key: string
  readonly labels: Readonly<Record<string, string>>
  route: Omit<Route, 'path' | 'groupBy' | 'matchers' | 'continue' | 'routes'>
  /** Changed by the groups alone, which know where each alert is. */
  readonly firing: ReadonlySet<string>
  /** Ended, and not yet told to every receiver that knows of them. */
  readonly resolved: Map<string, Alert>
  /** When the episodes began whose ends nobody can have heard of yet. */
  readonly unseenEnds: Map<string, string>
  /** Told by a chain, or when the routes were others: they hear of the end of what they were told, and of nothing new. */
  readonly owedTheEnd: Set<string>
  hasFlushed: boolean
  /** By the clock that only ever goes on. */
  dueAtMs: number
  cancelTimer: () => void
}

/** Everybody who hears of a group, by its route or because they were told before. */
export function receiversOfGroup({ route, owedTheEnd }: Group): readonly string[] {
  return [...new Set([...route.receivers, ...owedTheEnd])]
}

/** Alerts as they are now; undefined for one that is not active. */
export type AlertLookup = (id: string) => Alert | undefined

/** Every alert of the group as it is now, the firing ones first. */
export function alertsOf(group: Group, lookup: AlertLookup): readonly Alert[] {
  const firing = [...group.firing].flatMap((id) => lookup(id) ?? [])
  return [...firing, ...group.resolved.values()]
}

export type GroupDoors = {
  readonly lookup: AlertLookup
  /** Whether something keeps an alert from a receiver of a group; null: from all of them. */
  readonly holds: (group: Group, alert: Alert, receiver: string | null) => boolean
  readonly isFlapping: (id: string) => boolean
  /** Whether a receiver takes for over what it hears no more of. */
  readonly needsRepeats: (receiver: string) => boolean
  /** Whether a receiver was told that the alert fires, or may have been, and not yet of its end. */
  readonly believesFiring: (groupKey: string, receiver: string, id: string) => boolean
}

/** What may be told of a group now. */
export type Tellable = GroupNow & {
  readonly alerts: readonly Alert[]
  /** Kept from receivers. What a receiver was told of them before stays true for it. */
  readonly held: ReadonlySet<string>
}

/**
 * Of the end of an alert only those are told who were told of its beginning; a digest tells of both. With `ofKnown` nothing
 * is told but of what the receiver was told before.
 */
export function tellable(group: Group, receiver: string | null, doors: GroupDoors, ofKnown = false): Tellable {
  const { lookup, holds, isFlapping, believesFiring, needsRepeats } = doors
  const isNews = ({ id, state }: Alert) =>
    (state !== 'resolved' && !ofKnown) || receiver === null || group.route.digest !== null || believesFiring(group.key, receiver, id)
  const all = alertsOf(group, lookup)
    .map((alert) => (isFlapping(alert.id) ? asFlapping(alert) : alert))
    .filter(isNews)
  const held = new Set(all.filter((alert) => holds(group, alert, receiver)).map(({ id }) => id))
  const alerts = all.filter(({ id }) => !held.has(id))
  const [resolved, firing] = [alerts.filter(({ state }) => state === 'resolved'), alerts.filter(({ state }) => state !== 'resolved')]
  return {
    alerts,
    held,
    firing: new Map(firing.map(({ id, severity, startsAt }) => [id, { severity, startsAt }])),
    resolved: resolved.map(({ id }) => id),
    flapping: new Set(firing.filter(({ flapping }) => flapping).map(({ id }) => id)),
    isAcknowledged: firing.every(({ acknowledgedBy }) => acknowledgedBy !== null) && !(receiver !== null && needsRepeats(receiver)),
  }
}

/** An alert that comes and goes is told as one that goes on. */
function asFlapping(alert: Alert): Alert {
  return { ...alert, state: alert.state === 'resolved' ? 'firing' : alert.state, endsAt: null, flapping: true }
}
