import { backOffMs, giveUpAfterMs } from '../lib/back-off.ts'
import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Notifier, SendResult } from '../model/alert.ts'
import type { DeliveryAttempt, NotificationRecords } from '../model/alert-records.ts'
import type { ChangeNotice, ChangeNoticeRecords } from '../model/change-notice.ts'
import type { Deployment } from '../model/deployment.ts'

export type ChangeNoticesOptions = {
  readonly records: ChangeNoticeRecords
  /** The delivery log. */
  readonly deliveries: Pick<NotificationRecords, 'commit'>
  /** As configured now. */
  readonly receivers: () => ReadonlyMap<string, Notifier>
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly newId: () => string
}

/** What ended longer ago is history that somebody brings in, and no news. */
const newsForMs = 3_600_000
/** More than this for one receiver are not kept. */
const owedMax = 1000

/**
 * Tells receivers that ask for it of changes that ended: at least once, in spite of restarts, refusals and silence.
 *
 * Each receiver hears of one change after the other, so one that wants a pause has it from all of them.
 */
export function createChangeNotices(options: ChangeNoticesOptions) {
  const { records, clock, log } = options
  const owed = new Map<string, ChangeNotice[]>()
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()

  function hold(notice: ChangeNotice): void {
    const queue = owed.get(notice.receiver) ?? []
    owed.set(notice.receiver, queue)
    if (queue.push(notice) === 1) plan(notice)
  }

  function plan(notice: ChangeNotice): void {
    // A clock that was set back must not make it wait for the time to come round again.
    const waitMs = Math.min(Math.max(0, notice.nextTryAtMs - clock.now()), newsForMs)
    clock.after(waitMs, () => {
      if (stopping.signal.aborted) return
      const work = attempt(notice).finally(() => underWay.delete(work))
      underWay.add(work)
    })
  }

  async function attempt(notice: ChangeNotice): Promise<void> {
    const changes = options.receivers().get(notice.receiver)?.changes
    if (!changes) {
      log.warn({ receiver: notice.receiver }, 'receiver is no longer told of changes; what it was owed is let go')
      settle(notice)
      return
    }
    const tried = { ...notice, attempts: notice.attempts + 1 }
    const startedMs = clock.now()
    const result = await changes.send(notice.change, stopping.signal).catch(failed)
    if (stopping.signal.aborted && !result.ok) return
    const isGivenUp = !result.ok && (!result.retryable || clock.now() - notice.createdAtMs >= giveUpAfterMs)
    options.deliveries.commit({ attempt: toRow(tried, result, isGivenUp, startedMs, clock.now()) })
    if (result.ok || isGivenUp) {
      if (!result.ok) log.error({ receiver: notice.receiver, reason: result.message }, 'word of a change given up')
      settle(notice)
    } else tryLater(tried, result.retryAfterMs ?? 0)
  }

  function tryLater(tried: ChangeNotice, retryAfterMs: number): void {
    const delayMs = Math.max(backOffMs(tried.attempts, options.random), retryAfterMs)
    const next = { ...tried, nextTryAtMs: clock.now() + delayMs }
    records.save(next)
    owed.get(next.receiver)?.splice(0, 1, next)
    plan(next)
  }

  function settle({ id, receiver }: ChangeNotice): void {
    records.remove(id)
    const queue = owed.get(receiver) ?? []
    queue.shift()
    const [next] = queue
    if (next) plan(next)
  }

  return {
    /** Takes up what an earlier process owed. */
    start: (): void => records.all().forEach(hold),
    /** Queues word of a change for everybody who asks for it, when it has ended and is news. */
    tell(change: Deployment): void {
      if (change.finishedAt === null || clock.now() - Date.parse(change.finishedAt) > newsForMs) return
      for (const [receiver, { changes }] of options.receivers()) {
        if (!changes?.wants(change)) continue
        if ((owed.get(receiver)?.length ?? 0) >= owedMax) {
          log.error({ receiver, change: change.id }, `receiver is owed word of ${owedMax} changes; this one is not told`)
          continue
        }
        const notice = { id: options.newId(), receiver, change, createdAtMs: clock.now(), attempts: 0, nextTryAtMs: clock.now() }
        records.save(notice)
        hold(notice)
      }
    },
    /** Ends the tries under way; what is still owed stays queued. */
    async stop(): Promise<void> {
      stopping.abort()
      await Promise.allSettled(underWay)
    },
  }
}

const failed = (thrown: unknown): SendResult => ({ ok: false, retryable: false, message: `the notifier failed: ${messageOf(thrown)}` })

function toRow(notice: ChangeNotice, result: SendResult, isGivenUp: boolean, startedMs: number, endedMs: number): DeliveryAttempt {
  return {
    atMs: endedMs,
    receiver: notice.receiver,
    groupKey: `change:${notice.change.id}`,
    reason: `${notice.change.kind} ${notice.change.status}`,
    status: 'resolved',
    alertIds: [],
    attempt: notice.attempts,
    outcome: result.ok ? 'sent' : isGivenUp ? 'dead_letter' : 'retry',
    message: result.ok ? (result.detail ?? '') : result.message,
    idempotencyKey: notice.id,
    durationMs: endedMs - startedMs,
  }
}
