import { backOffMs, giveUpAfterMs } from '../lib/back-off.ts'
import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Notifier, SendResult } from '../model/alert.ts'
import type { DeliveryAttempt, NotificationRecords } from '../model/alert-records.ts'
import type { ChangeNews, ChangeNotice, ChangeNoticeRecords, ChangeStanding } from '../model/change-notice.ts'
import type { Deployment } from '../model/deployment.ts'
import type { GateResult } from '../model/gate.ts'
import { type ChangeTemplates, standingOf, toChangeNews } from './change-news.ts'
import { createChangeQueue } from './change-queue.ts'

export type ChangeNoticesOptions = {
  readonly records: ChangeNoticeRecords
  /** The delivery log. */
  readonly deliveries: Pick<NotificationRecords, 'commit'>
  /** As configured now. */
  readonly receivers: () => ReadonlyMap<string, Notifier>
  /** A change as it stands now. */
  readonly changeOf: (id: string) => Deployment | undefined
  /** What gates said of a change. */
  readonly gatesOf: (id: string) => readonly GateResult[]
  /** Hears how it goes with receivers. */
  readonly watch: {
    onSent(receiver: string): void
    onFailure(receiver: string, failure: { readonly reason: string; readonly isGivenUp: boolean }): void
  }
  readonly templates: ChangeTemplates
  readonly externalUrl: string
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
 * Tells receivers that ask for it of changes: at least once, in spite of restarts, refusals and silence.
 *
 * Each receiver hears of one change after the other, so one that wants a pause has it from all of them. What is said is made
 * anew before each try: a receiver that was away hears how a deployment ended, and not that it began.
 */
export function createChangeNotices(options: ChangeNoticesOptions) {
  const { records, clock, log } = options
  const queue = createChangeQueue()
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()

  function plan(notice: ChangeNotice | undefined): void {
    if (!notice) return
    // A clock that was set back must not make it wait for the time to come round again.
    const waitMs = Math.min(Math.max(0, notice.nextTryAtMs - clock.now()), newsForMs)
    clock.after(waitMs, () => {
      const first = queue.first(notice.receiver)
      if (stopping.signal.aborted || !first) return
      const work = attempt(first).finally(() => underWay.delete(work))
      underWay.add(work)
    })
  }

  async function attempt(notice: ChangeNotice): Promise<void> {
    const { receiver, changeId } = notice
    const changes = options.receivers().get(receiver)?.changes
    const change = options.changeOf(changeId)
    if (!changes || !change) {
      log.warn({ receiver, change: changeId }, 'receiver is no longer told of changes; what it was owed is let go')
      settle(notice)
      return
    }
    const news = toChangeNews(notice, standingOf(change, options.gatesOf(changeId)), {
      ...options,
      thread: records.thread(receiver, changeId),
    })
    const startedMs = clock.now()
    const result = await changes.send(news, stopping.signal).catch(failed)
    if (stopping.signal.aborted && !result.ok) return
    const tried = { ...notice, attempts: notice.attempts + 1 }
    const isGivenUp = !result.ok && (!result.retryable || clock.now() - notice.createdAtMs >= giveUpAfterMs)
    options.deliveries.commit({ attempt: toRow(tried, news, result, isGivenUp, startedMs, clock.now()) })
    if (result.ok && result.thread !== undefined) records.saveThread(receiver, changeId, result.thread, clock.now())
    if (result.ok) options.watch.onSent(receiver)
    else options.watch.onFailure(receiver, { reason: result.message, isGivenUp })
    if (!result.ok && isGivenUp) log.error({ receiver, reason: result.message }, 'word of a change given up')
    if (result.ok || isGivenUp) settle(notice)
    else tryLater(tried, result.retryAfterMs ?? 0)
  }

  /** What became news during the try is told by the next one. */
  function tryLater(tried: ChangeNotice, retryAfterMs: number): void {
    const { moment, createdAtMs } = queue.about(tried.receiver, tried.changeId) ?? tried
    const delayMs = Math.max(backOffMs(tried.attempts, options.random), retryAfterMs)
    const next = { ...tried, moment, createdAtMs, nextTryAtMs: clock.now() + delayMs }
    records.save(next)
    queue.put(next)
    plan(next)
  }

  /** Done, unless something became news during the try. */
  function settle(tried: ChangeNotice): void {
    const latest = queue.about(tried.receiver, tried.changeId)
    if (latest && latest.moment !== tried.moment) {
      const next = { ...latest, attempts: 0, nextTryAtMs: clock.now() }
      records.save(next)
      queue.put(next)
    } else {
      records.remove(tried.id)
      queue.remove(tried)
    }
    plan(queue.first(tried.receiver))
  }

  function toNotice(receiver: string, { change, moment }: ChangeStanding): ChangeNotice | undefined {
    const [changeId, createdAtMs] = [change.id, clock.now()]
    const waiting = queue.about(receiver, changeId)
    if (waiting) return { ...waiting, moment, createdAtMs }
    if (queue.sizeOf(receiver) < owedMax)
      return { id: options.newId(), receiver, changeId, moment, createdAtMs, attempts: 0, nextTryAtMs: createdAtMs }
    log.error({ receiver, change: changeId }, `receiver is owed word of ${owedMax} changes; this one is not told`)
    return undefined
  }

  const begin = (notice: ChangeNotice): void => {
    if (queue.put(notice)) plan(notice)
  }

  return {
    /** Takes up what an earlier process owed. */
    start: (): void => records.all().forEach(begin),
    /** Writes down who is to hear how a change stands now, if that is news; what it returns begins to tell them. */
    owe(change: Deployment): () => void {
      const standing = standingOf(change, options.gatesOf(change.id))
      if (clock.now() - Date.parse(standing.at) > newsForMs) return () => {}
      const asking = [...options.receivers()].filter(([, { changes }]) => changes?.wants(standing))
      const notices = asking.flatMap(([receiver]) => toNotice(receiver, standing) ?? [])
      notices.forEach(records.save)
      return () => notices.forEach(begin)
    },
    /** Ends the tries under way; what is still owed stays queued. */
    async stop(): Promise<void> {
      stopping.abort()
      await Promise.allSettled(underWay)
    },
  }
}

const failed = (thrown: unknown): SendResult => ({ ok: false, retryable: false, message: `the notifier failed: ${messageOf(thrown)}` })

function toRow(
  notice: ChangeNotice,
  { change, moment, idempotencyKey }: ChangeNews,
  result: SendResult,
  isGivenUp: boolean,
  startedMs: number,
  endedMs: number,
): DeliveryAttempt {
  return {
    atMs: endedMs,
    receiver: notice.receiver,
    groupKey: `change:${change.id}`,
    reason: `${change.kind} ${moment}`,
    status: 'resolved',
    alertIds: [],
    attempt: notice.attempts,
    outcome: result.ok ? 'sent' : isGivenUp ? 'dead_letter' : 'retry',
    message: result.ok ? (result.detail ?? '') : result.message,
    idempotencyKey,
    durationMs: endedMs - startedMs,
  }
}
