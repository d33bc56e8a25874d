import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { otlpMessages } from '../../ingest/otlp/messages.ts'
import { toOtlpPoints } from '../../ingest/otlp/points.ts'
import { parseOtlpJson, parseOtlpProtobuf } from '../../ingest/otlp/request.ts'
import { AppError } from '../../lib/errors.ts'
import type { ErrorForm } from '../answers/error-response.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { pay } from '../middleware/quotas.ts'

const protobufType = 'application/x-protobuf'
const jsonType = 'application/json'

/**
 * OTLP/HTTP: `/v1/metrics`, as protobuf and as JSON. Answers come in the form of the request.
 *
 * Data points that cannot be kept are counted in `partialSuccess` and the others are stored; a
 * sender must not send either again.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function otlpRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  app.post('/v1/metrics', deps.auth.require('write'), async (c) => {
    const type = contentTypeOf(c)
    if (type !== protobufType && type !== jsonType) {
      throw new AppError('UNSUPPORTED_MEDIA_TYPE', `Content-Type "${type}" is not understood; use ${protobufType} or ${jsonType}.`)
    }
    const body = await readBody(c, { bytesMax: deps.options.limits.ingestBodyBytesMax, code: 'INGEST_BODY_TOO_LARGE' })
    const { points, refused } = toOtlpPoints(type === jsonType ? parseOtlpJson(body) : parseOtlpProtobuf(body))
    pay(c, 'points', points.length)
    const { rejected, rejectedTotal = rejected.length } = await deps.ingest.points(points, c.req.raw.signal)
    const reason =
      refused[0] ?? (rejected[0] && `${points[rejected[0].line - 1]?.measurement || 'a metric without a name'}: ${rejected[0].reason}`)
    return answer(c, 200, 'ExportMetricsServiceResponse', successOf(refused.length + rejectedTotal, reason))
  })
  return app
}

export const otlpForm: ErrorForm = (c, failure) => answer(c, failure.status, 'Status', { message: failure.error.message })

function successOf(count: number, reason: string | undefined): object {
  if (count === 0) return {}
  const errorMessage =
    count === 1 ? `1 data point was refused: ${reason}` : `${count} data points were refused, the first for this: ${reason}`
  return { partialSuccess: { rejectedDataPoints: String(count), errorMessage } }
}

function contentTypeOf(c: Context<HttpEnv>): string {
  return (c.req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function answer(c: Context<HttpEnv>, status: ContentfulStatusCode, name: string, message: object): Response {
  if (contentTypeOf(c) !== protobufType) return c.json(message, status)
  return c.body(Buffer.from(otlpMessages.encode(name, message)), status, { 'Content-Type': protobufType })
}
