import type { Alert } from '../model/alert.ts'
import type { Acknowledgement, AlertInstance, AlertMark, AlertRecords } from '../model/alert-records.ts'
import { type Database, fromJson, numberOrNull, type Row } from './database.ts'

export const alertTables = `
CREATE TABLE alert_instances (
  id TEXT PRIMARY KEY,
  rule TEXT NOT NULL,
  severity TEXT NOT NULL,
  state TEXT NOT NULL,
  labels TEXT NOT NULL,
  annotations TEXT NOT NULL,
  value REAL,
  active_since_ms INTEGER,
  fired_at_ms INTEGER,
  recovering_since_ms INTEGER,
  missing_since_ms INTEGER,
  cause TEXT
) STRICT;
CREATE TABLE alert_history (
  id TEXT NOT NULL,
  starts_at_ms INTEGER NOT NULL,
  ends_at_ms INTEGER NOT NULL,
  alert TEXT NOT NULL,
  PRIMARY KEY (id, starts_at_ms)
) STRICT;
CREATE INDEX alert_history_by_end ON alert_history (ends_at_ms);
CREATE TABLE acknowledgements (
  alert_id TEXT PRIMARY KEY,
  actor TEXT NOT NULL,
  comment TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  until_ms INTEGER,
  severity TEXT NOT NULL
) STRICT;
CREATE TABLE alert_engine (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), seen_at_ms INTEGER NOT NULL) STRICT;
`

export const markTables = `
CREATE TABLE alert_marks (
  alert_id TEXT NOT NULL,
  starts_at_ms INTEGER NOT NULL,
  useful INTEGER NOT NULL,
  actor TEXT NOT NULL,
  comment TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (alert_id, starts_at_ms)
) STRICT;
`

/** Alerts of other systems came later than our own. */
export const sourceColumn = 'ALTER TABLE alert_instances ADD COLUMN source TEXT;'

/** The tables behind the alert engine. */
export function createAlertRecords(db: Database): AlertRecords {
  return {
    instances: () => db.all('SELECT * FROM alert_instances ORDER BY id').map(toInstance),
    commit({ save, remove, ended }) {
      db.transaction(() => {
        for (const instance of save) saveInstance(db, instance)
        for (const id of remove) db.run('DELETE FROM alert_instances WHERE id = ?', id)
        for (const alert of ended) saveEpisode(db, alert)
      })
    },
    acknowledgements: () => db.all('SELECT * FROM acknowledgements').map(toAcknowledgement),
    acknowledge: (acknowledgement) => saveAcknowledgement(db, acknowledgement),
    unacknowledge: (alertId) => db.run('DELETE FROM acknowledgements WHERE alert_id = ?', alertId),
    history: ({ fromMs, toMs, ids }, limit) =>
      db
        .all(
          `SELECT alert FROM alert_history WHERE ends_at_ms >= ? AND starts_at_ms < ?
           ${ids ? 'AND id IN (SELECT value FROM json_each(?))' : ''} ORDER BY ends_at_ms DESC LIMIT ?`,
          ...[fromMs, toMs, ...(ids ? [JSON.stringify(ids)] : []), limit],
        )
        .map(toAlert),
    lastEpisode(alertId) {
      const row = db.get('SELECT alert FROM alert_history WHERE id = ? ORDER BY starts_at_ms DESC LIMIT 1', alertId)
      return row && toAlert(row)
    },
    episode(alertId, startsAtMs) {
      const row = db.get('SELECT alert FROM alert_history WHERE id = ? AND starts_at_ms = ?', alertId, startsAtMs)
      return row && toAlert(row)
    },
    marks: () => db.all('SELECT * FROM alert_marks').map(toMark),
    mark: (mark) => saveMark(db, mark),
    prune(beforeMs) {
      db.run('DELETE FROM alert_marks WHERE at_ms < ?', beforeMs)
      db.run('DELETE FROM alert_history WHERE ends_at_ms < ?', beforeMs)
      db.run('DELETE FROM deliveries WHERE at_ms < ?', beforeMs)
    },
    lastSeenMs: () => numberOrNull(db.get('SELECT seen_at_ms FROM alert_engine')?.seen_at_ms),
    seen: (nowMs) => db.run('INSERT OR REPLACE INTO alert_engine (only_row, seen_at_ms) VALUES (1, ?)', nowMs),
  }
}

