import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Alert, Notifier } from '../../model/alert.ts'
import type { AlertGroup } from '../alerts.ts'
import { createDelivery } from './delivery/delivery.ts'
import type { ReceiverWatch } from './delivery/receiver-watch.ts'
import type { SharedWrites } from './delivery/shared-writes.ts'
import type { Escalation } from './escalation/escalation-schema.ts'
import { createEscalations } from './escalation/escalations.ts'
import { createCooldowns } from './groups/cooldowns.ts'
import { createDigests } from './groups/digests.ts'
import type { Flapping } from './groups/flapping.ts'
import { type AlertLookup, alertsOf, type Group, receiversOfGroup, tellable } from './groups/group.ts'
import { createGroups } from './groups/groups.ts'
import { createKnowledge, withEpisode } from './groups/knowledge.ts'
import { recall } from './groups/recall.ts'
import { createTaking } from './groups/taking.ts'
import { groupOf, type Route, routesFor } from './tree/route.ts'
import type { Suppression } from './tree/suppression.ts'

export type DispatcherSettings = {
  readonly route: Route
  readonly receivers: ReadonlyMap<string, Notifier>
  readonly escalations?: readonly Escalation[]
}

export type DispatcherOptions = {
  /** As they are now: a reload may change them. */
  readonly settings: () => DispatcherSettings
  readonly records: SharedWrites
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly newId: () => string
  readonly externalUrl: string
  readonly lookup: AlertLookup
  /** How an alert that is no longer active ended. */
  readonly lastEpisode: AlertLookup
  /** Alerts that fire now, and episodes that are over, for digests. */
  readonly firing: () => readonly Alert[]
  readonly ended: (range: { readonly fromMs: number; readonly toMs: number }) => readonly Alert[]
  /** An alert with how its value went. */
  readonly drawn: (alert: Alert) => Alert
  readonly suppression: Pick<Suppression, 'holds' | 'isNow'>
  readonly flapping: Flapping
  readonly cooldownMsOf: (rule: string) => number
  readonly watch: ReceiverWatch
  readonly acknowledgeUrl: (groupKey: string, createdAtMs: number) => string
  /** Told of alerts that were in a group before another joined them. */
  readonly onJoined: (before: readonly string[]) => void
}

