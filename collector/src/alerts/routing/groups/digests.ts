import type { Clock } from '../../../lib/clock.ts'
import type { Alert } from '../../../model/alert.ts'
import type { NotificationRecords } from '../../../model/alert-records.ts'
import type { Digest } from '../tree/digest-schema.ts'
import { digestRoutesOf, groupOf, type Route, routesFor } from '../tree/route.ts'
import { lastDue, nextDue } from './digest-times.ts'
import type { Group } from './group.ts'
import type { Groups } from './groups.ts'
import { type Knowledge, nothingTold } from './knowledge.ts'

export type DigestsOptions = {
  readonly settings: () => { readonly route: Route }
  readonly records: NotificationRecords
  readonly clock: Clock
  readonly groups: Groups
  readonly knowledge: Knowledge
  /** Alerts that fire now. */
  readonly firing: () => readonly Alert[]
  /** Episodes that ended and overlap the range, the newest first. */
  readonly ended: (range: { readonly fromMs: number; readonly toMs: number }) => readonly Alert[]
  readonly owe: (group: Group, receiver: string, demand: string) => void
}

type DigestRoute = Route & { readonly digest: Digest }

/** Looks at least this often, so that a clock that was set is noticed, and a receiver that was down is told after all. */
const longestWaitMs = 60_000

/**
 * Tells at set times, in one message, of all that fired on a route since the last time.
 *
 * What was told until when stands in the notification log, so a digest that was missed is made up
 * for once after the start, and one that nobody took becomes part of the next.
 */
export function createDigests({ settings, records, clock, groups, knowledge, firing, ended, owe }: DigestsOptions) {
  let byKey = routesByKey(settings().route)
  let cancel = () => {}

  /** The last due time that a receiver was told of. */
  function toldUntil(key: string, receiver: string, digest: Digest): number {
    return lastDue(digest, knowledge.get(key, receiver)?.sentAtMs ?? clock.now())
  }

  /** The group of a route with what the digest of a due time has to tell. */
  function gather(key: string, route: DigestRoute, dueMs: number): Group {
    const group = groups.get(key) ?? groups.add(key, {}, route)
    const sinceMs = Math.min(...route.receivers.map((receiver) => toldUntil(key, receiver, route.digest)))
    const belongs = (alert: Alert) =>
      Date.parse(alert.startsAt) < dueMs && routesFor(settings().route, alert.labels).some(({ path }) => path === route.path)
    for (const alert of firing()) if (belongs(alert)) groups.join(group, alert.id)
    for (const alert of ended({ fromMs: sinceMs, toMs: dueMs })) {
      if (belongs(alert) && !group.firing.has(alert.id) && !group.resolved.has(alert.id)) group.resolved.set(alert.id, alert)
    }
    return group
  }

  function tell(key: string, route: DigestRoute): void {
    const dueMs = lastDue(route.digest, clock.now())
    const waiting = route.receivers.filter((receiver) => toldUntil(key, receiver, route.digest) < dueMs)
    if (waiting.length === 0) return
    const group = gather(key, route, dueMs)
    for (const receiver of waiting) owe(group, receiver, 'digest')
  }

  function wake(): void {
    const nextMs = Math.min(...[...byKey.values()].map(({ digest }) => nextDue(digest, clock.now())))
    cancel = clock.after(Math.min(longestWaitMs, nextMs - clock.now()), wake)
    for (const [key, route] of byKey) tell(key, route)
  }

  /** A receiver that was never told is told of what happens from now on. */
  function begin(key: string, route: DigestRoute): void {
    for (const receiver of route.receivers) {
      if (knowledge.get(key, receiver)) continue
      records.commit({ entry: knowledge.set({ ...nothingTold({ key, labels: {} }, receiver), sentAtMs: clock.now() }) })
    }
  }

  function start(): void {
    for (const [key, route] of byKey) begin(key, route)
    if (byKey.size > 0) wake()
  }

  return {
    has: (groupKey: string): boolean => byKey.has(groupKey),
    /** Gathers anew what a queued digest tells; called before the queue is taken up. */
    restore(queued: readonly { readonly groupKey: string }[]): void {
      for (const { groupKey } of queued) {
        const route = byKey.get(groupKey)
        if (route) gather(groupKey, route, lastDue(route.digest, clock.now()))
      }
    },
    start,
    /** The routes were changed. */
    renew(): void {
      cancel()
      byKey = routesByKey(settings().route)
      start()
    },
    stop: (): void => cancel(),
  }
}

function routesByKey(root: Route): ReadonlyMap<string, DigestRoute> {
  return new Map(digestRoutesOf(root).map((route) => [groupOf(route, {}).key, route]))
}