function saveInstance(db: Database, instance: AlertInstance): void {
  db.run(
    `INSERT OR REPLACE INTO alert_instances (id, rule, severity, state, labels, annotations, value,
       active_since_ms, fired_at_ms, recovering_since_ms, missing_since_ms, cause, source)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    instance.id,
    instance.rule,
    instance.severity,
    instance.state,
    JSON.stringify(instance.labels),
    JSON.stringify(instance.annotations),
    instance.value,
    instance.activeSinceMs,
    instance.firedAtMs,
    instance.recoveringSinceMs,
    instance.missingSinceMs,
    instance.cause && JSON.stringify(instance.cause),
    instance.source ?? null,
  )
}

function saveEpisode(db: Database, alert: Alert): void {
  db.run(
    'INSERT OR REPLACE INTO alert_history (id, starts_at_ms, ends_at_ms, alert) VALUES (?, ?, ?, ?)',
    alert.id,
    Date.parse(alert.startsAt),
    Date.parse(alert.endsAt ?? alert.startsAt),
    JSON.stringify(alert),
  )
}

function saveAcknowledgement(db: Database, acknowledgement: Acknowledgement): void {
  db.run(
    'INSERT OR REPLACE INTO acknowledgements (alert_id, actor, comment, at_ms, until_ms, severity) VALUES (?, ?, ?, ?, ?, ?)',
    acknowledgement.alertId,
    acknowledgement.actor,
    acknowledgement.comment,
    acknowledgement.atMs,
    acknowledgement.untilMs,
    acknowledgement.severity,
  )
}

function saveMark(db: Database, { alertId, startsAtMs, useful, actor, comment, atMs }: AlertMark): void {
  if (useful === null) db.run('DELETE FROM alert_marks WHERE alert_id = ? AND starts_at_ms = ?', alertId, startsAtMs)
  else {
    db.run(
      'INSERT OR REPLACE INTO alert_marks (alert_id, starts_at_ms, useful, actor, comment, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
      ...[alertId, startsAtMs, Number(useful), actor, comment, atMs],
    )
  }
}

function toMark(row: Row) {
  return {
    alertId: String(row.alert_id),
    startsAtMs: Number(row.starts_at_ms),
    useful: row.useful === 1,
    actor: String(row.actor),
    comment: String(row.comment),
    atMs: Number(row.at_ms),
  }
}

function toInstance(row: Row): AlertInstance {
  return {
    id: String(row.id),
    rule: String(row.rule),
    ...(row.source !== null && { source: String(row.source) }),
    severity: row.severity as AlertInstance['severity'],
    state: row.state as AlertInstance['state'],
    labels: fromJson(row.labels),
    annotations: fromJson(row.annotations),
    value: numberOrNull(row.value),
    activeSinceMs: numberOrNull(row.active_since_ms),
    firedAtMs: numberOrNull(row.fired_at_ms),
    recoveringSinceMs: numberOrNull(row.recovering_since_ms),
    missingSinceMs: numberOrNull(row.missing_since_ms),
    cause: row.cause === null ? null : fromJson(row.cause),
  }
}

function toAcknowledgement(row: Row): Acknowledgement {
  return {
    alertId: String(row.alert_id),
    actor: String(row.actor),
    comment: String(row.comment),
    atMs: Number(row.at_ms),
    untilMs: numberOrNull(row.until_ms),
    severity: row.severity as Acknowledgement['severity'],
  }
}

function toAlert(row: Row): Alert {
  return fromJson<Alert>(row.alert)
}
