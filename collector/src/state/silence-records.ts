import type { Silence, SilenceRecords } from '../model/silence.ts'
import { type Database, fromJson, type Row, textOrNull } from './database.ts'

export const silenceTables = `
CREATE TABLE silences (
  id TEXT PRIMARY KEY,
  matchers TEXT NOT NULL,
  starts_at_ms INTEGER NOT NULL,
  ends_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  comment TEXT NOT NULL,
  annotations TEXT NOT NULL,
  until_deployment TEXT
) STRICT;
`

export function createSilenceRecords(db: Database): SilenceRecords {
  return {
    silences: () => db.all('SELECT * FROM silences ORDER BY starts_at_ms, id').map(toSilence),
    save(silences) {
      db.transaction(() => {
        for (const silence of silences) saveSilence(db, silence)
      })
    },
    prune: (beforeMs) => db.run('DELETE FROM silences WHERE ends_at_ms < ?', beforeMs),
  }
}

function saveSilence(db: Database, silence: Silence): void {
  db.run(
    `INSERT OR REPLACE INTO silences
       (id, matchers, starts_at_ms, ends_at_ms, updated_at_ms, created_by, comment, annotations, until_deployment)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    silence.id,
    JSON.stringify(silence.matchers),
    silence.startsAtMs,
    silence.endsAtMs,
    silence.updatedAtMs,
    silence.createdBy,
    silence.comment,
    JSON.stringify(silence.annotations),
    silence.untilDeployment,
  )
}

function toSilence(row: Row): Silence {
  return {
    id: String(row.id),
    matchers: fromJson(row.matchers),
    startsAtMs: Number(row.starts_at_ms),
    endsAtMs: Number(row.ends_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
    createdBy: String(row.created_by),
    comment: String(row.comment),
    annotations: fromJson(row.annotations),
    untilDeployment: textOrNull(row.until_deployment),
  }
}
