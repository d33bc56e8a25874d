import { createHash } from 'node:crypto'
import type { Alert, Notification } from '../../model/alert.ts'
import type { DeliveryAttempt, NotifyEntry, QueuedNotification, ToldAlert } from '../../model/alert-records.ts'
import { decide, type NotifyReason } from './decide.ts'
import { type Group, type GroupDoors, type Tellable, tellable } from './group.ts'

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
  readonly alerts: readonly Alert[]
}

const endings: ReadonlySet<NotifyReason | null> = new Set(['all alerts resolved', 'some alerts resolved'])

/** Why a receiver is told now; null: it is not. Whom the chain told hears of ends unasked, and of the rest when its step comes. */
export function reasonFor(
  { receiver, demand }: Pick<QueuedNotification, 'receiver' | 'demand'>,
  group: Group,
  entry: NotifyEntry | undefined,
  now: Tellable,
  sinceToldMs: number | null,
): string | null {
  const { digest } = group.route
  if (digest) return now.alerts.length > 0 || !digest.skipEmpty ? demand : null
  if (demand !== null && now.firing.size > 0 && !now.isAcknowledged) return demand
  const reason = decide(entry, now, group.route, sinceToldMs)
  return group.route.receivers.includes(receiver) || endings.has(reason) ? reason : null
}

/** The notification as it has to be now; undefined when there is nothing to tell any more. */
export function toDraft(
  item: QueuedNotification,
  group: Group,
  entry: NotifyEntry | undefined,
  doors: GroupDoors,
  sinceToldMs: number | null,
): Draft | undefined {
  const now = tellable(group, item.receiver, doors)
  const reason = reasonFor(item, group, entry, now, sinceToldMs)
  const alerts = now.alerts.filter((alert) => group.route.sendResolved || alert.state !== 'resolved')
  return reason ? { item, group, reason, entry, firing: now.firing, held: now.held, flapping: now.flapping, alerts } : undefined
}

/** What the receiver knows once it took the draft. */
export function toldBy({ firing, held, flapping, alerts }: Draft) {
  return { firing, held, flapping: [...flapping], resolved: alerts.filter(({ state }) => state === 'resolved').map(({ id }) => id) }
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
