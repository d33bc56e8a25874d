import { OpenAPIHono } from '@hono/zod-openapi'
import type { HttpApp, HttpEnv } from '../deps.ts'
import { createDatabases } from '../influx-query.ts'
import type { RouteDeps } from '../route-deps.ts'
import { influxV1Routes } from './influx-v1.ts'
import { influxV2Routes } from './influx-v2.ts'

/** InfluxDB's protocols, each with its own errors. */
export function influxRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  app.route('/', influxV1Routes(deps, createDatabases()))
  app.route('/', influxV2Routes(deps))
  return app
}
