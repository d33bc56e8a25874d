import type { Alert, Severity } from '../../model/alert.ts'
import type { GroupNow } from './decide.ts'
import type { Route } from './route.ts'

/** Alerts that are told together on one route. */
export type Group = {
  readonly key: string
  readonly labels: Readonly<Record<string, string>>
  route: Pick<Route, 'receivers' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs' | 'sendResolved'>
  readonly firing: Set<string>
  /** Ended, and not yet told to every receiver that knows of them. */
  readonly resolved: Map<string, Alert>
  hasFlushed: boolean
  cancelTimer: () => void
}

/** Alerts as they are now; undefined for one that is not active. */
export type AlertLookup = (id: string) => Alert | undefined

/** Every alert of the group as it is now, the firing ones first. */
export function alertsOf(group: Group, lookup: AlertLookup): readonly Alert[] {
  const firing = [...group.firing].flatMap((id) => lookup(id) ?? [])
  return [...firing, ...group.resolved.values()]
}

export function groupNow(group: Group, lookup: AlertLookup): GroupNow {
  const firing = new Map<string, Severity>()
  let isAcknowledged = true
  for (const id of group.firing) {
    const alert = lookup(id)
    if (!alert) continue
    firing.set(id, alert.severity)
    if (alert.acknowledgedBy === null) isAcknowledged = false
  }
  return { firing, resolved: [...group.resolved.keys()], isAcknowledged }
}
