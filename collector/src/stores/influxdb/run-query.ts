import { AppError, messageOf } from '../../lib/errors.ts'
import { cancelled, throwIfCancelled } from '../shared/cancel.ts'
import { type Connection, readText, toAnswerError } from './connection.ts'
import type { Statement } from './influxql.ts'
import { readSeries, type SeriesPiece } from './read-series.ts'

/** Rows InfluxDB puts in one piece of an answer. */
const chunkRows = 10_000

export type RunOptions = {
  /** The unit times come in; with nanoseconds, integers are exact as well. */
  readonly epoch: 'ms' | 'ns'
  readonly signal?: AbortSignal
}

/** Runs a statement and gives its series as they arrive. */
export type RunQuery = (statement: Statement, options: RunOptions) => AsyncGenerator<SeriesPiece>

/**
 * Queries over the same connection as writes: the `influx` package reads an answer whole, rounds
 * large integers, and waits for ever for the rest of one that breaks off.
 */
export function createRunQuery(connection: Connection, database: string): RunQuery {
  async function* run({ text, parameters }: Statement, { epoch, signal }: RunOptions): AsyncGenerator<SeriesPiece> {
    const form = new URLSearchParams({ db: database, q: text, params: JSON.stringify(parameters), epoch, chunked: 'true' })
    form.set('chunk_size', String(chunkRows))
    const response = await connection.post('/query', Buffer.from(form.toString()), 'application/x-www-form-urlencoded', signal)
    try {
      if (response.statusCode !== 200) throw toAnswerError(connection.address, response.statusCode ?? 0, await readText(response))
      yield* readSeries(response, epoch === 'ns')
    } finally {
      // InfluxDB stops a query whose reader has gone; an answer read to its end keeps its socket.
      if (!response.complete) response.destroy()
    }
  }

  return async function* (statement, options) {
    throwIfCancelled(options.signal)
    try {
      yield* run(statement, options)
    } catch (cause) {
      throw options.signal?.aborted ? cancelled(options.signal) : toQueryError(connection, cause)
    }
  }
}

function toQueryError({ address }: Connection, cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  return new AppError('STORE_UNAVAILABLE', `influxdb: the answer of ${address} broke off: ${messageOf(cause)}`, { cause, retryable: true })
}
