import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { AppError } from '../lib/errors.ts'
import { routedPath } from './aliases.ts'
import { createAuth } from './auth.ts'
import type { HttpApp, HttpDeps, HttpEnv } from './deps.ts'
import { onError, onNotFound } from './error-response.ts'
import { httpMetrics, registerOwnMetrics } from './http-metrics.ts'
import { webPageGuard } from './loopback.ts'
import { requestId } from './request-id.ts'
import type { RouteDeps } from './route-deps.ts'
import { apiRoutes } from './routes/api.ts'
import { docsRoutes } from './routes/docs.ts'
import { influxRoutes } from './routes/influx.ts'
import { probeRoutes } from './routes/probes.ts'
import { prometheusRoutes } from './routes/prometheus.ts'
import { streamRoutes } from './routes/stream.ts'
import { viewerRoutes } from './routes/viewer.ts'
import { securityHeaders } from './security-headers.ts'

export type Http = {
  readonly app: HttpApp
  /** Ends the event streams, which would keep a stopping server waiting. */
  closeStreams(): void
}

/** Every route, behind the same checks. Opens nothing: see `listen`. */
export function createHttp(given: HttpDeps): Http {
  const auth = createAuth(given.options.tokens)
  const deps: RouteDeps = { ...given, auth }
  const app: HttpApp = new OpenAPIHono<HttpEnv>({ getPath: (request) => routedPath(new URL(request.url).pathname) })
  app.onError(onError(deps.log))
  app.notFound(onNotFound)
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })

  app.use(requestId, httpMetrics(deps.registry), securityHeaders)
  app.use(webPageGuard({ open: auth.open, ...(deps.options.externalUrl && { externalUrl: deps.options.externalUrl }) }))
  app.route('/', probeRoutes(deps))
  app.get('/metrics', async (c) => c.body(await deps.registry.metrics(), 200, { 'Content-Type': deps.registry.contentType }))

  const waitForStart = refuseUnlessReady(deps)
  for (const path of ['/write', '/query', '/api/*', '/prometheus/*']) app.use(path, waitForStart)
  const stream = streamRoutes(deps)
  registerOwnMetrics(deps, stream.clients)
  app.route('/', influxRoutes(deps))
  app.route('/api/v1', stream.app)
  app.route('/api/v1', apiRoutes(deps))
  app.route('/prometheus/api/v1', prometheusRoutes(deps))
  app.route('/', docsRoutes(app, deps.version))
  app.route('/', viewerRoutes(deps.options))
  return { app, closeStreams: stream.close }
}

/** While state is loading, an answer would be a lie: no alerts is not the same as none known yet. */
function refuseUnlessReady(deps: HttpDeps): MiddlewareHandler<HttpEnv> {
  return async (_, next) => {
    const phase = deps.phase()
    if (phase === 'starting')
      throw new AppError('STORE_UNAVAILABLE', 'The collector is still starting; try again in a moment.', { retryable: true })
    if (phase === 'stopping')
      throw new AppError('SHUTTING_DOWN', 'The collector is stopping; try again when it is back.', { retryable: true })
    await next()
  }
}
