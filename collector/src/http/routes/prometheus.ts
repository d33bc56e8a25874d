import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ErrorForm } from '../answers/error-response.ts'
import { toPrometheusAlert, toRuleGroups } from '../answers/prometheus-rules.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'

const alertsMax = 10_000

export const prometheusForm: ErrorForm = (c, { status, error }) =>
  c.json({ status: 'error', errorType: status < 500 ? 'bad_data' : 'internal', error: error.message }, status)

/**
 * What Grafana's `prometheus` datasource asks to show our rules on its alerting pages; read-only.
 * https://prometheus.io/docs/prometheus/latest/querying/api/#rules
 */
export function prometheusRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const { alerts } = deps
  const bytesMax = deps.options.limits.requestBodyBytesMax
  const formOf = async (c: Context<HttpEnv>) =>
    new URLSearchParams((await readBody(c, { bytesMax, code: 'BODY_TOO_LARGE' })).toString('utf8'))
  const active = () => alerts.list({ limit: alertsMax }).alerts
  app.use('/*', deps.auth.require('read'))

  app.get('/status/buildinfo', (c) => c.json({ status: 'success', data: { version: deps.version, application: 'Tidewatch' } }))
  app.get('/rules', (c) => {
    const list = (name: string) => c.req.queries(`${name}[]`) ?? []
    const withAlerts = c.req.query('exclude_alerts') !== 'true'
    const selection = { names: list('rule_name'), groups: list('rule_group'), files: list('file'), type: c.req.query('type'), withAlerts }
    return c.json({ status: 'success', data: { groups: toRuleGroups(alerts.rules(), withAlerts ? active() : [], selection) } })
  })
  app.get('/alerts', (c) => c.json({ status: 'success', data: { alerts: active().map(toPrometheusAlert) } }))
  app.on(['GET', 'POST'], '/query', async (c) => {
    const query = c.req.query('query') ?? (await formOf(c)).get('query') ?? ''
    // "Save & test" asks this one sum; there is no PromQL behind it.
    if (query.replaceAll(' ', '') === '1+1') {
      return c.json({ status: 'success', data: { resultType: 'scalar', result: [deps.clock.now() / 1000, '2'] } })
    }
    return c.json({ status: 'error', errorType: 'bad_data', error: 'Tidewatch answers no PromQL; use its own datasource for data.' }, 400)
  })
  return app
}
