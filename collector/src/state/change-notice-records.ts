import type { ChangeNotice, ChangeNoticeRecords } from '../model/change-notice.ts'
import { type Database, fromJson, type Row } from './database.ts'

export const changeNoticeTables = `
CREATE TABLE change_notices (
  id TEXT PRIMARY KEY,
  receiver TEXT NOT NULL,
  change TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_try_at_ms INTEGER NOT NULL
) STRICT;
`

/** Word of changes that receivers are owed. */
export function createChangeNoticeRecords(db: Database): ChangeNoticeRecords {
  return {
    all: () => db.all('SELECT * FROM change_notices ORDER BY created_at_ms, rowid').map(toNotice),
    save({ id, receiver, change, createdAtMs, attempts, nextTryAtMs }) {
      db.run(
        `INSERT INTO change_notices (id, receiver, change, created_at_ms, attempts, next_try_at_ms) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET attempts = excluded.attempts, next_try_at_ms = excluded.next_try_at_ms`,
        ...[id, receiver, JSON.stringify(change), createdAtMs, attempts, Math.round(nextTryAtMs)],
      )
    },
    remove: (id) => void db.run('DELETE FROM change_notices WHERE id = ?', id),
  }
}

function toNotice(row: Row): ChangeNotice {
  return {
    id: String(row.id),
    receiver: String(row.receiver),
    change: fromJson(row.change),
    createdAtMs: Number(row.created_at_ms),
    attempts: Number(row.attempts),
    nextTryAtMs: Number(row.next_try_at_ms),
  }
}
