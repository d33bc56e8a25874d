import type { Log } from '../lib/log.ts'
import type { AlertRecords, NotificationRecords } from '../model/alert-records.ts'

/** Writes what is written meanwhile as one. */
export type Transaction = (work: () => void) => void

/**
 * The same records, whose writes by the engine itself may fail: a full disk must not keep an alert
 * from being sent. What could not be written lives in memory until the process ends.
 */
export function tolerateAlertRecords(records: AlertRecords, log: Log): AlertRecords {
  return {
    ...records,
    commit: (change) => attempt(log, () => records.commit(change)),
    prune: (beforeMs) => attempt(log, () => records.prune(beforeMs)),
    seen: (nowMs) => attempt(log, () => records.seen(nowMs)),
  }
}

export function tolerateNotificationRecords(records: NotificationRecords, log: Log): NotificationRecords {
  return { ...records, commit: (change) => attempt(log, () => records.commit(change)) }
}

/** One wait for the disk, and all that is done meanwhile is done even if nothing could be written. */
export function tolerateTransaction(transaction: Transaction, log: Log): (work: () => void) => void {
  return (work) => {
    const outcome: { isDone: boolean; thrown?: unknown } = { isDone: false }
    const run = () => {
      outcome.isDone = true
      try {
        work()
      } catch (thrown) {
        // No fault of the disk: what was written before stays, and whoever called hears of it.
        outcome.thrown = thrown
      }
    }
    attempt(log, () => transaction(run))
    if (!outcome.isDone) run()
    if ('thrown' in outcome) throw outcome.thrown
  }
}

function attempt(log: Log, write: () => void): void {
  try {
    write()
  } catch (thrown) {
    log.error({ err: thrown }, 'alert state could not be saved; it is kept in memory only')
  }
}
