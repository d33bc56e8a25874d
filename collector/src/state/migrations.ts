import { alertTables, markTables, sourceColumn } from './alert-records.ts'
import { auditTables } from './audit-log.ts'
import { changeNoticeTables, changeThreadTables } from './change-notice-records.ts'
import { changeColumns, deploymentTables } from './deployment-records.ts'
import { gateTables } from './gate-records.ts'
import { healthTables } from './health-records.ts'
import { idempotencyTables } from './idempotency-records.ts'
import { escalationTables, notificationTables, takenColumn, threadColumn, toldEpisodes } from './notification-records.ts'
import { signingKeyTables } from './signing-key.ts'
import { silenceTables } from './silence-records.ts'

/**
 * The steps from an empty file to the present tables; the schema version is how many were taken.
 * A step that was released is never changed: a new one is added.
 */
export const migrations: readonly string[] = [
  [alertTables, notificationTables, deploymentTables, healthTables, auditTables].join('\n'),
  silenceTables,
  signingKeyTables,
  idempotencyTables,
  escalationTables,
  changeColumns,
  markTables,
  sourceColumn,
  changeNoticeTables,
  gateTables,
  changeThreadTables,
  threadColumn,
  toldEpisodes,
  takenColumn,
]
