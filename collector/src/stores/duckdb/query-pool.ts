import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../lib/clock.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import { cancelled, throwIfCancelled } from '../shared/cancel.ts'
import { corrupt, type Database } from './database.ts'

/** An interrupt that arrives between two steps of a query is lost, so it is repeated. */
const interruptEveryMs = 20

export type QueryPool = Awaited<ReturnType<typeof createQueryPool>>

/**
 * A connection for each query that may run at once; further ones wait in line.
 *
 * More heavy queries than libuv has threads would starve file access and name look-ups of the
 * whole process.
 */
export async function createQueryPool({ database, size, clock }: { database: Database; size: number; clock: Clock }) {
  const line = createLine(await Promise.all(Array.from({ length: size }, () => database.connect())))
  const running = new Map<AbortController, Promise<unknown>>()
  let closed = false

  async function runOne<Answer>(signal: AbortSignal, run: (connection: DuckDBConnection) => Promise<Answer>): Promise<Answer> {
    throwIfCancelled(signal)
    const connection = await line.acquire(signal)
    const stopWatching = interruptOnAbort(connection, signal, clock)
    try {
      throwIfCancelled(signal)
      const answer = await inOneSnapshot(connection, run)
      throwIfCancelled(signal)
      return answer
    } finally {
      stopWatching()
      line.release(connection)
    }
  }

  return {
    /** Runs a query; stops it when the signal aborts. */
    async use<Answer>(signal: AbortSignal | undefined, run: (connection: DuckDBConnection) => Promise<Answer>): Promise<Answer> {
      if (closed) throw stopping()
      const controller = new AbortController()
      const follow = () => controller.abort(signal?.reason)
      if (signal?.aborted) follow()
      signal?.addEventListener('abort', follow, { once: true })
      const answer = runOne(controller.signal, run)
      running.set(controller, answer)
      try {
        return await answer
      } catch (cause) {
        throw closed ? stopping(cause) : toQueryError(cause, signal, database.path)
      } finally {
        signal?.removeEventListener('abort', follow)
        running.delete(controller)
      }
    },
    /** Resolves when the queries that are under way now have ended, however they do. */
    async ended(): Promise<void> {
      await Promise.allSettled([...running.values()])
    },
    /**
     * Stops the queries under way, waits until they have ended and closes the connections: one
     * closed under a running query takes the process down.
     */
    async close(): Promise<void> {
      closed = true
      for (const controller of running.keys()) controller.abort()
      await Promise.allSettled(running.values())
      line.closeAll()
    },
  }
}

/**
 * Plans and runs in one transaction. DuckDB plans with the statistics of that moment; rows committed
 * between planning and running would break the plan ("Perfect hash aggregate: aggregate group 145
 * exceeded total groups 4").
 */
async function inOneSnapshot<Answer>(
  connection: DuckDBConnection,
  run: (connection: DuckDBConnection) => Promise<Answer>,
): Promise<Answer> {
  await connection.run('BEGIN TRANSACTION READ ONLY')
  try {
    return await run(connection)
  } finally {
    await connection.run('ROLLBACK').catch(() => connection.run('ROLLBACK'))
  }
}

/** Connections, and those who wait for one. */
function createLine(connections: readonly DuckDBConnection[]) {
  const idle = [...connections]
  const waiting: ((connection: DuckDBConnection) => void)[] = []

  return {
    acquire(signal: AbortSignal): Promise<DuckDBConnection> {
      const free = idle.pop()
      if (free) return Promise.resolve(free)
      const { promise, resolve, reject } = Promise.withResolvers<DuckDBConnection>()
      const leave = () => {
        const place = waiting.indexOf(resolve)
        if (place >= 0) waiting.splice(place, 1)
        reject(cancelled(signal))
      }
      waiting.push(resolve)
      signal.addEventListener('abort', leave, { once: true })
      return promise.finally(() => signal.removeEventListener('abort', leave))
    },
    release(connection: DuckDBConnection): void {
      const next = waiting.shift()
      if (next) next(connection)
      else idle.push(connection)
    },
    closeAll: () => {
      for (const connection of connections) connection.closeSync()
    },
  }
}

function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal, clock: Clock): () => void {
  let cancelTimer = () => {}
  const interrupt = () => {
    connection.interrupt()
    cancelTimer = clock.after(interruptEveryMs, interrupt)
  }
  signal.addEventListener('abort', interrupt, { once: true })
  return () => {
    signal.removeEventListener('abort', interrupt)
    cancelTimer()
  }
}

function stopping(cause?: unknown): AppError {
  return new AppError('SHUTTING_DOWN', 'duckdb: the store is stopping; the query was not answered.', { cause, retryable: true })
}

function toQueryError(cause: unknown, signal: AbortSignal | undefined, path: string): AppError {
  if (signal?.aborted) return cancelled(signal)
  if (cause instanceof AppError) return cause
  const message = messageOf(cause)
  if (/^Out of Memory/i.test(message))
    return new AppError(
      'QUERY_INVALID',
      'The query needs more memory than store.memoryLimit allows. Shorten its range or select fewer series.',
      {
        cause,
      },
    )
  if (/invalidated|Corrupt|Checksum|Serialization Error/i.test(message)) return corrupt(path, cause)
  return new AppError('STORE_UNAVAILABLE', `duckdb: the query on ${path} failed: ${message}`, { cause, retryable: true })
}
