import { OpenAPIHono } from '@hono/zod-openapi'
import type { ErrorForm } from '../answers/error-response.ts'
import { influxV1Form, influxV2Form, influxV3Form } from '../answers/influx-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { createDatabases } from '../query/influx-query.ts'
import { alertmanagerForm, alertmanagerRoutes } from './alertmanager.ts'
import { influxV1Routes } from './influx-v1.ts'
import { influxV2Routes } from './influx-v2.ts'
import { influxV3Routes } from './influx-v3.ts'
import { otherWriterForms, otherWriterRoutes } from './other-writers.ts'
import { otlpForm, otlpRoutes } from './otlp.ts'
import { prometheusForm, prometheusRoutes } from './prometheus.ts'
import { describeProtocols } from './protocol-docs.ts'
import { pushgatewayForm, pushgatewayRoutes } from './pushgateway.ts'
import { remoteWriteForm, remoteWriteRoutes } from './remote-write.ts'

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

/** A path, or with a slash at its end all that lie below it, and how its protocol tells of errors. */
const forms: readonly (readonly [string, ErrorForm])[] = [
  ['/write', influxV1Form],
  ['/query', influxV1Form],
  ['/ping', influxV1Form],
  ['/api/v2/', influxV2Form],
  ['/api/v3/', influxV3Form],
  ['/v1/', otlpForm],
  ['/api/v1/write', remoteWriteForm],
  ['/metrics/', pushgatewayForm],
  ...otherWriterForms,
  ['/prometheus/', prometheusForm],
  ['/alertmanager/', alertmanagerForm],
]

/** The form goes by the path, so that a request refused before its route is reached hears of it in its own words, too. */
export function formOfPath(path: string): ErrorForm | undefined {
  return forms.find(([place]) => (place.endsWith('/') ? path.startsWith(place) : path === place))?.[1]
}
