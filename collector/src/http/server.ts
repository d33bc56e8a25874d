import { OpenAPIHono } from '@hono/zod-openapi'
import { routedPath } from './aliases.ts'
import { onError, onNotFound } from './answers/error-response.ts'
import { addChecks } from './checks.ts'
import type { HttpDeps, RouteDeps } from './deps.ts'
import type { HttpApp, HttpEnv } from './env.ts'
import { createAuth } from './middleware/auth.ts'
import { createBodyMemory, keptBytesMax } from './middleware/body-memory.ts'
import { refuseOtherMethods } from './middleware/methods.ts'
import { createQuotas } from './middleware/quotas.ts'
import { acknowledgeLinkRoutes } from './routes/acknowledge-link.ts'
import { apiRoutes } from './routes/api.ts'
import { docsRoutes } from './routes/docs.ts'
import { ownRoutes } from './routes/own.ts'
import { formOfPath, protocolRoutes } from './routes/protocols.ts'
import { streamRoutes } from './routes/stream.ts'
import { viewerRoutes } from './routes/viewer.ts'

export type Http = {
  readonly app: HttpApp
  /** Ends the event streams, which would keep a stopping server waiting. */
  closeStreams(): void
}

/** Every route, behind the same checks. Opens nothing: see `listen`. */
export function createHttp(given: HttpDeps): Http {
  const { tokens } = given.options
  const auth = createAuth(tokens, createQuotas({ tokens, clock: given.clock, registry: given.registry }))
  // A store that keeps batches keeps the bodies that they lie in.
  const bodies = createBodyMemory(given.store.returnsBatches ? keptBytesMax : 0)
  const deps: RouteDeps = { ...given, auth, bodies }
  const app: HttpApp = new OpenAPIHono<HttpEnv>({ getPath: (request) => routedPath(new URL(request.url).pathname) })
  app.onError(onError(deps.log, formOfPath))
  app.notFound(onNotFound)
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })

  addChecks(app, deps)
  const stream = streamRoutes(deps)
  app.route('/', ownRoutes(deps, stream.clients))
  app.route('/', protocolRoutes(deps))
  app.route('/api/v1', stream.app)
  app.route('/api/v1', apiRoutes(deps))
  app.route('/ack', acknowledgeLinkRoutes(deps))
  app.route('/', docsRoutes(app, deps.version, deps.options.configSchema))
  app.use(refuseOtherMethods(app.routes))
  app.route('/', viewerRoutes(deps.options))
  return { app, closeStreams: stream.close }
}
