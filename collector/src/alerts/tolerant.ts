import type { Log } from '../lib/log.ts'
import type { AlertRecords, NotificationRecords } from '../model/alert-records.ts'

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

function attempt(log: Log, write: () => void): void {
  try {
    write()
  } catch (thrown) {
    log.error({ err: thrown }, 'alert state could not be saved; it is kept in memory only')
  }
}