/** Puts alerts into groups, and tells receivers of them when their times come. */
export function createDispatcher(options: DispatcherOptions) {
  const { clock, records } = options
  const groups = createGroups(clock, flush)
  const knowledge = createKnowledge(records, clock)
  const cooldowns = createCooldowns(options)
  const doors = {
    lookup: options.lookup,
    isFlapping: options.flapping.isFlapping,
    believesFiring: knowledge.believesFiring,
    needsRepeats: (receiver: string) => options.settings().receivers.get(receiver)?.needsRepeats === true,
    holds(group: Group, alert: Alert, receiver: string | null): boolean {
      if (options.suppression.holds(group.route, alert)) return true
      if (receiver === null || group.route.digest) return false
      return cooldowns.holds(receiver, alert, knowledge.get(group.key, receiver))
    },
  }
  const delivery = createDelivery({ ...options, doors, onTold: cooldowns.onTold, knowledge, groupByKey: groups.get, onSettled })

  const taking = createTaking({
    ...options,
    groups,
    knowledge,
    isTaken: (group) => tellable(group, null, doors).isAcknowledged,
    owe: delivery.owe,
  })
  const digests = createDigests({ ...options, groups, knowledge, owe: delivery.owe })
  const escalations = createEscalations({
    ...options,
    isNow: options.suppression.isNow,
    contentOf: (group) => tellable(group, null, doors),
    demand(group, receiver, reason) {
      if (!group.route.receivers.includes(receiver)) group.owedTheEnd.add(receiver)
      delivery.owe(group, receiver, reason)
    },
  })

  /**
   * Due at once when it is older than the wait, but told with the others of the same evaluation. One that
   * joins puts nothing off, or a group that grows steadily would never be told.
   */
  function place(alert: Alert): void {
    for (const route of routesFor(options.settings().route, alert.labels)) {
      if (route.digest) continue
      const { key, labels } = groupOf(route, alert.labels)
      const group = groups.get(key) ?? groups.add(key, labels, route)
      // One that was only to tell an end after a start goes on as a group of its route.
      group.route = route
      groups.join(group, alert.id)
      group.resolved.delete(alert.id)
      goOn(group, alert)
      // Others that are in the group already do not wait for this one.
      const waitMs = Date.parse(alert.startsAt) + route.groupWaitMs - clock.now()
      if (!group.hasFlushed) groups.hasten(group, Math.min(waitMs, route.groupWaitMs))
      else groups.hasten(group, route.groupIntervalMs)
    }
  }

  /** An alert that joins others is news to whoever took care of those, but for one that comes and goes. */
  function join(alert: Alert): void {
    const isNews = !options.flapping.isFlapping(alert.id)
    for (const route of routesFor(options.settings().route, alert.labels)) {
      const group = groups.get(groupOf(route, alert.labels).key)
      if (!group || route.digest || group.firing.has(alert.id) || !isNews || doors.holds(group, alert, null)) continue
      options.onJoined([...group.firing])
    }
    place(alert)
  }

  function end(alert: Alert): void {
    for (const group of groups.firing(alert.id)) {
      groups.leave(group, alert.id)
      group.resolved.set(alert.id, alert)
      group.unseenEnds.set(alert.id, alert.startsAt)
    }
  }

  /** What ended and began anew before anybody looked has gone on for those who were told of it, as it has in Alertmanager. */
  function goOn(group: Group, { id, startsAt }: Alert): void {
    const ended = group.unseenEnds.get(id)
    group.unseenEnds.delete(id)
    if (ended === undefined) return
    for (const receiver of receiversOfGroup(group)) {
      const entry = knowledge.get(group.key, receiver)
      const told = entry?.firing[id]
      if (entry && told?.startsAt === ended) records.commit({ entry: knowledge.set(withEpisode(entry, id, { ...told, startsAt })) })
    }
  }

  function flush(group: Group): void {
    group.hasFlushed = true
    group.unseenEnds.clear()
    for (const receiver of receiversOfGroup(group)) delivery.owe(group, receiver)
    escalations.consider(group)
    groups.schedule(group, group.route.groupIntervalMs)
    tidy(group)
  }

  function onSettled(groupKey: string): void {
    const group = groups.get(groupKey)
    if (group?.route.digest) dropDigest(group)
    else if (group?.hasFlushed) tidy(group)
  }

  /** What a digest told until when stays in the notification log. */
  function dropDigest(group: Group): void {
    if (!group.route.receivers.some((receiver) => delivery.isOwed(group.key, receiver))) groups.remove(group)
  }

  /** Lets go of ended alerts that nobody needs to hear of any more, and of groups without alerts. */
  function tidy(group: Group): void {
    const receivers = receiversOfGroup(group)
    if (receivers.some((receiver) => delivery.isOwed(group.key, receiver))) return
    for (const id of group.resolved.keys()) {
      if (options.flapping.isFlapping(id)) continue
      if (!receivers.some((receiver) => knowledge.believesFiring(group.key, receiver, id))) group.resolved.delete(id)
    }
    if (group.firing.size > 0 || group.resolved.size > 0) return
    groups.remove(group)
    escalations.end(group.key)
    for (const receiver of receivers) knowledge.forget(group.key, receiver)
  }

  const firingOf = (group: Group): readonly Alert[] => alertsOf(group, options.lookup).filter(({ state }) => state !== 'resolved')

  function remember(): void {
    recall({ ...options, groups, knowledge, isDigest: digests.has })
    escalations.resume(groups.get)
  }

  /** Groups that the routes still make go on in their rhythm; what was told of others is remembered. */
  function regroup(active: readonly Alert[]): void {
    const before = [...groups.all()].filter(({ route, firing }) => !route.digest && firing.size > 0)
    for (const group of before) for (const id of [...group.firing]) groups.leave(group, id)
    active.forEach(place)
    for (const group of before) if (group.firing.size === 0) groups.remove(group)
  }

  return {
    /** Takes up the alerts that are active, and what an earlier process told of others. */
    start(active: readonly Alert[]): void {
      active.forEach(place)
      remember()
    },
    /** The settings were changed; these alerts fire. What is under way goes on. */
    renew(active: readonly Alert[]): void {
      regroup(active)
      digests.renew()
      remember()
    },
    /** Delivers what an earlier process queued; called when the rules have been evaluated, so that it tells what is true now. */
    resume(): void {
      const queued = records.queue()
      digests.restore(queued)
      delivery.resume(queued)
      groups.open()
      taking.resume()
      digests.start()
    },
    /** Takes an alert that fires, or one that ended. */
    update(alert: Alert): void {
      options.flapping.observe(alert)
      if (alert.state === 'resolved') end(alert)
      else join(alert)
    },
    /** Somebody took an alert, or has it no longer. */
    onTaking: taking.onTaking,
    /** Begins to deliver what is due now, and writes down what is owed; nothing leaves before this turn of the event loop has ended. */
    deliver(): void {
      groups.flushDue()
      records.flush()
    },
    groups: (): readonly AlertGroup[] =>
      [...groups.all()].flatMap((group) => {
        const alerts = firingOf(group)
        if (alerts.length === 0) return []
        return receiversOfGroup(group).map((receiver) => ({ receiver, labels: group.labels, alerts }))
      }),
    /** The alerts of a group that fire, as its notifications show them. */
    firingIn(groupKey: string): readonly Alert[] {
      const group = groups.get(groupKey)
      return group ? firingOf(group).map(options.drawn) : []
    },
    async stop(): Promise<void> {
      groups.stop()
      digests.stop()
      escalations.stop()
      await delivery.stop()
    },
  }
}
