import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { IngestResult } from '../../ingest/ingest.ts'
import type { WrittenSeries } from '../../ingest/remote-write/messages.ts'
import { type RemoteWritePoints, toRemoteWritePoints } from '../../ingest/remote-write/points.ts'
import { parseRemoteWrite1, parseRemoteWrite2 } from '../../ingest/remote-write/request.ts'
import { unpackSnappy } from '../../ingest/remote-write/snappy.ts'
import { AppError } from '../../lib/errors.ts'
import type { ErrorForm } from '../answers/error-response.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { pay } from '../middleware/quotas.ts'

const parsers: Readonly<Record<string, (message: Uint8Array) => WrittenSeries[]>> = {
  'prometheus.writerequest': parseRemoteWrite1,
  'io.prometheus.write.v2.request': parseRemoteWrite2,
}

/**
 * Prometheus remote write 1.0 and 2.0: `/api/v1/write`.
 *
 * Samples that cannot be kept answer 400 with the first reason; the others are stored. Whoever sends
 * a message that is not understood hears 415: taken for the other version, it would decode to nothing
 * and be answered with success.
 * https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/
 */
export function remoteWriteRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const bytesMax = deps.options.limits.ingestBodyBytesMax
  app.post('/api/v1/write', deps.auth.require('write'), async (c) => {
    const parse = parserFor(c.req.header('content-type') ?? '')
    checkEncoding(c.req.header('content-encoding') ?? '')
    const packed = await readBody(c, { bytesMax, code: 'INGEST_BODY_TOO_LARGE', encoding: 'identity' })
    const series = parse(unpackSnappy(packed, bytesMax))
    const taken = toRemoteWritePoints(series)
    pay(c, 'points', taken.points.length)
    const result = await deps.ingest.points(taken.points, c.req.raw.signal)
    for (const [timeMs, series] of taken.ended) deps.end(series, timeMs)
    nameWritten(c, writtenOf(taken, result))
    const reason = refusalOf(taken, result)
    return reason === undefined ? c.body(null, 204) : c.text(reason, 400)
  })
  return app
}

export const remoteWriteForm: ErrorForm = (c, failure) => {
  nameWritten(c, { samples: 0, histograms: 0 })
  return c.text(failure.error.message, failure.status)
}

/** Without `proto`, the type means version 1.0, as it did before there was another. */
function parserFor(contentType: string): (message: Uint8Array) => WrittenSeries[] {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const proto = parameters.find((parameter) => parameter.startsWith('proto='))?.slice('proto='.length) ?? 'prometheus.writerequest'
  const parse = type === 'application/x-protobuf' && Object.hasOwn(parsers, proto) ? parsers[proto] : undefined
  if (parse) return parse
  const known = 'application/x-protobuf, alone or with proto=prometheus.WriteRequest or proto=io.prometheus.write.v2.Request'
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', `Content-Type "${contentType}" is not understood; use ${known}.`)
}

/** Some senders pack with Snappy and do not say so; nobody sends without. */
function checkEncoding(encoding: string): void {
  if (['', 'snappy'].includes(encoding.trim().toLowerCase())) return
  throw new AppError('INGEST_ENCODING_UNSUPPORTED', `Content-Encoding "${encoding}" is not understood; use snappy.`)
}

type Written = { readonly samples: number; readonly histograms: number }

/** NaN says that there is no value, and is heeded by storing none. */
function writtenOf({ kinds, samplesOfNothing, histogramsOfNothing }: RemoteWritePoints, { accepted, rejected }: IngestResult): Written {
  const sent = kinds.filter((kind) => kind === 'histogram').length
  const lost = rejected.filter(({ line }) => kinds[line - 1] === 'histogram').length
  const histograms = Math.max(0, sent - lost)
  return { samples: Math.max(0, accepted - histograms) + samplesOfNothing, histograms: histograms + histogramsOfNothing }
}

function nameWritten(c: Context<HttpEnv>, { samples, histograms }: Written): void {
  c.header('X-Prometheus-Remote-Write-Samples-Written', String(samples))
  c.header('X-Prometheus-Remote-Write-Histograms-Written', String(histograms))
  c.header('X-Prometheus-Remote-Write-Exemplars-Written', '0')
}

function refusalOf(
  { points, refused }: RemoteWritePoints,
  { rejected, rejectedTotal = rejected.length }: IngestResult,
): string | undefined {
  const count = refused.length + rejectedTotal
  if (count === 0) return undefined
  const first = refused[0] ?? (rejected[0] && `${points[rejected[0].line - 1]?.measurement}: ${rejected[0].reason}`)
  return count === 1 ? `1 sample was refused: ${first}` : `${count} samples were refused, the first for this: ${first}`
}
