import { createHash } from 'node:crypto'
import type { Alert, Notification } from '../../../model/alert.ts'
import type { DeliveryAttempt, NotifyEntry, QueuedNotification, ToldAlert } from '../../../model/alert-records.ts'
import { decide, type NotifyReason } from './decide.ts'
import { type Group, type GroupDoors, type Tellable, tellable } from './group.ts'
import { isTaking, notTaken } from './taking.ts'

/** What one try is about to say. */
export type Draft = {
  readonly item: QueuedNotification
  readonly group: Group
  readonly reason: string
  /** What the receiver knew before. */
  readonly entry: NotifyEntry | undefined
  readonly firing: ReadonlyMap<string, ToldAlert>
  readonly held: ReadonlySet<string>
  readonly flapping: ReadonlySet<string>
  /** It says that somebody has all the alerts. */
  readonly taken: boolean
  readonly alerts: readonly Alert[]
}

type Owed = { readonly reason: string; readonly now: Tellable }

/**
 * What a receiver is told now, and why; undefined: nothing. Whom a chain told, or the routes before a change, hears of the
 * ends of what it was told, and of the rest when its step comes.
 */
export function owedTo(
  { receiver, demand }: Pick<QueuedNotification, 'receiver' | 'demand'>,
  group: Group,
  entry: NotifyEntry | undefined,
  doors: GroupDoors,
  sinceToldMs: number | null,
): Owed | undefined {
  const { digest, receivers, sendResolved } = group.route
  const now = tellable(group, receiver, doors)
  const because = (reason: string | null, told = now) => (reason === null ? undefined : { reason, now: told })
  if (digest) return because(now.alerts.length > 0 || !digest.skipEmpty ? demand : null)
  if (demand !== null && now.firing.size > 0 && now.isAcknowledged === isTaking(demand)) return because(demand)
  // Somebody had them for so short a time that only a try without an answer may have said so.
  if (demand !== null && isTaking(demand) && now.firing.size > 0 && entry?.taken) return because(notTaken)
  if (receivers.includes(receiver)) return because(decide(entry, now, group.route, sinceToldMs))
  const known = tellable(group, receiver, doors, true)
  return because(endOf(known, sendResolved), known)
}

/** Of what a receiver believes to fire. */
function endOf({ firing, resolved }: Tellable, sendResolved: boolean): NotifyReason | null {
  if (resolved.length === 0) return null
  if (firing.size === 0) return 'all alerts resolved'
  return sendResolved ? 'some alerts resolved' : null
}

/** The notification as it has to be now; undefined when there is nothing to tell any more. */
export function toDraft(
  item: QueuedNotification,
  group: Group,
  entry: NotifyEntry | undefined,
  doors: GroupDoors,
  sinceToldMs: number | null,
): Draft | undefined {
  const owed = owedTo(item, group, entry, doors, sinceToldMs)
  if (!owed) return undefined
  const { firing, held, flapping, alerts, isAcknowledged } = owed.now
  const told = alerts.filter((alert) => group.route.sendResolved || alert.state !== 'resolved')
  return { item, group, reason: owed.reason, entry, firing, held, flapping, taken: firing.size > 0 && isAcknowledged, alerts: told }
}

/** What the receiver knows once it took the draft. */
export function toldBy({ firing, held, flapping, taken, alerts }: Draft) {
  const resolved = alerts.filter(({ state }) => state === 'resolved').map(({ id }) => id)
  return { firing, held, flapping: [...flapping], taken, resolved }
}

type Rendering = {
  readonly drawn: (alert: Alert) => Alert
  readonly externalUrl: string
  readonly acknowledgeUrl: (groupKey: string, createdAtMs: number) => string
}

export function toNotification({ item, group, reason, entry, firing, alerts }: Draft, { drawn, ...links }: Rendering): Notification {
  const content = alerts.map(({ id, state, startsAt }) => `${id} ${state === 'resolved' ? 'resolved' : 'firing'} ${startsAt}`).sort()
  return {
    receiver: item.receiver,
    groupKey: group.key,
    status: firing.size > 0 ? 'firing' : 'resolved',
    reason,
    groupLabels: group.labels,
    alerts: alerts.map(drawn),
    externalUrl: links.externalUrl,
    ...(firing.size > 0 && { acknowledgeUrl: links.acknowledgeUrl(group.key, item.createdAtMs) }),
    ...(isTaking(reason) && { quiet: true }),
    // Yesterday's digest stays as it was.
    ...(entry?.thread && !group.route.digest && { thread: entry.thread }),
    idempotencyKey: createHash('sha256')
      .update([item.id, ...content].join('\n'))
      .digest('hex')
      .slice(0, 32),
  }
}

export type AttemptRow = Omit<DeliveryAttempt, 'outcome' | 'message'>

export function toRow({ item, alerts }: Draft, notification: Notification, startedMs: number, endedMs: number): AttemptRow {
  return {
    atMs: endedMs,
    receiver: item.receiver,
    groupKey: item.groupKey,
    reason: notification.reason,
    status: notification.status,
    alertIds: alerts.map(({ id }) => id),
    attempt: item.attempts,
    idempotencyKey: notification.idempotencyKey,
    durationMs: endedMs - startedMs,
  }
}
