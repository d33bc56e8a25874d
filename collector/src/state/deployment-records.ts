import type { Deployment, DeploymentStep } from '../model/deployment.ts'
import type { DeploymentRecordFilter, DeploymentRecords } from '../model/deployment-records.ts'
import { type Database, type Row, textOrNull } from './database.ts'
import { gatesOf } from './gate-records.ts'

export const deploymentTables = `
CREATE TABLE deployments (
  id TEXT PRIMARY KEY,
  service TEXT NOT NULL,
  environment TEXT NOT NULL,
  version TEXT NOT NULL,
  previous_version TEXT,
  status TEXT NOT NULL,
  actor TEXT,
  commit_id TEXT,
  url TEXT,
  reason TEXT,
  started_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER
) STRICT;
CREATE INDEX deployments_by_start ON deployments (started_at_ms);
CREATE INDEX deployments_by_service ON deployments (service, environment, started_at_ms);
CREATE TABLE deployment_steps (
  deployment_id TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  status TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER,
  message TEXT,
  PRIMARY KEY (deployment_id, name)
) STRICT;
`

/** Flags and settings came later than deployments. */
export const changeColumns = `
ALTER TABLE deployments ADD COLUMN kind TEXT NOT NULL DEFAULT 'deployment';
ALTER TABLE deployments ADD COLUMN name TEXT;
ALTER TABLE deployments ADD COLUMN previous_commit TEXT;
ALTER TABLE deployments ADD COLUMN rollback TEXT;
`

/** ?1 services and ?2 environments as JSON or null, ?3 and ?4 the range in milliseconds, ?5 kinds as JSON or null. */
const overlaps = `(?1 IS NULL OR service IN (SELECT value FROM json_each(?1)))
  AND (?2 IS NULL OR environment IN (SELECT value FROM json_each(?2)))
  AND (?5 IS NULL OR kind IN (SELECT value FROM json_each(?5)))
  AND started_at_ms < ?4 AND coalesce(finished_at_ms, ?4) >= ?3`

/** Deployments, their steps, and what gates said of them. */
export function createDeploymentRecords(db: Database): DeploymentRecords {
  const withSteps = (row: Row): Deployment => {
    const deployment = toDeployment(row, stepsOf(db, String(row.id)))
    const gates = gatesOf(db, deployment.id)
    return gates.length === 0 ? deployment : { ...deployment, gates }
  }
  return {
    save: (deployment, also) =>
      db.transaction(() => {
        save(db, deployment)
        also?.()
      }),
    saveStep: (id, step, also) =>
      db.transaction(() => {
        saveStep(db, id, step)
        also?.()
      }),
    get(id) {
      const row = db.get('SELECT * FROM deployments WHERE id = ?', id)
      return row && withSteps(row)
    },
    list(filter) {
      const values = listValues(filter)
      const total = Number(db.get(`SELECT count(*) AS total FROM deployments WHERE ${overlaps}`, ...values)?.total)
      const rows = db.all(
        `SELECT * FROM deployments WHERE ${overlaps} ORDER BY started_at_ms DESC, rowid DESC LIMIT ?6 OFFSET ?7`,
        ...values,
        filter.limit,
        filter.offset ?? 0,
      )
      return { deployments: rows.map(withSteps), total }
    },
    lastSucceeded({ kind, name, service, environment }, atMs) {
      const row = db.get(
        `SELECT * FROM deployments WHERE service = ? AND environment = ? AND kind = ? AND name IS ? AND status = 'succeeded' AND started_at_ms <= ? ORDER BY started_at_ms DESC, rowid DESC LIMIT 1`,
        ...[service, environment, kind, name, atMs],
      )
      return row && withSteps(row)
    },
    changedBetween: (fromMs, toMs) =>
      db
        .all(
          `SELECT * FROM deployments WHERE started_at_ms <= ?2 AND (started_at_ms >= ?1 OR finished_at_ms BETWEEN ?1 AND ?2)
           ORDER BY started_at_ms DESC, rowid DESC`,
          fromMs,
          toMs,
        )
        .map(withSteps),
  }
}

function listValues({ services, environments, range, kinds }: DeploymentRecordFilter) {
  return [
    services?.length ? JSON.stringify(services) : null,
    environments?.length ? JSON.stringify(environments) : null,
    range?.from ?? 0,
    range?.to ?? Number.MAX_SAFE_INTEGER,
    kinds?.length ? JSON.stringify(kinds) : null,
  ] as const
}

function save(db: Database, deployment: Deployment): void {
  db.run(
    `INSERT INTO deployments (id, service, environment, version, previous_version, status, actor, commit_id, url, reason, started_at_ms, finished_at_ms,
       kind, name, previous_commit, rollback)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, reason = excluded.reason, finished_at_ms = excluded.finished_at_ms`,
    deployment.id,
    deployment.service,
    deployment.environment,
    deployment.version,
    deployment.previousVersion,
    deployment.status,
    deployment.actor,
    deployment.commit,
    deployment.url,
    deployment.reason,
    Date.parse(deployment.startedAt),
    toMs(deployment.finishedAt),
    deployment.kind,
    deployment.name,
    deployment.previousCommit,
    deployment.rollback,
  )
}

function saveStep(db: Database, id: string, step: DeploymentStep): void {
  db.run(
    `INSERT INTO deployment_steps (deployment_id, name, position, status, started_at_ms, finished_at_ms, message)
     VALUES (?1, ?2, (SELECT count(*) FROM deployment_steps WHERE deployment_id = ?1), ?3, ?4, ?5, ?6)
     ON CONFLICT (deployment_id, name) DO UPDATE SET status = excluded.status, started_at_ms = excluded.started_at_ms,
       finished_at_ms = excluded.finished_at_ms, message = excluded.message`,
    id,
    step.name,
    step.status,
    Date.parse(step.startedAt),
    toMs(step.finishedAt),
    step.message,
  )
}

function stepsOf(db: Database, id: string): readonly DeploymentStep[] {
  return db.all('SELECT * FROM deployment_steps WHERE deployment_id = ? ORDER BY position', id).map((row) => ({
    name: String(row.name),
    status: row.status as DeploymentStep['status'],
    startedAt: toTime(row.started_at_ms),
    finishedAt: row.finished_at_ms === null ? null : toTime(row.finished_at_ms),
    message: textOrNull(row.message),
  }))
}

function toDeployment(row: Row, steps: readonly DeploymentStep[]): Deployment {
  return {
    id: String(row.id),
    kind: row.kind as Deployment['kind'],
    service: String(row.service),
    environment: String(row.environment),
    name: textOrNull(row.name),
    version: String(row.version),
    previousVersion: textOrNull(row.previous_version),
    status: row.status as Deployment['status'],
    actor: textOrNull(row.actor),
    commit: textOrNull(row.commit_id),
    previousCommit: textOrNull(row.previous_commit),
    rollback: textOrNull(row.rollback),
    url: textOrNull(row.url),
    reason: textOrNull(row.reason),
    startedAt: toTime(row.started_at_ms),
    finishedAt: row.finished_at_ms === null ? null : toTime(row.finished_at_ms),
    steps,
  }
}

function toTime(ms: unknown): string {
  return new Date(Number(ms)).toISOString()
}

function toMs(time: string | null): number | null {
  return time === null ? null : Date.parse(time)
}
