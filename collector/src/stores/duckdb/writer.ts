import type { DuckDBConnection } from '@duckdb/node-api'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { Batch } from '../../model/batch.ts'
import type { WriteResult } from '../../model/store.ts'
import type { StoredField } from '../shared/dictionary.ts'
import type { BatchResolver } from '../shared/resolve-batch.ts'
import { appendRows, type Rows } from './append.ts'
import type { NewestTimes } from './newest-times.ts'
import { splitColumn } from './split-column.ts'
import { type ValueTable, valueTables } from './tables.ts'

export type WriterDoors = {
  readonly connection: DuckDBConnection
  readonly resolver: BatchResolver
  readonly newest: NewestTimes
  /** Hears of late values, which `newest` does not remember. */
  readonly onLate: (rows: Rows) => void
  /** Hears of all values once they are committed, in the order in which they were written. */
  readonly onCommitted: (rows: Rows) => void
  readonly path: string
}

/** Writes batches, one transaction each. The caller sees to it that one write runs at a time. */
export function createWriter({ connection, resolver, newest, onLate, onCommitted, path }: WriterDoors) {
  async function writeValues(batch: Batch, rejectedLines: ReadonlySet<number>): Promise<Rows[]> {
    const written: Rows[] = []
    for (const table of Object.values(valueTables)) {
      const column = table.columnOf(batch)
      if (column.length === 0) continue
      const { fresh, late } = splitColumn(column, resolver.fids(), rejectedLines, newest)
      await appendRows(connection, table, fresh)
      written.push(fresh, late)
      if (late.length === 0) continue
      onLate(late)
      await mergeRows(connection, table, late)
    }
    return written
  }

  return {
    /** Resolves after COMMIT, which fsyncs DuckDB's log. */
    async write(batch: Batch): Promise<WriteResult> {
      const { added, rejected, rejectedLines } = resolver.resolve(batch)
      let written: readonly Rows[]
      try {
        await connection.run('BEGIN')
        await appendFields(connection, added)
        written = await writeValues(batch, rejectedLines)
        await connection.run('COMMIT')
      } catch (cause) {
        resolver.forget()
        // Fails when DuckDB has rolled back by itself, and then there is nothing left to do.
        await connection.run('ROLLBACK').catch(() => undefined)
        throw writeError(path, cause)
      }
      resolver.keep()
      written.forEach(onCommitted)
      return { rejected }
    },
    async deleteBefore(timeNs: bigint): Promise<void> {
      for (const { name } of Object.values(valueTables)) await connection.run(`DELETE FROM "${name}" WHERE time < ${timeNs}`)
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
 * Replaces the values these rows rewrite. The bounds on time let DuckDB skip what lies elsewhere.
 * The temporary table is made anew each time, because a table's deleted rows keep their memory.
 */
async function mergeRows(connection: DuckDBConnection, table: ValueTable, late: Rows): Promise<void> {
  const name = `"${table.name}"`
  const sorted = late.times.toSorted()
  await connection.run(`CREATE OR REPLACE TEMP TABLE late AS SELECT * FROM ${name} LIMIT 0`)
  await appendRows(connection, table, late, 'late')
  await connection.run(
    `DELETE FROM ${name} USING late
     WHERE ${name}.time BETWEEN ${sorted[0]} AND ${sorted.at(-1)} AND ${name}.time = late.time AND ${name}.fid = late.fid`,
  )
  await connection.run(`INSERT INTO ${name} SELECT time, fid, value FROM late`)
  await connection.run('DROP TABLE late')
}

function writeError(path: string, cause: unknown): AppError {
  return new AppError('STORE_UNAVAILABLE', `duckdb: nothing of the batch was written to ${path}: ${messageOf(cause)}`, {
    cause,
    retryable: true,
  })
}
