import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { IngestResult } from '../../ingest/ingest.ts'
import type { Rejection } from '../../model/batch.ts'
import type { HttpEnv } from '../env.ts'
import type { ErrorForm, Failure } from './error-response.ts'

/** What clients of InfluxDB 1.x ask for before they talk to a server. */
export const influxVersion = '1.8.10-tidewatch'

/** Most bytes of a message that goes into a header: clients give up on very long ones. */
const headerBytesMax = 1000
/** Most line numbers named in a header. */
const linesNamedMax = 100

export function influxHeaders(c: Context<HttpEnv>): void {
  c.header('X-Influxdb-Build', 'OSS')
  c.header('X-Influxdb-Version', influxVersion)
}

/** An error as InfluxDB 1.x gives it: a JSON object, a newline, and the same text in a header. */
export function influxError(c: Context<HttpEnv>, status: ContentfulStatusCode, message: string): Response {
  influxHeaders(c)
  c.header('X-Influxdb-Error', message.slice(0, headerBytesMax).replace(/[^\x20-\x7e]/g, '?'))
  return c.body(`${JSON.stringify({ error: message })}\n`, status, { 'Content-Type': 'application/json' })
}

/**
 * The words InfluxDB 1.x finds for a batch that was not taken whole.
 *
 * Refused values (`field type conflict …`) are counted in `dropped`; lines that are not line protocol
 * are named one by one with `dropped=0`, and the good lines are kept all the same.
 */
export function partialWriteMessage(result: IngestResult): string {
  const unparsed = result.rejected.filter(isUnparsed)
  const refused = result.rejected.filter((rejection) => !isUnparsed(rejection))
  const first = refused[0]
  const undescribed = (result.rejectedTotal ?? result.rejected.length) - result.rejected.length
  if (first) return `partial write: ${first.reason} dropped=${refused.length + undescribed}`
  const reasons = unparsed.map((rejection) => rejection.reason).join('\n')
  return result.accepted === 0 ? reasons : `partial write: ${reasons} dropped=0`
}

/** Whether a line failed as line protocol, before any store saw it. */
export function isUnparsed(rejection: Rejection): boolean {
  return rejection.reason.startsWith('unable to parse')
}

/** Line numbers, counted from 1: InfluxDB's own answers quote the line but do not number it. */
export function nameLines(c: Context<HttpEnv>, rejected: readonly Rejection[]): void {
  const lines = rejected.slice(0, linesNamedMax).map((rejection) => rejection.line)
  c.header('X-Tidewatch-Rejected-Lines', lines.join(','))
}

export const influxV1Form: ErrorForm = (c, failure) => {
  if (failure.status === 401) c.header('WWW-Authenticate', 'Basic realm="InfluxDB"')
  return influxError(c, failure.status, v1Message(c, failure))
}

function v1Message(c: Context<HttpEnv>, failure: Failure): string {
  const hasCredentials = c.req.header('authorization') !== undefined || c.req.query('u') !== undefined
  if (failure.status === 401) return hasCredentials ? 'authorization failed' : 'unable to parse authentication credentials'
  if (failure.status === 413) return 'Request Entity Too Large'
  return failure.error.message
}

const v2Codes: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  413: 'request too large',
  415: 'invalid',
  422: 'unprocessable entity',
  429: 'too many requests',
  503: 'unavailable',
}

export function influxV2Error(c: Context<HttpEnv>, status: ContentfulStatusCode, message: string): Response {
  return c.json({ code: v2Codes[status] ?? 'internal error', message }, status)
}

export const influxV2Form: ErrorForm = (c, failure) =>
  influxV2Error(c, failure.status, failure.status === 401 ? 'unauthorized access' : failure.error.message)

/** A refused line as InfluxDB 3.x names it. */
export type RefusedLine = { readonly original_line: string; readonly line_number: number; readonly error_message: string }

/** Most characters of a line that an answer repeats. */
const lineLengthMax = 1000

/** Finds the text of refused lines, which come in order. */
export function describeLines(body: Buffer, rejected: readonly Rejection[]): RefusedLine[] {
  let line = 1
  let start = 0
  return rejected.map((rejection) => {
    while (line < rejection.line) {
      start = body.indexOf('\n', start) + 1
      line++
    }
    const end = body.indexOf('\n', start)
    const text = body.toString('utf8', start, Math.min(end === -1 ? body.length : end, start + lineLengthMax))
    return {
      original_line: text.replace(/\r$/, ''),
      line_number: rejection.line,
      error_message: rejection.reason.replace(/^unable to parse '.*': /s, ''),
    }
  })
}

export function influxV3Error(c: Context<HttpEnv>, status: ContentfulStatusCode, error: string, data?: unknown): Response {
  return c.json(data === undefined ? { error } : { error, data }, status)
}

/** InfluxDB 3.x says nothing to those it does not let in. */
export const influxV3Form: ErrorForm = (c, failure) => {
  if (failure.status === 401 || failure.status === 403) return c.body(null, failure.status)
  return influxV3Error(c, failure.status, failure.error.message)
}
