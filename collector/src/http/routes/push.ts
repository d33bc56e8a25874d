import { OpenAPIHono } from '@hono/zod-openapi'
import { pushRequestSchema } from '../../contract/push.ts'
import { toPoint } from '../../ingest/json.ts'
import type { Point } from '../../model/point.ts'
import { pushAnswer } from '../answers.ts'
import { readBody } from '../body.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { parseJson, parsePart } from '../validation.ts'

/** `POST /api/v1/push`: points as JSON. A bad point is refused alone, by its index. */
export function pushRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const bytesMax = deps.options.limits.ingestBodyBytesMax

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/push',
    tags: ['Ingest'],
    summary: 'Takes points as JSON; gzip is welcome.',
    security: [{ token: [] }],
    request: { body: { content: { 'application/json': { schema: pushRequestSchema } } } },
    responses: {
      200: { description: 'At least one point was taken.', content: { 'application/json': { schema: pushAnswer } } },
      400: { description: 'No point was taken.', content: { 'application/json': { schema: pushAnswer } } },
    },
  })

  app.post('/push', deps.auth.require('write'), async (c) => {
    const body = await readBody(c, { bytesMax, code: 'INGEST_BODY_TOO_LARGE' })
    const request = parsePart(pushRequestSchema, parseJson(body.toString('utf8')), 'body')
    const rejected: { index: number; reason: string }[] = []
    const points: Point[] = []
    const indexes: number[] = []
    request.points.forEach((candidate, index) => {
      const point = toPoint(candidate)
      if ('reason' in point) rejected.push({ index, reason: point.reason })
      else indexes.push(points.push(point) && index)
    })

    const result = points.length > 0 ? await deps.ingest.points(points, c.req.raw.signal) : { accepted: 0, rejected: [] }
    for (const { line, reason } of result.rejected) rejected.push({ index: indexes[line - 1] ?? -1, reason })
    rejected.sort((a, b) => a.index - b.index)
    if (result.accepted > 0) return c.json({ accepted: result.accepted, rejected })
    const message = `None of the ${request.points.length} points was taken: ${rejected[0]?.reason ?? 'no reason was given'}`
    return c.json({ accepted: 0, rejected, error: { code: 'VALIDATION_FAILED', message, requestId: c.get('requestId') } }, 400)
  })
  return app
}
