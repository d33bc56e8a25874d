import type { ComponentState } from '../model/health.ts'
import { type Database, type Row, textOrNull } from './database.ts'

export const healthTables = `
CREATE TABLE component_states (
  name TEXT NOT NULL,
  environment TEXT NOT NULL,
  state TEXT NOT NULL,
  since TEXT NOT NULL,
  message TEXT NOT NULL,
  last_checked_at TEXT,
  PRIMARY KEY (name, environment)
) STRICT;
`

/** The state a component was last seen in. Times are RFC 3339. */
export type ComponentRecord = {
  readonly name: string
  readonly environment: string
  readonly state: ComponentState
  readonly since: string
  readonly message: string
  readonly lastCheckedAt: string | null
}

/** What the prober remembers over a restart, so that `since` stays true. */
export function createHealthRecords(db: Database) {
  return {
    load: (): readonly ComponentRecord[] => db.all('SELECT * FROM component_states ORDER BY name, environment').map(toRecord),
    save(record: Omit<ComponentRecord, 'message' | 'lastCheckedAt'> & Partial<ComponentRecord>): void {
      db.run(
        'INSERT OR REPLACE INTO component_states (name, environment, state, since, message, last_checked_at) VALUES (?, ?, ?, ?, ?, ?)',
        record.name,
        record.environment,
        record.state,
        record.since,
        record.message ?? '',
        record.lastCheckedAt ?? null,
      )
    },
    remove: (name: string, environment: string): void =>
      db.run('DELETE FROM component_states WHERE name = ? AND environment = ?', name, environment),
  }
}

function toRecord(row: Row): ComponentRecord {
  return {
    name: String(row.name),
    environment: String(row.environment),
    state: row.state as ComponentState,
    since: String(row.since),
    message: String(row.message),
    lastCheckedAt: textOrNull(row.last_checked_at),
  }
}
