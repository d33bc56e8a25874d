import type { AuditEntry, AuditFilter, AuditLog } from '../model/audit.ts'
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
    list(filter) {
      const { where, values } = conditionsOf(filter)
      const newest = `SELECT * FROM audit_log WHERE ${where} ORDER BY at_ms DESC, rowid DESC LIMIT ? OFFSET ?`
      return db.all(newest, ...values, filter.limit, filter.offset ?? 0).map(toEntry)
    },
  }
}

function conditionsOf({ fromMs, toMs, actor, action, target }: AuditFilter): { where: string; values: (string | number)[] } {
  const conditions: readonly (readonly [sql: string, value: string | number | undefined])[] = [
    ['at_ms >= ?', fromMs],
    ['at_ms < ?', toMs],
    ['actor = ?', actor],
    ['action = ?', action],
    ['target = ?', target],
  ]
  const given = conditions.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]))
  return { where: ['TRUE', ...given.map(({ sql }) => sql)].join(' AND '), values: given.map(({ value }) => value) }
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
