import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Alert, Notifier } from '../model/alert.ts'
import type { NotificationRecords, NotifyEntry } from '../model/alert-records.ts'
import { createDelivery } from './delivery.ts'
import type { AlertLookup, Group } from './group.ts'
import { createKnowledge } from './knowledge.ts'
import { groupOf, type Route, routesFor } from './route.ts'

export type DispatcherOptions = {
  readonly root: Route
  readonly receivers: ReadonlyMap<string, Notifier>
  readonly records: NotificationRecords
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly newId: () => string
  readonly externalUrl: string
  readonly lookup: AlertLookup
  /** How an alert that is no longer active ended. */
  readonly lastEpisode: AlertLookup
}

/** Puts alerts into groups, and tells receivers of them when their times come. */
export function createDispatcher(options: DispatcherOptions) {
  const { clock, log, records } = options
  const groups = new Map<string, Group>()
  const knowledge = createKnowledge(records)
  const delivery = createDelivery({ ...options, knowledge, groupByKey: (key) => groups.get(key), onSettled })
  let isStopped = false

  function onSettled(groupKey: string): void {
    const group = groups.get(groupKey)
    if (group) tidy(group)
  }

  function place(alert: Alert): void {
    for (const route of routesFor(options.root, alert.labels)) {
      const { key, labels } = groupOf(route, alert.labels)
      const group = groups.get(key) ?? addGroup(key, labels, route)
      group.firing.add(alert.id)
      group.resolved.delete(alert.id)
      if (!group.hasFlushed) schedule(group, Date.parse(alert.startsAt) + route.groupWaitMs - clock.now())
    }
  }

  function addGroup(key: string, labels: Group['labels'], route: Group['route']): Group {
    const group: Group = { key, labels, route, firing: new Set(), resolved: new Map(), hasFlushed: false, cancelTimer: () => {} }
    groups.set(key, group)
    schedule(group, route.groupWaitMs)
    return group
  }

  /** Never at once, even without a wait: the other alerts of the same evaluation belong into the message. */
  function schedule(group: Group, delayMs: number): void {
    group.cancelTimer()
    group.cancelTimer = clock.after(Math.max(0, Math.min(delayMs, group.route.groupWaitMs)), () => flush(group))
  }

  function flush(group: Group): void {
    if (isStopped) return
    group.hasFlushed = true
    for (const receiver of group.route.receivers) delivery.owe(group, receiver)
    group.cancelTimer = clock.after(group.route.groupIntervalMs, () => flush(group))
    tidy(group)
  }

  /** Lets go of ended alerts that nobody needs to hear of any more, and of groups without alerts. */
  function tidy(group: Group): void {
    const { receivers } = group.route
    if (!group.hasFlushed || receivers.some((receiver) => delivery.isOwed(group.key, receiver))) return
    for (const id of group.resolved.keys()) {
      if (!receivers.some((receiver) => knowledge.believesFiring(group.key, receiver, id))) group.resolved.delete(id)
    }
    if (group.firing.size > 0 || group.resolved.size > 0) return
    group.cancelTimer()
    groups.delete(group.key)
    for (const receiver of receivers) knowledge.forget(group.key, receiver)
  }

  /** What an earlier process told a receiver, and is over since, is still to be told. */
  function remember(told: Pick<NotifyEntry, 'groupKey' | 'receiver' | 'groupLabels'>, ids: readonly string[]): void {
    if (!options.receivers.has(told.receiver)) {
      log.warn({ receiver: told.receiver }, 'receiver is no longer configured; what it was told stays as it is')
      knowledge.forget(told.groupKey, told.receiver)
      return
    }
    const isOrphan = !groups.has(told.groupKey)
    const group = groups.get(told.groupKey) ?? addGroup(told.groupKey, told.groupLabels, orphanRoute(options.root, told.receiver))
    if (!group.route.receivers.includes(told.receiver))
      group.route = { ...group.route, receivers: [...group.route.receivers, told.receiver] }
    for (const id of ids) {
      if (group.firing.has(id)) continue
      const ended = options.lookup(id) ? undefined : options.lastEpisode(id)
      if (ended) group.resolved.set(id, ended)
      else if (isOrphan && options.lookup(id)) group.firing.add(id)
    }
    schedule(group, 0)
  }

  return {
    /** Takes up the alerts that are active, and what an earlier process told of others. */
    start(active: readonly Alert[]): void {
      for (const alert of active) place(alert)
      for (const entry of knowledge.all()) remember(entry, [...Object.keys(entry.firing), ...entry.unsure])
      for (const item of records.queue()) remember(item, [])
    },
    /** Delivers what an earlier process queued; called when the rules have been evaluated, so that it tells what is true now. */
    resume(): void {
      delivery.resume(records.queue())
    },
    /** Takes an alert that fires, or one that ended. */
    update(alert: Alert): void {
      if (alert.state !== 'resolved') {
        place(alert)
        return
      }
      for (const group of groups.values()) {
        if (group.firing.delete(alert.id)) group.resolved.set(alert.id, alert)
      }
    },
    async stop(): Promise<void> {
      isStopped = true
      for (const group of groups.values()) group.cancelTimer()
      await delivery.stop()
    },
  }
}

/** The route of a group that no route makes any more: it only waits to tell that its alerts are over. */
function orphanRoute(root: Route, receiver: string): Group['route'] {
  return { ...root, receivers: [receiver], repeatIntervalMs: Number.POSITIVE_INFINITY, sendResolved: true }
}
