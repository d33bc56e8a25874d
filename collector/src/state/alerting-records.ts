import { createAlertRecords } from './alert-records.ts'
import { createAuditLog } from './audit-log.ts'
import type { Database } from './database.ts'
import { createNotificationRecords } from './notification-records.ts'
import { createSilenceRecords } from './silence-records.ts'

/** All that alerting keeps in a database, as the engine is given it. */
export function createAlertingRecords(db: Database) {
  return {
    alerts: createAlertRecords(db),
    notifications: createNotificationRecords(db),
    audit: createAuditLog(db),
    silences: createSilenceRecords(db),
    /** What is written meanwhile waits for the disk once. */
    transaction: db.transaction,
  }
}
