import { AppError, messageOf } from '../../lib/errors.ts'
import type { Batch } from '../../model/batch.ts'
import type { FieldType } from '../../model/point.ts'
import type { WriteResult } from '../../model/store.ts'
import type { BatchResolver, ResolvedBatch } from '../shared/resolve-batch.ts'
import type { Rows } from './append.ts'
import type { Committer } from './committer.ts'
import type { WriteLog } from './log/log.ts'
import { type Values, type ValueTable, valueTables } from './tables.ts'

export type WritePathDoors = { readonly resolver: BatchResolver; readonly log: WriteLog; readonly committer: Committer }

/** The way of a batch: its fields get their fids, the log keeps it, the committer brings it into the database later. */
export function createWritePath({ resolver, log, committer }: WritePathDoors) {
  const underWay = new Set<Promise<unknown>>()
  let namingFields: Promise<void> | undefined
  let failure: string | undefined
  let closed = false

  async function append(batch: Batch, { added, rejectedLines }: ResolvedBatch, signal: AbortSignal | undefined): Promise<void> {
    const rows = toRows(batch, resolver.fids(), rejectedLines)
    if (Object.values(rows).every(({ length }) => length === 0)) return
    try {
      await log.append({ added, rows }, signal)
      failure = undefined
    } catch (thrown) {
      failure = messageOf(thrown)
      throw thrown
    }
  }

  async function write(batch: Batch, signal?: AbortSignal): Promise<WriteResult> {
    await committer.room()
    // A fid that is not in the log yet may be taken back, so nothing may be written with it beside.
    while (namingFields) await namingFields
    if (signal?.aborted) throw givenUp(signal)
    const resolved = resolver.resolve(batch)
    if (resolved.added.length === 0) {
      resolver.keep()
      await append(batch, resolved, signal)
    } else {
      const named = append(batch, resolved, signal).then(resolver.keep, (thrown) => {
        resolver.forget()
        throw thrown
      })
      namingFields = named
        .catch(() => undefined)
        .then(() => {
          namingFields = undefined
        })
      await named
    }
    return { rejected: resolved.rejected }
  }

  return {
    /** Resolves when the log is synced. */
    write(batch: Batch, signal?: AbortSignal): Promise<WriteResult> {
      if (closed) return Promise.reject(stopping())
      const written = write(batch, signal)
      underWay.add(written)
      return written.finally(() => underWay.delete(written))
    },
    /** Why the latest write or commit failed, when it did. */
    lastFailure: () => failure ?? committer.lastFailure(),
    /** Takes nothing more, and brings what it has into the database. */
    async close(): Promise<void> {
      closed = true
      await Promise.allSettled(underWay)
      await committer.close()
      await log.close()
    },
  }
}

function toRows(batch: Batch, fidOf: Int32Array, rejectedLines: ReadonlySet<number>): Record<FieldType, Rows> {
  const rowsOf = (table: ValueTable) => columnRows(table.columnOf(batch), fidOf, rejectedLines)
  const { float, integer, unsigned, boolean, string } = valueTables
  return { float: rowsOf(float), integer: rowsOf(integer), unsigned: rowsOf(unsigned), boolean: rowsOf(boolean), string: rowsOf(string) }
}

function columnRows(column: ReturnType<ValueTable['columnOf']>, fidOf: Int32Array, rejectedLines: ReadonlySet<number>): Rows {
  const { length, fields, times, lines, values } = column
  const fids = new Int32Array(length)
  for (let i = 0; i < length; i++) fids[i] = fidOf[fields[i] as number] as number
  const rows = { length, times, fids, values }
  if (rejectedLines.size === 0) return rows
  return pickRows(
    rows,
    Array.from(fids.keys()).filter((place) => !rejectedLines.has(lines[place] as number)),
  )
}

/** The rows at these places, copied out. */
function pickRows({ times, fids, values }: Rows, places: readonly number[]): Rows {
  const pick = <Item>(list: ArrayLike<Item>) => places.map((place) => list[place] as Item)
  return {
    length: places.length,
    times: BigInt64Array.from(pick(times)),
    fids: Int32Array.from(pick(fids)),
    values: pickValues(values, pick),
  }
}

function pickValues(values: Values, pick: <Item>(list: ArrayLike<Item>) => Item[]): Values {
  if (values instanceof Float64Array) return Float64Array.from(pick(values))
  if (values instanceof BigInt64Array) return BigInt64Array.from(pick(values))
  if (values instanceof BigUint64Array) return BigUint64Array.from(pick(values))
  if (values instanceof Uint8Array) return Uint8Array.from(pick(values))
  return pick(values)
}

function stopping(): AppError {
  return new AppError('SHUTTING_DOWN', 'duckdb: the store is stopping and takes no more writes.', { retryable: true })
}

function givenUp(signal: AbortSignal): AppError {
  return new AppError('REQUEST_TIMEOUT', 'The write was given up by its caller before it began; nothing of it was written.', {
    cause: signal.reason,
    retryable: true,
  })
}
