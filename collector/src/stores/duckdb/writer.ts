import type { DuckDBConnection } from '@duckdb/node-api'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { FieldType } from '../../model/point.ts'
import type { StoredField } from '../shared/dictionary.ts'
import { appendRows, type Rows } from './append.ts'
import type { NewestTimes } from './newest-times.ts'
import type { RowSet } from './row-set.ts'
import { takeLate } from './split-rows.ts'
import { type ValueTable, valueTables } from './tables.ts'

const fieldTypes = ['float', 'integer', 'unsigned', 'boolean', 'string'] as const

export type WriterDoors = {
  readonly connection: DuckDBConnection
  readonly newest: NewestTimes
  /** Hears of late values, which `newest` does not remember. */
  readonly onLate: (rows: Rows) => void
  /** Hears of all values within the transaction that writes them. */
  readonly onWritten: (connection: DuckDBConnection, rows: readonly Rows[]) => Promise<void>
  /** Hears of all values once they are committed, in the order in which they were written. The memory of the rows is used again. */
  readonly onCommitted: (rows: Rows) => void
  readonly path: string
}

export type Writer = ReturnType<typeof createWriter>

/** Brings rows into the database, one transaction a set. The caller sees to it that one runs at a time. */
export function createWriter({ connection, newest, onLate, onWritten, onCommitted, path }: WriterDoors) {
  // A set that could not be committed comes again, and then its late rows were taken out already.
  const lateOf = new WeakMap<RowSet, Readonly<Record<FieldType, Rows>>>()

  function splitOnce(set: RowSet): Readonly<Record<FieldType, Rows>> {
    const known = lateOf.get(set)
    if (known) return known
    const { float, integer, unsigned, boolean, string } = set.rows
    const late = {
      float: takeLate(float, newest),
      integer: takeLate(integer, newest),
      unsigned: takeLate(unsigned, newest),
      boolean: takeLate(boolean, newest),
      string: takeLate(string, newest),
    }
    lateOf.set(set, late)
    for (const rows of Object.values(late)) if (rows.length > 0) onLate(rows)
    return late
  }

  return {
    /** Resolves after COMMIT, which fsyncs DuckDB's log. The position in ours is part of the transaction. */
    async commit(set: RowSet): Promise<void> {
      const late = splitOnce(set)
      try {
        await connection.run('BEGIN')
        await appendFields(connection, set.added)
        for (const type of fieldTypes) {
          await appendRows(connection, valueTables[type], set.rows[type])
          await mergeRows(connection, valueTables[type], late[type])
        }
        await onWritten(connection, [...Object.values(set.rows), ...Object.values(late)])
        await connection.run(`UPDATE log_position SET position = ${set.position}`)
        await connection.run('COMMIT')
      } catch (cause) {
        // Fails when DuckDB has rolled back by itself, and then there is nothing left to do.
        await connection.run('ROLLBACK').catch(() => undefined)
        throw commitError(path, cause)
      }
      lateOf.delete(set)
      for (const type of fieldTypes) {
        onCommitted(set.rows[type])
        onCommitted(late[type])
      }
    },
  }
}

async function appendFields(connection: DuckDBConnection, added: readonly StoredField[]): Promise<void> {
  if (added.length === 0) return
  const appender = await connection.createAppender('fields')
  try {
    for (const { fid, measurement, name, type, tags } of added) {
      appender.appendInteger(fid)
      for (const text of [measurement, name, type, JSON.stringify(tags)]) appender.appendVarchar(text)
      appender.endRow()
    }
  } finally {
    appender.closeSync()
  }
}

/**
 * Replaces the values these rows rewrite; of several for one field and time the last stays. The
 * bounds on time let DuckDB skip what lies elsewhere. The temporary table is made anew each time,
 * because a table's deleted rows keep their memory.
 */
async function mergeRows(connection: DuckDBConnection, table: ValueTable, late: Rows): Promise<void> {
  if (late.length === 0) return
  const name = `"${table.name}"`
  const sorted = late.times.toSorted()
  await connection.run(`CREATE OR REPLACE TEMP TABLE late AS SELECT * FROM ${name} LIMIT 0`)
  await appendRows(connection, table, late, 'late')
  await connection.run(
    `DELETE FROM ${name} USING late
     WHERE ${name}.time BETWEEN ${sorted[0]} AND ${sorted.at(-1)} AND ${name}.time = late.time AND ${name}.fid = late.fid`,
  )
  await connection.run(`INSERT INTO ${name} SELECT time, fid, arg_max(value, rowid) FROM late GROUP BY time, fid`)
  await connection.run('DROP TABLE late')
}

function commitError(path: string, cause: unknown): AppError {
  const message = `duckdb: accepted points could not be brought into ${path}: ${messageOf(cause)}. They are safe in its log, and the next try is in a moment.`
  return new AppError('STORE_UNAVAILABLE', message, { cause, retryable: true })
}
