import { OpenAPIHono } from '@hono/zod-openapi'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { alertRoutes } from './alerts.ts'
import { auditRoutes } from './audit.ts'
import { catalogRoutes } from './catalog.ts'
import { deliveryRoutes } from './deliveries.ts'
import { deploymentRoutes } from './deployments.ts'
import { gateRoutes } from './gates.ts'
import { healthRoutes } from './health.ts'
import { hookRoutes } from './hooks.ts'
import { pushRoutes } from './push.ts'
import { queryRoutes } from './query.ts'
import { reloadRoutes } from './reload.ts'
import { replayRoutes } from './replay.ts'
import { silenceRoutes } from './silences.ts'
import { statusRoutes } from './status.ts'
import { storeRoutes } from './store.ts'

/** Everything under `/api/v1` that answers JSON. */
export function apiRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  app.route('/', pushRoutes(deps))
  app.route('/', queryRoutes(deps))
  app.route('/', alertRoutes(deps))
  app.route('/', statusRoutes(deps))
  app.route('/', storeRoutes(deps))
  app.route('/', deliveryRoutes(deps))
  app.route('/silences', silenceRoutes(deps))
  app.route('/', reloadRoutes(deps))
  app.route('/', auditRoutes(deps))
  app.route('/', replayRoutes(deps))
  app.route('/catalog', catalogRoutes(deps))
  app.route('/health', healthRoutes(deps))
  app.route('/deployments', deploymentRoutes(deps))
  app.route('/gates', gateRoutes(deps))
  app.route('/hooks', hookRoutes(deps))
  return app
}
