import type {
  DeliveryAttempt,
  DeliveryFilter,
  EscalationState,
  NotificationRecords,
  NotifyEntry,
  QueuedNotification,
} from '../model/alert-records.ts'
import { type Database, fromJson, numberOrNull, type Row, textOrNull } from './database.ts'

export const notificationTables = `
CREATE TABLE notify_entries (
  group_key TEXT NOT NULL,
  receiver TEXT NOT NULL,
  group_labels TEXT NOT NULL,
  firing TEXT NOT NULL,
  resolved TEXT NOT NULL,
  unsure TEXT NOT NULL,
  sent_at_ms INTEGER,
  PRIMARY KEY (group_key, receiver)
) STRICT;
CREATE TABLE notification_queue (
  id TEXT PRIMARY KEY,
  group_key TEXT NOT NULL,
  receiver TEXT NOT NULL,
  group_labels TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_try_at_ms INTEGER NOT NULL,
  last_error TEXT
) STRICT;
CREATE TABLE deliveries (
  at_ms INTEGER NOT NULL,
  receiver TEXT NOT NULL,
  group_key TEXT NOT NULL,
  reason TEXT NOT NULL,
  status TEXT NOT NULL,
  alert_ids TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  message TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  duration_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_by_time ON deliveries (at_ms);
`

export const escalationTables = `
ALTER TABLE notification_queue ADD COLUMN demand TEXT;
ALTER TABLE notify_entries ADD COLUMN flapping TEXT NOT NULL DEFAULT '[]';
CREATE TABLE escalations (group_key TEXT PRIMARY KEY, position INTEGER NOT NULL, due_at_ms INTEGER NOT NULL) STRICT;
`

/** The episode beside each alert that was told to fire; of those told before, nobody knows which it was. */
export const toldEpisodes = `
UPDATE notify_entries SET firing =
  (SELECT json_group_object(key, json_object('severity', value, 'startsAt', NULL)) FROM json_each(notify_entries.firing));
`

export const threadColumn = 'ALTER TABLE notify_entries ADD COLUMN thread TEXT'

/** Whether the last message says that somebody has the alerts. */
export const takenColumn = 'ALTER TABLE notify_entries ADD COLUMN taken INTEGER NOT NULL DEFAULT 0'

/** The notification log and the queue of what is owed. */
export function createNotificationRecords(db: Database): NotificationRecords {
  return {
    entries: () => db.all('SELECT * FROM notify_entries ORDER BY group_key, receiver').map(toEntry),
    queue: () => db.all('SELECT * FROM notification_queue ORDER BY created_at_ms, id').map(toQueued),
    escalations: () => db.all('SELECT * FROM escalations').map(toEscalation),
    commit({ entry, removeEntry, enqueue, dequeue, attempt, escalation, endEscalation }) {
      db.transaction(() => {
        if (entry) saveEntry(db, entry)
        if (removeEntry)
          db.run('DELETE FROM notify_entries WHERE group_key = ? AND receiver = ?', removeEntry.groupKey, removeEntry.receiver)
        if (enqueue) saveQueued(db, enqueue)
        if (dequeue !== undefined) db.run('DELETE FROM notification_queue WHERE id = ?', dequeue)
        if (attempt) saveAttempt(db, attempt)
        if (escalation) saveEscalation(db, escalation)
        if (endEscalation !== undefined) db.run('DELETE FROM escalations WHERE group_key = ?', endEscalation)
      })
    },
    deliveries: (filter) => findDeliveries(db, filter),
  }
}

function findDeliveries(db: Database, filter: DeliveryFilter) {
  const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, receiver = null, outcome = null, alertId = null, limit, offset = 0 } = filter
  const where = `at_ms >= ? AND at_ms < ? AND (? IS NULL OR receiver = ?) AND (? IS NULL OR outcome = ?)
    AND (? IS NULL OR EXISTS (SELECT 1 FROM json_each(alert_ids) WHERE json_each.value = ?))`
  const values = [fromMs, toMs, receiver, receiver, outcome, outcome, alertId, alertId]
  const rows = db.all(`SELECT * FROM deliveries WHERE ${where} ORDER BY at_ms DESC, rowid DESC LIMIT ? OFFSET ?`, ...values, limit, offset)
  const total = Number(db.get(`SELECT COUNT(*) AS total FROM deliveries WHERE ${where}`, ...values)?.total)
  return { deliveries: rows.map(toAttempt), total }
}

