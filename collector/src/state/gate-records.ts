import type { DeploymentGate } from '../model/deployment.ts'
import type { GateResult, RuleVerdict } from '../model/gate.ts'
import type { GateRecords } from '../model/gate-records.ts'
import { type Database, fromJson, type Row } from './database.ts'

export const gateTables = `
CREATE TABLE gate_results (
  id TEXT PRIMARY KEY,
  gate TEXT,
  state TEXT NOT NULL,
  verdict TEXT NOT NULL,
  service TEXT,
  environment TEXT,
  deployment_id TEXT,
  started_at_ms INTEGER NOT NULL,
  result TEXT NOT NULL
) STRICT;
CREATE INDEX gate_results_by_start ON gate_results (started_at_ms);
CREATE INDEX gate_results_by_deployment ON gate_results (deployment_id) WHERE deployment_id IS NOT NULL;
`

/** ?1 the gate, ?2 verdicts as JSON, ?3 service, ?4 environment, ?5 the deployment; null: any. */
const wanted = `(?1 IS NULL OR gate = ?1)
  AND (?2 IS NULL OR verdict IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR service = ?3) AND (?4 IS NULL OR environment = ?4)
  AND (?5 IS NULL OR deployment_id = ?5)`

/** What became of deployments at their gates. */
export function createGateRecords(db: Database): GateRecords {
  return {
    save(result, also) {
      const { id, gate, state, verdict, labels, deploymentId, startedAt } = result
      db.transaction(() => {
        db.run(
          `INSERT INTO gate_results (id, gate, state, verdict, service, environment, deployment_id, started_at_ms, result)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET state = excluded.state, verdict = excluded.verdict, result = excluded.result`,
          ...[id, gate, state, verdict, labels.service ?? null, labels.environment ?? null, deploymentId],
          ...[Date.parse(startedAt), JSON.stringify(result)],
        )
        also?.()
      })
    },
    get(id) {
      const row = db.get('SELECT result FROM gate_results WHERE id = ?', id)
      return row && toResult(row)
    },
    list({ gate, verdict, service, environment, deploymentId, limit, offset = 0 }) {
      const verdicts = verdict?.length ? JSON.stringify(verdict) : null
      const values = [gate ?? null, verdicts, service ?? null, environment ?? null, deploymentId ?? null] as const
      const total = Number(db.get(`SELECT count(*) AS total FROM gate_results WHERE ${wanted}`, ...values)?.total)
      const rows = db.all(
        `SELECT result FROM gate_results WHERE ${wanted} ORDER BY started_at_ms DESC, rowid DESC LIMIT ?6 OFFSET ?7`,
        ...[...values, limit, offset],
      )
      return { results: rows.map(toResult), total }
    },
    watching: () => db.all(`SELECT result FROM gate_results WHERE state = 'watching' ORDER BY started_at_ms`).map(toResult),
    prune: (beforeMs) => void db.run('DELETE FROM gate_results WHERE started_at_ms < ?', beforeMs),
  }
}

/** As many as a deployment shows. */
const shownMax = 20

/** What gates said of a deployment, in order of time. */
export function gatesOf(db: Database, deploymentId: string): readonly DeploymentGate[] {
  return db
    .all('SELECT result FROM gate_results WHERE deployment_id = ? ORDER BY started_at_ms DESC, rowid DESC LIMIT ?', deploymentId, shownMax)
    .map(toResult)
    .reverse()
    .map(({ id, gate, verdict, answer, reason, startedAt, override }) => ({
      ...{ id, gate, verdict, answer, reason, startedAt, overriddenBy: override?.actor ?? null },
    }))
}

type Stored = Omit<GateResult, 'lookedAt' | 'gaps'> & Partial<GateResult>

/** Older versions did not take a watch up again, kept no gaps and did not say how many samples they judged. */
function toResult(row: Row): GateResult {
  const stored = { ...{ lookedAt: null, gaps: [] }, ...fromJson<Stored>(row.result) }
  return { ...stored, rules: stored.rules.map((rule) => ({ ...uncounted, ...(rule as Partial<RuleVerdict> & typeof rule) })) }
}

const uncounted: Partial<RuleVerdict> = { samples: null, minSamples: 1, windowMs: 0 }
