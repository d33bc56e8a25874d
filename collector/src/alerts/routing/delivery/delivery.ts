import { backOffMs, giveUpAfterMs } from '../../../lib/back-off.ts'
import { type Clock, createEarlierTimes } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { Log } from '../../../lib/log.ts'
import type { Alert, Notification, Notifier, SendResult } from '../../../model/alert.ts'
import type { DeliveryAttempt, NotifyEntry, QueuedNotification } from '../../../model/alert-records.ts'
import type { NotifyReason } from '../groups/decide.ts'
import { type AttemptRow, type Draft, owedTo, toDraft, toldBy, toNotification, toRow } from '../groups/draft.ts'
import type { Group, GroupDoors } from '../groups/group.ts'
import { type Knowledge, withSuccess, withTry } from '../groups/knowledge.ts'
import type { ReceiverWatch } from './receiver-watch.ts'
import type { SharedWrites } from './shared-writes.ts'
import { createWaiting } from './waiting.ts'

export type DeliveryOptions = {
  readonly settings: () => { readonly receivers: ReadonlyMap<string, Notifier> }
  readonly records: SharedWrites
  readonly knowledge: Knowledge
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly newId: () => string
  readonly externalUrl: string
  readonly acknowledgeUrl: (groupKey: string, createdAtMs: number) => string
  readonly watch: ReceiverWatch
  /** An alert with how its value went. */
  readonly drawn: (alert: Alert) => Alert
  readonly onTold: (receiver: string, alerts: readonly Alert[]) => void
  readonly doors: GroupDoors
  readonly groupByKey: (key: string) => Group | undefined
  /** Called when nothing more is owed to that receiver for now. */
  readonly onSettled: (groupKey: string) => void
}

/**
 * Delivers what receivers are owed: at least once, in spite of restarts, refusals and silence.
 *
 * Each group owes each receiver at most one notification at a time. It is queued durably before the
 * first try, and its text is made anew before each try, so that no retry tells of an alert that is over.
 */
