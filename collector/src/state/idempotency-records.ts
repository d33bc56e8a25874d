import type { IdempotencyRecords } from '../model/idempotency.ts'
import { type Database, fromJson, type Row } from './database.ts'

export const idempotencyTables = `
CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY,
  body_hash TEXT NOT NULL,
  first_ms INTEGER NOT NULL,
  answer TEXT
) STRICT;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (first_ms);
`

/** Which requests with a key were begun, and what they were answered. */
export function createIdempotencyRecords(db: Database): IdempotencyRecords {
  return {
    begin: (key, bodyHash, nowMs) =>
      db.transaction(() => {
        db.run('INSERT OR IGNORE INTO idempotency_keys (key, body_hash, first_ms) VALUES (?, ?, ?)', key, bodyHash, nowMs)
        return toRecord(db.get('SELECT * FROM idempotency_keys WHERE key = ?', key) as Row)
      }),
    finish: (key, answer) => db.run('UPDATE idempotency_keys SET answer = ? WHERE key = ?', JSON.stringify(answer), key),
    forget: (beforeMs, keysMax) =>
      db.transaction(() => {
        db.run('DELETE FROM idempotency_keys WHERE first_ms < ?', beforeMs)
        const newest = 'SELECT rowid FROM idempotency_keys ORDER BY first_ms DESC, rowid DESC LIMIT -1 OFFSET ?'
        db.run(`DELETE FROM idempotency_keys WHERE rowid IN (${newest})`, keysMax)
      }),
  }
}

const toRecord = (row: Row) => ({
  bodyHash: String(row.body_hash),
  firstMs: Number(row.first_ms),
  answer: row.answer === null ? null : fromJson<{ status: number; body: string }>(row.answer),
})
