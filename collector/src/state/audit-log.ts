import type { AuditEntry, AuditLog } from '../model/audit.ts'
import { type Database, fromJson, type Row } from './database.ts'

export const auditTables = `
CREATE TABLE audit_log (
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_by_time ON audit_log (at_ms);
`

/** Rows are only ever added. */
export function createAuditLog(db: Database): AuditLog {
  return {
    record(entry) {
      db.run(
        'INSERT INTO audit_log (at_ms, actor, action, target, detail) VALUES (?, ?, ?, ?, ?)',
        entry.atMs,
        entry.actor,
        entry.action,
        entry.target,
        JSON.stringify(entry.detail),
      )
    },
    list: ({ limit, beforeMs = Number.MAX_SAFE_INTEGER, action }) =>
      db
        .all(
          'SELECT * FROM audit_log WHERE at_ms < ? AND (? IS NULL OR action = ?) ORDER BY at_ms DESC, rowid DESC LIMIT ?',
          beforeMs,
          action ?? null,
          action ?? null,
          limit,
        )
        .map(toEntry),
  }
}

function toEntry(row: Row): AuditEntry {
  return {
    atMs: Number(row.at_ms),
    actor: String(row.actor),
    action: String(row.action),
    target: String(row.target),
    detail: fromJson(row.detail),
  }
}
