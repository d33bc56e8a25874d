import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { heartbeatSchema } from '../../contract/health.ts'
import { componentStates } from '../../model/health.ts'
import { doneAnswer, healthAnswer } from '../answers/api-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { listOf, listParam } from '../query/query-params.ts'

/** The health matrix, and the heartbeats of components that report by themselves. */
export function healthRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()

  jsonRoute(app, deps, {
    method: 'get',
    path: '/',
    scope: 'read',
    tag: 'Health',
    summary: 'The overall status and the state of every component.',
    query: { component: listParam, environment: listParam, state: listOf(componentStates) },
    answer: healthAnswer,
    handle: ({ query }) => ({
      status: deps.health.overall(),
      components: deps.health
        .components()
        .filter(
          (component) =>
            isWanted(query.component, component.name) &&
            isWanted(query.environment, component.environment) &&
            isWanted(query.state, component.state),
        ),
    }),
  })
  jsonRoute(app, deps, {
    method: 'post',
    path: '/{component}/heartbeat',
    scope: 'write',
    tag: 'Health',
    summary: 'A component says how it is.',
    params: { component: z.string() },
    body: heartbeatSchema,
    answer: doneAnswer,
    handle: ({ params, body }) => {
      deps.health.heartbeat(params.component, body)
      return { ok: true, message: `${params.component} is ${body.status}` }
    },
  })
  return app
}

function isWanted(wanted: readonly string[], value: string): boolean {
  return wanted.length === 0 || wanted.includes(value)
}
