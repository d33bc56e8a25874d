import { AppError } from '../../lib/errors.ts'
import { parseRetryAfter } from '../../lib/retry-after.ts'
import type { Batch, Rejection } from '../../model/batch.ts'
import type { FieldType } from '../../model/point.ts'
import type { WriteResult } from '../../model/store.ts'
import { encodeLines } from '../shared/encode-lines.ts'
import type { Catalog } from './catalog.ts'
import { type Connection, readText, toAnswerError, toReason, unreachable } from './connection.ts'
import { findConflicts, findDropped, linesOf, measurementsOf, parsePartialWrite, type TypesOf } from './rejections.ts'

export type WriterOptions = {
  readonly connection: Connection
  readonly catalog: Catalog
  readonly createDatabase: () => Promise<void>
  readonly database: string
  readonly retentionPolicy?: string
  readonly unsigned: 'integer' | 'native'
  readonly timeoutMs: number
}

type Answer = { readonly status: number; readonly text: string; readonly retryAfterMs?: number | undefined }

const integerMax = 2n ** 63n - 1n

/** Writes batches as line protocol: the bytes as received, wherever InfluxDB can read them. */
export function createWriter({ connection, catalog, createDatabase, database, retentionPolicy, unsigned, timeoutMs }: WriterOptions) {
  const parameters = new URLSearchParams({
    db: database,
    precision: 'ns',
    ...(retentionPolicy === undefined ? {} : { rp: retentionPolicy }),
  })
  const path = `/write?${parameters}`
  const unsignedAs: FieldType = unsigned === 'integer' ? 'integer' : 'unsigned'

  /** The whole answer in time: one that drips in is never silent, and must not keep a writer for ever. */
  async function send(bytes: Uint8Array, signal?: AbortSignal): Promise<Answer> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    const given = AbortSignal.any([late.signal, ...(signal ? [signal] : [])])
    try {
      const response = await connection.post(path, bytes, 'text/plain; charset=utf-8', given)
      const retryAfterMs = parseRetryAfter(response.headers['retry-after'] ?? null, Date.now())
      return { status: response.statusCode ?? 0, text: await readText(response), retryAfterMs }
    } catch (thrown) {
      // An answer that breaks off says nothing of the points: they may be sent again.
      throw thrown instanceof AppError && !late.signal.aborted
        ? thrown
        : unreachable(connection.address, late.signal.aborted ? late.signal.reason : thrown)
    } finally {
      clearTimeout(timer)
    }
  }

  function encode(batch: Batch, without: ReadonlySet<number>): Uint8Array {
    const isRewritten = without.size > 0 || (unsigned === 'integer' && batch.unsigned.length > 0)
    return isRewritten ? encodeLines(batch, { without, unsignedSuffix: unsigned === 'integer' ? 'i' : 'u' }) : batch.toLineProtocol()
  }

  async function loadTypes(batch: Batch): Promise<TypesOf> {
    const types = new Map<string, ReadonlyMap<string, FieldType>>()
    for (const measurement of measurementsOf(batch)) {
      types.set(measurement, new Map((await catalog.fields(measurement)).map(({ name, type }) => [name, type])))
    }
    return (measurement) => types.get(measurement) ?? new Map()
  }

  /** Two types of a new field in one request: InfluxDB refuses all of it and names none. */
  async function writeWithoutConflicts(
    batch: Batch,
    without: ReadonlySet<number>,
    answer: Answer,
    signal?: AbortSignal,
  ): Promise<Rejection[]> {
    const conflicts = findConflicts(batch, await loadTypes(batch), unsignedAs).filter(({ line }) => !without.has(line))
    if (conflicts.length === 0) throw toAnswerError(connection.address, answer.status, answer.text)
    const rest = await write(batch, new Set([...without, ...conflicts.map(({ line }) => line)]), signal)
    return [...conflicts, ...rest]
  }

  /** What a 400 says of single lines. The rest of the request was stored. */
  async function toRejections(batch: Batch, answer: Answer): Promise<Rejection[]> {
    const reason = toReason(answer.text)
    const partial = parsePartialWrite(reason)
    if (partial && partial.dropped > 0) return findDropped(batch, partial, await loadTypes(batch), unsignedAs)
    if (partial || reason.startsWith('unable to parse')) return [{ line: 0, reason: partial?.reason ?? reason }]
    throw toAnswerError(connection.address, answer.status, answer.text)
  }

  async function write(batch: Batch, without: ReadonlySet<number>, signal?: AbortSignal): Promise<Rejection[]> {
    const bytes = encode(batch, without)
    if (bytes.byteLength === 0) return []
    let { status, text, retryAfterMs } = await send(bytes, signal)
    if (status === 404 && toReason(text).startsWith('database not found')) {
      await createDatabase()
      ;({ status, text, retryAfterMs } = await send(bytes, signal))
    }
    if (status === 204 || status === 200) return []
    if (status === 413) return writeHalves(batch, without, signal)
    if (status === 400 && toReason(text) === 'field type conflict') return writeWithoutConflicts(batch, without, { status, text }, signal)
    if (status === 400) return toRejections(batch, { status, text })
    throw toAnswerError(connection.address, status, text, retryAfterMs)
  }

  /** A body InfluxDB finds too large goes in two; a single line that is too large is refused. */
  async function writeHalves(batch: Batch, without: ReadonlySet<number>, signal?: AbortSignal): Promise<Rejection[]> {
    const lines = linesOf(batch).filter((line) => !without.has(line))
    if (lines.length <= 1) return lines.map((line) => ({ line, reason: 'the line is larger than InfluxDB takes in one request' }))
    const half = Math.ceil(lines.length / 2)
    const first = await write(batch, new Set([...without, ...lines.slice(half)]), signal)
    return [...first, ...(await write(batch, new Set([...without, ...lines.slice(0, half)]), signal))]
  }

  return async (batch: Batch, signal?: AbortSignal): Promise<WriteResult> => {
    const tooLarge = unsigned === 'integer' ? findTooLarge(batch) : []
    const rejected = await write(batch, new Set(tooLarge.map(({ line }) => line)), signal)
    return { rejected: [...tooLarge, ...rejected] }
  }
}

/** Lines with an unsigned value that no signed integer can hold. */
function findTooLarge({ unsigned }: Batch): Rejection[] {
  const found = new Map<number, string>()
  for (let i = 0; i < unsigned.length; i++) {
    const value = unsigned.values[i] ?? 0n
    if (value > integerMax)
      found.set(unsigned.lines[i] ?? 0, `the unsigned value ${value} is larger than ${integerMax}, the most this InfluxDB can hold`)
  }
  return [...found].map(([line, reason]) => ({ line, reason }))
}
