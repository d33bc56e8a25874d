import type { ChangeNotice, ChangeNoticeRecords } from '../model/change-notice.ts'
import { type Database, type Row, textOrNull } from './database.ts'

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

/** What is told is read when it is told, so only the name of the change stays; receivers' own names for their messages come in. */
export const changeThreadTables = `
CREATE TABLE owed_changes (
  id TEXT PRIMARY KEY,
  receiver TEXT NOT NULL,
  change_id TEXT NOT NULL,
  moment TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_try_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO owed_changes SELECT id, receiver, json_extract(change, '$.id'), json_extract(change, '$.status'), created_at_ms, attempts, next_try_at_ms
  FROM change_notices ORDER BY created_at_ms, rowid;
DROP TABLE change_notices;
CREATE TABLE change_threads (
  receiver TEXT NOT NULL,
  change_id TEXT NOT NULL,
  thread TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (receiver, change_id)
) STRICT;
`

/** Nobody adds to a message about a change after so long. */
const keepThreadsForMs = 30 * 86_400_000

/** Word of changes that receivers are owed, and how they call their messages about them. */
export function createChangeNoticeRecords(db: Database): ChangeNoticeRecords {
  return {
    all: () => db.all('SELECT * FROM owed_changes ORDER BY created_at_ms, rowid').map(toNotice),
    save({ id, receiver, changeId, moment, createdAtMs, attempts, nextTryAtMs }) {
      db.run(
        `INSERT INTO owed_changes (id, receiver, change_id, moment, created_at_ms, attempts, next_try_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET moment = excluded.moment, created_at_ms = excluded.created_at_ms, attempts = excluded.attempts,
           next_try_at_ms = excluded.next_try_at_ms`,
        ...[id, receiver, changeId, moment, createdAtMs, attempts, Math.round(nextTryAtMs)],
      )
    },
    remove: (id) => void db.run('DELETE FROM owed_changes WHERE id = ?', id),
    thread: (receiver, changeId) =>
      textOrNull(db.get('SELECT thread FROM change_threads WHERE receiver = ? AND change_id = ?', receiver, changeId)?.thread),
    saveThread(receiver, changeId, thread, atMs) {
      db.transaction(() => {
        db.run(
          'INSERT OR REPLACE INTO change_threads (receiver, change_id, thread, at_ms) VALUES (?, ?, ?, ?)',
          receiver,
          changeId,
          thread,
          atMs,
        )
        db.run('DELETE FROM change_threads WHERE at_ms < ?', atMs - keepThreadsForMs)
      })
    },
  }
}

function toNotice(row: Row): ChangeNotice {
  return {
    id: String(row.id),
    receiver: String(row.receiver),
    changeId: String(row.change_id),
    moment: String(row.moment),
    createdAtMs: Number(row.created_at_ms),
    attempts: Number(row.attempts),
    nextTryAtMs: Number(row.next_try_at_ms),
  }
}
