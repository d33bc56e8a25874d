import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** A database whose statements are prepared once; the records of each table family stand on it. */
export type Database = {
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[]
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined
  run(sql: string, ...values: readonly SQLInputValue[]): void
  /** All of it or nothing. Calls inside a transaction join it. */
  transaction<Result>(work: () => Result): Result
}

export type Row = Readonly<Record<string, unknown>>

export function createDatabase(sqlite: DatabaseSync): Database {
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
      statement(sql).run(...values)
    },
    transaction(work) {
      if (isInside) return work()
      sqlite.exec('BEGIN IMMEDIATE')
      isInside = true
      try {
        const result = work()
        sqlite.exec('COMMIT')
        return result
      } catch (thrown) {
        sqlite.exec('ROLLBACK')
        throw thrown
      } finally {
        isInside = false
      }
    },
  }
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
