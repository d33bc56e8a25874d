import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { pushRequestSchema } from '../../contract/push.ts'
import { toPoint } from '../../ingest/json.ts'
import type { KeptAnswer } from '../../model/idempotency.ts'
import type { Point } from '../../model/point.ts'
import { pushAnswer } from '../answers/api-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { idempotencyKeyOf } from '../middleware/idempotency-key.ts'
import { pay } from '../middleware/quotas.ts'
import { parseJson, parsePart } from '../validation.ts'

/** `POST /api/v1/push`: points as JSON. A bad point is refused alone, by its index; a request with a key counts once. */
export function pushRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const bytesMax = deps.options.limits.ingestBodyBytesMax

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/push',
    tags: ['Ingest'],
    summary: 'Takes points as JSON; gzip is welcome.',
    security: [{ token: [] }],
    request: {
      headers: z.object({ 'idempotency-key': z.string().optional() }),
      body: { content: { 'application/json': { schema: pushRequestSchema } } },
    },
    responses: {
      200: { description: 'At least one point was taken.', content: { 'application/json': { schema: pushAnswer } } },
      422: { description: 'The idempotency key came with another body before.' },
      400: { description: 'No point was taken.', content: { 'application/json': { schema: pushAnswer } } },
    },
  })

  app.post('/push', deps.auth.require('write'), async (c) => {
    const body = await readBody(c, { bytesMax, code: 'INGEST_BODY_TOO_LARGE' })
    const request = parsePart(pushRequestSchema, parseJson(body), 'body')
    pay(c, 'points', request.points.length)
    const key = idempotencyKeyOf(c, request.idempotencyKey)
    const take = (nowMs?: number) => pushPoints(deps, request.points, { nowMs, requestId: c.get('requestId'), signal: c.req.raw.signal })
    const answer = key === undefined ? await take() : await deps.idempotency.once(key, body, take)
    if ('replayed' in answer && answer.replayed) c.header('Idempotency-Replayed', 'true')
    return c.body(answer.body, answer.status as ContentfulStatusCode, { 'Content-Type': 'application/json' })
  })
  return app
}

type Push = {
  /** The time of points that bring none; left out: now. */
  readonly nowMs: number | undefined
  readonly requestId: string
  readonly signal: AbortSignal
}

async function pushPoints(
  { ingest }: Pick<RouteDeps, 'ingest'>,
  candidates: readonly unknown[],
  { nowMs, requestId, signal }: Push,
): Promise<KeptAnswer> {
  const rejected: { index: number; reason: string }[] = []
  const points: Point[] = []
  const indexes: number[] = []
  const now = nowMs === undefined ? {} : { timeNs: BigInt(nowMs) * 1_000_000n }
  candidates.forEach((candidate, index) => {
    const point = toPoint(candidate)
    if ('reason' in point) rejected.push({ index, reason: point.reason })
    else indexes.push(points.push({ ...now, ...point }) && index)
  })

  const result = points.length > 0 ? await ingest.points(points, signal) : { accepted: 0, rejected: [] }
  for (const { line, reason } of result.rejected) rejected.push({ index: indexes[line - 1] ?? -1, reason })
  rejected.sort((a, b) => a.index - b.index)
  if (result.accepted > 0) return { status: 200, body: JSON.stringify({ accepted: result.accepted, rejected }) }
  const none = candidates.length === 1 ? 'The point was not taken' : `None of the ${candidates.length} points was taken, the first for this`
  const message = `${none}: ${rejected[0]?.reason}`
  const error = { code: 'VALIDATION_FAILED', message, requestId }
  return { status: 400, body: JSON.stringify({ accepted: 0, rejected, error }) }
}
