import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { parseGroupingKey } from '../../ingest/exposition/grouping-key.ts'
import { readPage } from '../../ingest/exposition/read.ts'
import type { ErrorForm } from '../answers/error-response.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { pay } from '../middleware/quotas.ts'

/**
 * Pushgateway's paths, `/metrics/job/<job>{/<label>/<value>}`: PUT replaces a group, POST its metrics
 * of the same names, DELETE ends it. Answers are plain text with its statuses.
 * https://github.com/prometheus/pushgateway#api
 */
export function pushgatewayRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const bytesMax = deps.options.limits.ingestBodyBytesMax
  app.on(['POST', 'PUT'], '/metrics/*', deps.auth.require('write'), async (c) => {
    const group = groupOf(c)
    const body = await readBody(c, { bytesMax, code: 'INGEST_BODY_TOO_LARGE' })
    const page = readPage(body, c.req.header('content-type') ?? '')
    pay(c, 'points', page.points.length)
    const { reason } = await deps.pushGroups.push(group, page, c.req.method === 'PUT' ? 'replace' : 'add', c.req.raw.signal)
    return reason === undefined ? c.body(null, 200) : c.text(`${reason}\n`, 400)
  })

  app.delete('/metrics/*', deps.auth.require('write'), (c) => {
    deps.pushGroups.remove(groupOf(c))
    return c.body(null, 202)
  })
  return app
}

export const pushgatewayForm: ErrorForm = (c, failure) => c.text(`${failure.error.message}\n`, failure.status)

/** From the path as it was sent: `%2F` in a value is not a slash of the path. */
const groupOf = (c: Context<HttpEnv>) => parseGroupingKey(new URL(c.req.url).pathname.slice('/metrics/'.length))
