import type { MiddlewareHandler } from 'hono'
import type { Clock } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import type { RouteDeps } from './deps.ts'
import type { HttpApp, HttpEnv } from './env.ts'
import { httpMetrics } from './middleware/http-metrics.ts'
import { webPageGuard } from './middleware/loopback.ts'
import { requestId } from './middleware/request-id.ts'
import { securityHeaders } from './middleware/security-headers.ts'

/** What every request passes before a route sees it; scopes are checked by each route. */
export function addChecks(app: HttpApp, { auth, options, registry, phase, clock }: RouteDeps): void {
  app.use(requestId, httpMetrics(registry), securityHeaders)
  app.use(webPageGuard({ open: auth.open, externalUrl: options.externalUrl }))
  const holdWrite = holdWhileStarting(phase, clock)
  for (const path of writePaths) app.use(path, holdWrite)
  const waitForStart = refuseUnlessReady(phase)
  for (const path of ['/write', '/query', '/collectd-post', '/api/*', '/v1/*', '/prometheus/*', '/alertmanager/*', '/ack/*'])
    app.use(path, waitForStart)
}

const exactWritePaths = [
  ...['/write', '/api/v2/write', '/api/v3/write_lp', '/api/v1/push', '/api/v1/write'],
  ...['/api/put', '/api/v1/datapoints', '/collectd-post'],
]
const writePaths = [...exactWritePaths, '/v1/*', '/metrics/job/*']
const startWaitMsMax = 10_000
const lookEveryMs = 25

/** A write that comes while a large store opens waits for it: its body stays in the sender's socket, which costs nothing here. */
function holdWhileStarting(phase: RouteDeps['phase'], clock: Clock): MiddlewareHandler {
  return async (_, next) => {
    const giveUpAt = clock.monotonic() + startWaitMsMax
    while (phase() === 'starting' && clock.monotonic() < giveUpAt) await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve))
    await next()
  }
}

const isWrite = (path: string) => exactWritePaths.includes(path) || path.startsWith('/v1/')

/**
 * While state is loading, an answer would be a lie: no alerts is not the same as none known yet. Points
 * that have waited long enough for the store wait in the spool instead.
 */
function refuseUnlessReady(phase: RouteDeps['phase']): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (phase() === 'starting' && !isWrite(c.req.path)) {
      throw new AppError('STORE_UNAVAILABLE', 'The collector is still starting; try again in a moment.', { retryable: true })
    }
    if (phase() === 'stopping') {
      throw new AppError('SHUTTING_DOWN', 'The collector is stopping; try again when it is back.', { retryable: true })
    }
    await next()
  }
}
