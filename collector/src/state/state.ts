import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError, messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { createDatabase, type Database } from './database.ts'
import { migrations as allMigrations } from './migrations.ts'

/** The operational state of this collector: alerts, deployments, tokens, audit log. */
export type State = {
  readonly db: Database
  readonly schemaVersion: number
  close(): void
}

export type StateOptions = {
  /** A file, or `:memory:`. */
  readonly path: string
  readonly log: Log
  /** For tests of upgrades. */
  readonly migrations?: readonly string[]
}

/**
 * Opens the file, upgrades it, and refuses one that is damaged or was written by a newer version.
 */
export function openState({ path, log, migrations = allMigrations }: StateOptions): State {
  const sqlite = openFile(path)
  try {
    prepare(sqlite)
    checkIntact(sqlite, path)
    migrate(sqlite, path, migrations, log)
  } catch (thrown) {
    sqlite.close()
    throw thrown instanceof AppError ? thrown : refusal(path, thrown)
  }
  return { db: createDatabase(sqlite, path), schemaVersion: migrations.length, close: () => sqlite.close() }
}

function openFile(path: string): DatabaseSync {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    return new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5000 })
  } catch (thrown) {
    throw new AppError(
      'START_FAILED',
      `state: cannot open ${path}: ${messageOf(thrown)}. Make its directory writable or choose another one with --data.`,
      {
        cause: thrown,
      },
    )
  }
}

/** An answered request is on disk: hence FULL, which costs one fsync a transaction. */
function prepare(sqlite: DatabaseSync): void {
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216;')
}

function checkIntact(sqlite: DatabaseSync, path: string): void {
  const verdict = sqlite.prepare('PRAGMA quick_check(1)').get()?.quick_check
  if (verdict !== 'ok') throw corrupt(path, String(verdict))
}

function migrate(sqlite: DatabaseSync, path: string, migrations: readonly string[], log: Log): void {
  const found = Number(sqlite.prepare('PRAGMA user_version').get()?.user_version)
  if (found > migrations.length) {
    throw new AppError(
      'START_FAILED',
      `state: ${path} was written by a newer Tidewatch (schema ${found}, this one knows ${migrations.length}). Start that version, or choose another directory with --data.`,
    )
  }
  for (const [index, step] of migrations.entries()) {
    if (index < found) continue
    sqlite.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT;`)
    if (found > 0) log.info({ path, schema: index + 1 }, 'state upgraded')
  }
}

function refusal(path: string, thrown: unknown): AppError {
  const message = messageOf(thrown)
  if (/not a database|malformed/i.test(message)) return corrupt(path, message, thrown)
  return new AppError('START_FAILED', `state: cannot use ${path}: ${message}.`, { cause: thrown })
}

function corrupt(path: string, finding: string, cause?: unknown): AppError {
  return new AppError(
    'STORE_CORRUPT',
    `state: ${path} is damaged (${finding}). Restore it from a backup, or move it away to start with empty alerts, deployments and tokens; metrics are kept elsewhere and are not affected.`,
    { cause },
  )
}
