import { OpenAPIHono } from '@hono/zod-openapi'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { createDatabases } from '../influx-query.ts'
import { alertmanagerRoutes } from './alertmanager.ts'
import { influxV1Routes } from './influx-v1.ts'
import { influxV2Routes } from './influx-v2.ts'
import { influxV3Routes } from './influx-v3.ts'
import { otherWriterRoutes } from './other-writers.ts'
import { otlpRoutes } from './otlp.ts'
import { prometheusRoutes } from './prometheus.ts'
import { describeProtocols } from './protocol-docs.ts'
import { pushgatewayRoutes } from './pushgateway.ts'
import { remoteWriteRoutes } from './remote-write.ts'

/** Other systems' protocols, each with its own errors. */
export function protocolRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  app.route('/', influxV1Routes(deps, createDatabases()))
  app.route('/', influxV2Routes(deps))
  app.route('/', influxV3Routes(deps))
  app.route('/', otlpRoutes(deps))
  app.route('/', remoteWriteRoutes(deps))
  app.route('/', pushgatewayRoutes(deps))
  app.route('/', otherWriterRoutes(deps))
  app.route('/prometheus/api/v1', prometheusRoutes(deps))
  app.route('/alertmanager/api/v2', alertmanagerRoutes(deps))
  describeProtocols(app)
  return app
}
