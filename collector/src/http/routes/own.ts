import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import type { HttpDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { registerOwnMetrics } from '../middleware/http-metrics.ts'

const answer = z.object({ status: z.string() })

/**
 * What orchestrators, load balancers and Prometheus ask. Open: the probes are of constant cost and tell
 * nothing else, the metrics are figures about the collector.
 *
 * `/livez` never touches a dependency: a store that is down must not get the collector restarted.
 */
export function ownRoutes(deps: HttpDeps, streamClients: () => number): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const isReady = () => deps.phase() === 'ready'
  const isStarted = () => deps.phase() !== 'starting'

  const probe = (path: string, summary: string, holds: () => boolean, body: () => Record<string, string>) => {
    app.openAPIRegistry.registerPath({
      method: 'get',
      path,
      tags: ['Probes'],
      summary,
      responses: {
        200: { description: 'Yes.', content: { 'application/json': { schema: answer } } },
        503: { description: 'Not now.', content: { 'application/json': { schema: answer } } },
      },
    })
    app.get(path, (c) => c.json(body(), holds() ? 200 : 503, { 'Cache-Control': 'no-store' }))
  }
  probe(
    '/livez',
    'The process runs.',
    () => true,
    () => ({ status: 'ok' }),
  )
  probe('/readyz', 'Rules and state are loaded, and it is not stopping.', isReady, () => ({ status: isReady() ? 'ok' : deps.phase() }))
  probe('/startupz', 'The start is complete.', isStarted, () => ({ status: isStarted() ? 'ok' : 'starting' }))
  // The words of InfluxDB 2.x, whose clients ask this path too.
  probe('/health', 'Takes requests or not.', isReady, () => ({
    name: 'tidewatch',
    status: isReady() ? 'pass' : 'fail',
    message: isReady() ? 'ready for queries and writes' : deps.phase(),
  }))
  registerOwnMetrics(deps, streamClients)
  app.get('/metrics', async (c) => c.body(await deps.registry.metrics(), 200, { 'Content-Type': deps.registry.contentType }))
  return app
}