function saveEntry(db: Database, entry: NotifyEntry): void {
  db.run(
    'INSERT OR REPLACE INTO notify_entries (group_key, receiver, group_labels, firing, resolved, unsure, sent_at_ms, flapping, thread, taken) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    entry.groupKey,
    entry.receiver,
    JSON.stringify(entry.groupLabels),
    JSON.stringify(entry.firing),
    JSON.stringify(entry.resolved),
    JSON.stringify(entry.unsure),
    entry.sentAtMs,
    JSON.stringify(entry.flapping),
    entry.thread,
    Number(entry.taken),
  )
}

function saveQueued(db: Database, item: QueuedNotification): void {
  db.run(
    `INSERT OR REPLACE INTO notification_queue (id, group_key, receiver, group_labels, created_at_ms, attempts, next_try_at_ms, last_error, demand)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    item.id,
    item.groupKey,
    item.receiver,
    JSON.stringify(item.groupLabels),
    item.createdAtMs,
    item.attempts,
    // A pause that a receiver asks for may end between milliseconds.
    Math.round(item.nextTryAtMs),
    item.lastError,
    item.demand,
  )
}

function saveAttempt(db: Database, attempt: DeliveryAttempt): void {
  db.run(
    `INSERT INTO deliveries (at_ms, receiver, group_key, reason, status, alert_ids, attempt, outcome, message, idempotency_key, duration_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    attempt.atMs,
    attempt.receiver,
    attempt.groupKey,
    attempt.reason,
    attempt.status,
    JSON.stringify(attempt.alertIds),
    attempt.attempt,
    attempt.outcome,
    attempt.message,
    attempt.idempotencyKey,
    Math.round(attempt.durationMs),
  )
}

function toEntry(row: Row): NotifyEntry {
  return {
    groupKey: String(row.group_key),
    receiver: String(row.receiver),
    groupLabels: fromJson(row.group_labels),
    firing: fromJson(row.firing),
    resolved: fromJson(row.resolved),
    unsure: fromJson(row.unsure),
    sentAtMs: numberOrNull(row.sent_at_ms),
    flapping: fromJson(row.flapping),
    thread: textOrNull(row.thread),
    taken: row.taken === 1,
  }
}

function toQueued(row: Row): QueuedNotification {
  return {
    id: String(row.id),
    groupKey: String(row.group_key),
    receiver: String(row.receiver),
    groupLabels: fromJson(row.group_labels),
    createdAtMs: Number(row.created_at_ms),
    attempts: Number(row.attempts),
    nextTryAtMs: Number(row.next_try_at_ms),
    lastError: textOrNull(row.last_error),
    demand: textOrNull(row.demand),
  }
}

function saveEscalation(db: Database, { groupKey, position, dueAtMs }: EscalationState): void {
  db.run('INSERT OR REPLACE INTO escalations (group_key, position, due_at_ms) VALUES (?, ?, ?)', groupKey, position, Math.round(dueAtMs))
}

function toEscalation(row: Row): EscalationState {
  return { groupKey: String(row.group_key), position: Number(row.position), dueAtMs: Number(row.due_at_ms) }
}

function toAttempt(row: Row): DeliveryAttempt {
  return {
    atMs: Number(row.at_ms),
    receiver: String(row.receiver),
    groupKey: String(row.group_key),
    reason: String(row.reason),
    status: row.status as DeliveryAttempt['status'],
    alertIds: fromJson(row.alert_ids),
    attempt: Number(row.attempt),
    outcome: row.outcome as DeliveryAttempt['outcome'],
    message: String(row.message),
    idempotencyKey: String(row.idempotency_key),
    durationMs: Number(row.duration_ms),
  }
}
