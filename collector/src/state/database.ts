import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { AppError, messageOf } from '../lib/errors.ts'

/** A database whose statements are prepared once; the records of each table family stand on it. */
export type Database = {
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[]
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined
  run(sql: string, ...values: readonly SQLInputValue[]): void
  /** All of it or nothing. Calls inside a transaction join it. */
  transaction<Result>(work: () => Result): Result
}

export type Row = Readonly<Record<string, unknown>>

/** `path` is named where the disk fails. */
export function createDatabase(sqlite: DatabaseSync, path: string): Database {
  const prepared = new Map<string, StatementSync>()
  let isInside = false

  function statement(sql: string): StatementSync {
    const known = prepared.get(sql)
    if (known) return known
    const fresh = sqlite.prepare(sql)
    prepared.set(sql, fresh)
    return fresh
  }

  return {
    all: (sql, ...values) => statement(sql).all(...values),
    get: (sql, ...values) => statement(sql).get(...values),
    run(sql, ...values) {
      try {
        statement(sql).run(...values)
      } catch (thrown) {
        throw toStateError(thrown, path)
      }
    },
    transaction(work) {
      if (isInside) return work()
      isInside = true
      try {
        sqlite.exec('BEGIN IMMEDIATE')
        const result = work()
        sqlite.exec('COMMIT')
        return result
      } catch (thrown) {
        // SQLite has rolled back by itself when the disk is full.
        if (sqlite.isTransaction) sqlite.exec('ROLLBACK')
        throw toStateError(thrown, path)
      } finally {
        isInside = false
      }
    },
  }
}

/** https://www.sqlite.org/rescode.html: IOERR, FULL and CANTOPEN, whatever their finer kind. */
const diskFailures: ReadonlySet<number> = new Set([10, 13, 14])

function toStateError(thrown: unknown, path: string): unknown {
  const code = (thrown as { errcode?: number }).errcode
  if (code === undefined || !diskFailures.has(code & 0xff)) return thrown
  const message = `state: nothing was written to ${path}: ${messageOf(thrown)}. Make room on its disk, or mend it, and try again.`
  return new AppError('STATE_UNWRITABLE', message, { cause: thrown, retryable: true })
}

/** Columns holding JSON were written by us, so their shape is the one we wrote. */
export function fromJson<Shape>(value: unknown): Shape {
  return JSON.parse(String(value)) as Shape
}

export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

export function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}
