import { createHash } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Alert, Notification, Notifier, SendResult, Severity } from '../model/alert.ts'
import type { DeliveryAttempt, NotificationRecords, NotifyEntry, QueuedNotification } from '../model/alert-records.ts'
import { decide, type NotifyReason } from './decide.ts'
import { type AlertLookup, alertsOf, type Group, groupNow } from './group.ts'
import { type Knowledge, withSuccess, withTry } from './knowledge.ts'
import { createLanes } from './lanes.ts'

export type DeliveryOptions = {
  readonly receivers: ReadonlyMap<string, Notifier>
  readonly records: NotificationRecords
  readonly knowledge: Knowledge
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly newId: () => string
  readonly externalUrl: string
  readonly lookup: AlertLookup
  readonly groupByKey: (key: string) => Group | undefined
  /** Called when nothing more is owed to that receiver for now. */
  readonly onSettled: (groupKey: string) => void
}

/** After this long without success a notification is given up; the group's next tick owes a new one. */
const giveUpAfterMs = 15 * 60_000
const firstDelayMs = 1000
const longestDelayMs = 60_000

/** What one try is about to say. */
type Draft = {
  readonly item: QueuedNotification
  readonly group: Group
  readonly reason: NotifyReason
  readonly entry: NotifyEntry | undefined
  readonly firing: ReadonlyMap<string, Severity>
  readonly alerts: readonly Alert[]
}

/**
 * Delivers what receivers are owed: at least once, in spite of restarts, refusals and silence.
 *
 * Each group owes each receiver at most one notification at a time. It is queued durably before the
 * first try, and its text is made anew before each try, so that no retry tells of an alert that is over.
 */
