import type { IncomingMessage } from 'node:http'
import { AppError } from '../../lib/errors.ts'

/** A piece of one series of an answer. A long series comes in several pieces, one after the other. */
export type SeriesPiece = {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

type Result = { readonly series?: readonly SeriesPiece[]; readonly error?: string }

/** A longer line than this is no chunk of ours: 10,000 rows of 50 fields stay far below. */
const lineBytesMax = 256 * 1024 * 1024

/**
 * Reads a chunked answer: one JSON document a line.
 *
 * `exact` keeps integers a double cannot hold as bigints, at the cost of a slower parse.
 */
export async function* readSeries(response: IncomingMessage, exact: boolean): AsyncGenerator<SeriesPiece> {
  for await (const line of readLines(response)) {
    const document = (exact ? JSON.parse(line, keepInteger as Reviver) : JSON.parse(line)) as {
      results?: readonly Result[]
      error?: string
    }
    if (document.error !== undefined) throw resultError(document.error)
    for (const result of document.results ?? []) {
      if (result.error !== undefined && !isMissing(result.error)) throw resultError(result.error)
      yield* result.series ?? []
    }
  }
}

async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    let begin = 0
    for (let end = part.indexOf(10); end >= 0; end = part.indexOf(10, begin)) {
      parts.push(part.subarray(begin, end))
      const line = Buffer.concat(parts).toString()
      if (line.trim() !== '') yield line
      parts = []
      bytes = 0
      begin = end + 1
    }
    parts.push(part.subarray(begin))
    bytes += part.length - begin
    if (bytes > lineBytesMax) throw resultError('the answer has a line longer than 256 MiB')
  }
  const rest = Buffer.concat(parts).toString()
  if (rest.trim() !== '') yield rest
}

/** The types of the language do not know the third argument yet. */
type Reviver = (this: unknown, key: string, value: unknown) => unknown

function keepInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? 0) : value
}

/** A database nobody has written to is an empty store. */
export function isMissing(reason: string): boolean {
  return /^database not found/.test(reason)
}

/** An error inside of an answer is about the query, unless it names a trouble of the server's own. */
export function resultError(reason: string): AppError {
  const isTrouble = /timeout|interrupted|killed|aborted|shut ?down|closed|max-concurrent|engine|no space|i\/o|longer than/i.test(reason)
  return isTrouble
    ? new AppError('STORE_UNAVAILABLE', `influxdb: the query failed: ${reason}`, { retryable: true })
    : new AppError('QUERY_INVALID', `InfluxDB refused the query: ${reason}.`)
}