export function createDelivery(options: DeliveryOptions) {
  const { records, knowledge, clock, log, doors } = options
  const stopping = new AbortController()
  const waiting = createWaiting({ clock, attempt })
  const learn = (draft: Draft, entry: NotifyEntry, thread?: string) =>
    knowledge.set(withSuccess(entry, toldBy(draft), { nowMs: clock.now(), thread }))

  const toMonotonic = createEarlierTimes(clock)
  /** When each notification was queued, by the clock that only ever goes on; those of an earlier process are not here. */
  const queuedAt = new Map<string, number>()
  const sinceTold = ({ groupKey, receiver }: QueuedNotification) => knowledge.sinceToldMs(groupKey, receiver)

  async function attempt(item: QueuedNotification): Promise<void> {
    const group = options.groupByKey(item.groupKey)
    const notifier = options.settings().receivers.get(item.receiver)
    const draft = group && toDraft(item, group, knowledge.get(item.groupKey, item.receiver), doors, sinceTold(item))
    if (!draft || !notifier) settle(item, {})
    else if (draft.alerts.length === 0 && !draft.group.route.digest)
      settle(item, { entry: learn(draft, withTry(draft.entry, draft.group, item.receiver, { firing: [], taken: false })) })
    else await tryOnce(draft, notifier)
  }

  /**
   * The try is on disk before it begins: a process that dies now has perhaps told, and the next one
   * knows that.
   */
  async function tryOnce(draft: Draft, notifier: Notifier): Promise<void> {
    const item = { ...draft.item, attempts: draft.item.attempts + 1 }
    const entry = knowledge.set(withTry(draft.entry, draft.group, item.receiver, { firing: draft.firing.keys(), taken: draft.taken }))
    for (const { id, state } of draft.alerts) if (state === 'resolved') draft.group.unseenEnds.delete(id)
    records.commit({ entry, enqueue: item })
    await records.written()
    const startedMs = clock.now()
    const notification = toNotification(draft, options)
    const result = await send(notifier, notification, stopping.signal)
    if (stopping.signal.aborted && !result.ok) return
    const row = toRow({ ...draft, item }, notification, startedMs, clock.now())
    if (result.ok) {
      options.watch.onSent(item.receiver)
      options.onTold(item.receiver, draft.alerts)
      settle(item, { entry: learn(draft, entry, result.thread), attempt: { ...row, outcome: 'sent', message: result.detail ?? '' } })
    } else tryLater({ ...draft, item }, entry, result, row)
  }

  function tryLater(draft: Draft, entry: NotifyEntry, result: Refusal, row: AttemptRow): void {
    const { item } = draft
    if (result.retryAfterMs !== undefined) waiting.leaveAlone(item.receiver, result.retryAfterMs)
    // Of a notification that is given up the group's next tick owes a new one.
    const isGivenUp = !result.retryable || clock.monotonic() - (queuedAt.get(item.id) ?? toMonotonic(item.createdAtMs)) >= giveUpAfterMs
    options.watch.onFailure(item.receiver, { reason: result.message, isGivenUp })
    if (isGivenUp) {
      log.error({ receiver: item.receiver, attempts: item.attempts, reason: result.message }, 'notification given up')
      // A plain refusal was read by the receiver, which therefore does not believe what it refused.
      const unsure = result.retryable ? entry.unsure : (draft.entry?.unsure ?? [])
      settle(item, { entry: knowledge.set({ ...entry, unsure }), attempt: { ...row, outcome: 'dead_letter', message: result.message } })
      return
    }
    const next = toNext(item, result, clock.now(), options.random)
    records.commit({ enqueue: next, attempt: { ...row, outcome: 'retry', message: result.message } })
    log.warn({ receiver: item.receiver, attempt: item.attempts, reason: result.message }, 'notification not taken, will try again')
    waiting.hold(next)
  }

  function settle(item: QueuedNotification, change: { entry?: NotifyEntry; attempt?: DeliveryAttempt }): void {
    records.commit({ ...change, dequeue: item.id })
    queuedAt.delete(item.id)
    waiting.release(item)
    options.onSettled(item.groupKey)
  }

  return {
    isOwed: waiting.has,
    /** Queues a notification when the receiver is owed one, or one is demanded, and none is queued yet. */
    owe(group: Group, receiver: string, demand: string | null = null): void {
      if (stopping.signal.aborted || waiting.has(group.key, receiver)) return
      const owed = { receiver, demand }
      const sinceToldMs = knowledge.sinceToldMs(group.key, receiver)
      const { reason } = owedTo(owed, group, knowledge.get(group.key, receiver), doors, sinceToldMs) ?? {}
      if (!reason) return
      const item = toQueued(options.newId(), group, owed, clock.now())
      queuedAt.set(item.id, clock.monotonic())
      // A try writes it down itself, before anything is sent.
      if (!waiting.hold(item, beginnings.has(reason))) records.commit({ enqueue: item })
    },
    /** Takes up what an earlier process owed. */
    resume: (queue: readonly QueuedNotification[]): void => {
      for (const item of queue) waiting.hold(item)
    },
    /** Ends the tries under way; what is still owed stays queued. */
    async stop(): Promise<void> {
      stopping.abort()
      records.flush()
      await waiting.stop()
      records.flush()
    },
  }
}

/** Who waits to hear of something new comes before who waits to hear of its end. */
const beginnings: ReadonlySet<string> = new Set<NotifyReason>(['first notification', 'new alerts added'])

type Refusal = SendResult & { readonly ok: false }

async function send(notifier: Notifier, notification: Notification, signal: AbortSignal): Promise<SendResult> {
  try {
    return await notifier.send(notification, signal)
  } catch (thrown) {
    return { ok: false, retryable: false, message: `the notifier failed: ${messageOf(thrown)}` }
  }
}

function toQueued(id: string, group: Group, owed: Pick<QueuedNotification, 'receiver' | 'demand'>, nowMs: number): QueuedNotification {
  const { key: groupKey, labels: groupLabels } = group
  return {
    id,
    groupKey,
    groupLabels,
    receiver: owed.receiver,
    demand: owed.demand,
    createdAtMs: nowMs,
    attempts: 0,
    nextTryAtMs: nowMs,
    lastError: null,
  }
}

function toNext(item: QueuedNotification, { message, retryAfterMs = 0 }: Refusal, nowMs: number, random: () => number): QueuedNotification {
  const delayMs = Math.max(backOffMs(item.attempts, random), retryAfterMs)
  return { ...item, nextTryAtMs: nowMs + delayMs, lastError: message }
}
