import { BIGINT, type DuckDBConnection, DuckDBDataChunk, INTEGER } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { Values, ValueTable } from './tables.ts'

/** Rows on their way into a table, column by column. */
export type Rows = {
  readonly length: number
  readonly times: BigInt64Array
  readonly fids: Int32Array
  readonly values: Values
}

/** The most rows DuckDB takes in one chunk. */
const chunkRows = duckdb.vector_size()

/** Others get their turn after so many: the appender works on the calling thread. */
const chunksAtOnce = 16

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))

/**
 * Appends rows within the connection's open transaction.
 *
 * The columns are copied as memory, straight from the batch: value by value through the binding's
 * own vectors costs several times as much.
 */
export async function appendRows(connection: DuckDBConnection, table: ValueTable, rows: Rows, target = table.name): Promise<void> {
  if (rows.length === 0) return
  const appender = await connection.createAppender(target)
  // The appender copies what it is given, so one chunk carries all of them.
  const chunk = DuckDBDataChunk.create([BIGINT, INTEGER, table.type], chunkRows)
  try {
    for (let begin = 0; begin < rows.length; begin += chunkRows) {
      fillChunk(chunk, rows, begin, Math.min(chunkRows, rows.length - begin))
      appender.appendDataChunk(chunk)
      if ((begin / chunkRows + 1) % chunksAtOnce === 0) {
        appender.flushSync()
        await breathe()
      }
    }
  } finally {
    appender.closeSync()
  }
}

function fillChunk(chunk: DuckDBDataChunk, { times, fids, values }: Rows, begin: number, count: number): void {
  chunk.reset()
  chunk.rowCount = count
  copy(chunk, 0, times, begin, count)
  copy(chunk, 1, fids, begin, count)
  if (ArrayBuffer.isView(values)) copy(chunk, 2, values, begin, count)
  else {
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, 2)
    for (let i = 0; i < count; i++) duckdb.vector_assign_string_element(vector, i, values[begin + i] ?? '')
  }
}

type Copied = Exclude<Values, readonly string[]> | Int32Array

function copy(chunk: DuckDBDataChunk, column: number, from: Copied, begin: number, count: number): void {
  const size = from.BYTES_PER_ELEMENT
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column)
  duckdb.copy_data_to_vector(vector, 0, from.buffer as ArrayBuffer, from.byteOffset + begin * size, count * size)
}
