import { OpenAPIHono } from '@hono/zod-openapi'
import { Gauge } from 'prom-client'
import { AppError } from '../../lib/errors.ts'
import { reloadAnswer } from '../answers/api-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'

/** Reads rules, routes and receivers again, and tells how the last time went. */
export function reloadRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  registerMetrics(deps)
  jsonRoute(app, deps, {
    method: 'post',
    path: '/admin/reload',
    scope: 'admin',
    tag: 'Collector',
    summary: 'Reads rules, routes and receivers again; with an error in them everything stays as it was.',
    answer: reloadAnswer,
    handle: async ({ identity }) => {
      deps.log.info({ token: identity.name }, 'someone asks to read the configuration again')
      const status = await deps.reload(identity.name)
      if (!status.ok) throw new AppError('RELOAD_REFUSED', status.message)
      return status
    },
  })
  return app
}

function registerMetrics({ registry, lastReload }: Pick<RouteDeps, 'registry' | 'lastReload'>): void {
  const registers = [registry]
  new Gauge({
    name: 'tidewatch_config_last_reload_successful',
    help: 'Whether the configuration could be read when that was last tried; 1 before the first time.',
    registers,
    collect() {
      this.set(lastReload()?.ok === false ? 0 : 1)
    },
  })
  new Gauge({
    name: 'tidewatch_config_last_reload_timestamp_seconds',
    help: 'When reading the configuration again was last tried; 0 before the first time.',
    registers,
    collect() {
      this.set(Date.parse(lastReload()?.at ?? '1970-01-01T00:00:00Z') / 1000)
    },
  })
}
