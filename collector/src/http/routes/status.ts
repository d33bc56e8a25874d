import { OpenAPIHono } from '@hono/zod-openapi'
import { AppError } from '../../lib/errors.ts'
import { doneAnswer, statusAnswer } from '../answers/api-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'

/** The collector about itself. */
export function statusRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const { store, alerts, health, ingest } = deps

  jsonRoute(app, deps, {
    method: 'get',
    path: '/status',
    scope: 'read',
    tag: 'Collector',
    summary: 'Version, store, and how much is watched.',
    answer: statusAnswer,
    handle: async ({ signal }) => ({
      version: deps.version,
      startedAt: deps.startedAt,
      store: { kind: store.kind, ...(await store.status(signal)) },
      rules: alerts.rules().length,
      reload: deps.lastReload(),
      probes: health.components().length,
      pointsAccepted: ingest.acceptedTotal,
      spool: ingest.spool(),
    }),
  })
  jsonRoute(app, deps, {
    method: 'post',
    path: '/monitoring/start',
    scope: 'operate',
    tag: 'Collector',
    summary: 'For clients that start monitoring: it always runs.',
    answer: doneAnswer,
    handle: () => ({ ok: true, message: 'Monitoring runs as long as the collector does.' }),
  })
  jsonRoute(app, deps, {
    method: 'post',
    path: '/monitoring/stop',
    scope: 'operate',
    tag: 'Collector',
    summary: 'For clients that stop monitoring: refused, for nobody would learn of an outage.',
    answer: doneAnswer,
    handle: () => {
      throw new AppError('CONFLICT', 'Monitoring is not stopped from outside; acknowledge an alert, or stop the collector itself.')
    },
  })
  return app
}