export function createDelivery(options: DeliveryOptions) {
  const { records, knowledge, clock, log } = options
  const owed = new Map<string, QueuedNotification>()
  const notBefore = new Map<string, number>()
  const stopping = new AbortController()
  const lanes = createLanes(4)

  function owe(group: Group, receiver: string): void {
    if (stopping.signal.aborted || owed.has(keyOf(group.key, receiver))) return
    const entry = knowledge.get(group.key, receiver)
    const reason = decide(entry, groupNow(group, options.lookup), group.route, clock.now())
    if (!reason) return
    const nowMs = clock.now()
    const item: QueuedNotification = {
      id: options.newId(),
      groupKey: group.key,
      receiver,
      groupLabels: group.labels,
      createdAtMs: nowMs,
      attempts: 0,
      nextTryAtMs: nowMs,
      lastError: null,
    }
    records.commit({ enqueue: item })
    hold(item)
  }

  function hold(item: QueuedNotification): void {
    owed.set(keyOf(item.groupKey, item.receiver), item)
    const waitMs = Math.max(item.nextTryAtMs, notBefore.get(item.receiver) ?? 0) - clock.now()
    if (waitMs > 0) clock.after(waitMs, () => enter(item))
    else enter(item)
  }

  function enter(item: QueuedNotification): void {
    if (stopping.signal.aborted) return
    lanes.run(item.receiver, async () => {
      if (stopping.signal.aborted) return
      const mustWait = (notBefore.get(item.receiver) ?? 0) > clock.now()
      if (mustWait) hold(item)
      else await attempt(item)
    })
  }

  async function attempt(item: QueuedNotification): Promise<void> {
    const draft = toDraft(item)
    const notifier = options.receivers.get(item.receiver)
    if (!draft || !notifier) {
      settle(item, {})
      return
    }
    if (draft.firing.size === 0 && !draft.group.route.sendResolved) {
      const cleared = withTry(draft.entry, draft.group, item.receiver, [])
      settle(item, { entry: knowledge.set(withSuccess(cleared, toldBy(draft), clock.now())) })
      return
    }
    const trying = { ...item, attempts: item.attempts + 1 }
    const entry = knowledge.set(withTry(draft.entry, draft.group, item.receiver, draft.firing.keys()))
    records.commit({ entry, enqueue: trying })
    const startedMs = clock.now()
    const notification = toNotification(draft, options.externalUrl)
    const result = await send(notifier, notification)
    if (stopping.signal.aborted && !result.ok) return
    conclude({ ...draft, item: trying }, entry, result, logRow(trying, draft, notification, clock.now(), clock.now() - startedMs))
  }

  function conclude(draft: Draft, entry: NotifyEntry, result: SendResult, row: Omit<DeliveryAttempt, 'outcome' | 'message'>): void {
    const { item } = draft
    if (result.ok) {
      const told = knowledge.set(withSuccess(entry, toldBy(draft), row.atMs))
      settle(item, { entry: told, attempt: { ...row, outcome: 'sent', message: result.detail ?? '' } })
      return
    }
    if (result.retryAfterMs !== undefined) notBefore.set(item.receiver, clock.now() + result.retryAfterMs)
    if (!result.retryable || clock.now() - item.createdAtMs >= giveUpAfterMs) {
      giveUp(draft, entry, result, row)
      return
    }
    const delayMs = Math.max(backoffMs(item.attempts, options.random), result.retryAfterMs ?? 0)
    const next = { ...item, nextTryAtMs: clock.now() + delayMs, lastError: result.message }
    records.commit({ enqueue: next, attempt: { ...row, outcome: 'retry', message: result.message } })
    log.warn(
      { receiver: item.receiver, attempt: item.attempts, retryInMs: delayMs, reason: result.message },
      'notification not taken, will try again',
    )
    hold(next)
  }

  /** A plain refusal was read by the receiver, which therefore does not believe what it refused. */
  function giveUp(
    draft: Draft,
    entry: NotifyEntry,
    result: { retryable: boolean; message: string },
    row: Omit<DeliveryAttempt, 'outcome' | 'message'>,
  ): void {
    const { item } = draft
    log.error({ receiver: item.receiver, attempts: item.attempts, reason: result.message }, 'notification given up')
    const unsure = result.retryable ? entry.unsure : (draft.entry?.unsure ?? [])
    settle(item, { entry: knowledge.set({ ...entry, unsure }), attempt: { ...row, outcome: 'dead_letter', message: result.message } })
  }

  function settle(item: QueuedNotification, change: { entry?: NotifyEntry; attempt?: DeliveryAttempt }): void {
    records.commit({ ...change, dequeue: item.id })
    owed.delete(keyOf(item.groupKey, item.receiver))
    options.onSettled(item.groupKey)
  }

  function toDraft(item: QueuedNotification): Draft | undefined {
    const group = options.groupByKey(item.groupKey)
    if (!group) return undefined
    const now = groupNow(group, options.lookup)
    const entry = knowledge.get(item.groupKey, item.receiver)
    const reason = decide(entry, now, group.route, clock.now())
    const alerts = alertsOf(group, options.lookup).filter((alert) => group.route.sendResolved || alert.state !== 'resolved')
    return reason ? { item, group, reason, entry, firing: now.firing, alerts } : undefined
  }

  async function send(notifier: Notifier, notification: Notification): Promise<SendResult> {
    try {
      return await notifier.send(notification, stopping.signal)
    } catch (thrown) {
      return { ok: false, retryable: false, message: `the notifier failed: ${messageOf(thrown)}` }
    }
  }

  return {
    owe,
    isOwed: (groupKey: string, receiver: string): boolean => owed.has(keyOf(groupKey, receiver)),
    /** Takes up what an earlier process owed. */
    resume(queue: readonly QueuedNotification[]): void {
      for (const item of queue) hold(item)
    },
    /** Ends the tries under way; what is still owed stays queued. */
    async stop(): Promise<void> {
      stopping.abort()
      await lanes.idle()
    },
  }
}

function toldBy({ firing, alerts }: Draft) {
  return { firing, resolved: alerts.filter(({ state }) => state === 'resolved').map(({ id }) => id) }
}

function toNotification({ item, group, reason, firing, alerts }: Draft, externalUrl: string): Notification {
  const content = alerts.map(({ id, state, startsAt }) => `${id} ${state === 'resolved' ? 'resolved' : 'firing'} ${startsAt}`).sort()
  return {
    receiver: item.receiver,
    groupKey: group.key,
    status: firing.size > 0 ? 'firing' : 'resolved',
    reason,
    groupLabels: group.labels,
    alerts,
    externalUrl,
    idempotencyKey: createHash('sha256')
      .update([item.id, ...content].join('\n'))
      .digest('hex')
      .slice(0, 32),
  }
}

function logRow(item: QueuedNotification, draft: Draft, notification: Notification, atMs: number, durationMs: number) {
  return {
    atMs,
    receiver: item.receiver,
    groupKey: item.groupKey,
    reason: draft.reason,
    status: notification.status,
    alertIds: draft.alerts.map(({ id }) => id),
    attempt: item.attempts,
    idempotencyKey: notification.idempotencyKey,
    durationMs,
  }
}

/** Doubles each time up to a minute; half of it is random, so that receivers are not hit in step. */
function backoffMs(attempts: number, random: () => number): number {
  const fullMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempts - 1))
  return fullMs / 2 + (fullMs / 2) * random()
}

function keyOf(groupKey: string, receiver: string): string {
  return `${groupKey} ${receiver}`
}
