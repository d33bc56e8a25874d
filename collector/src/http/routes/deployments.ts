import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { createDeploymentSchema, deploymentStepSchema, finishDeploymentSchema } from '../../contract/deployments.ts'
import { changeKinds } from '../../model/deployment.ts'
import { deploymentAnswer, deploymentsAnswer } from '../answers/api-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { listOf, listParam, pageParams, timeParam, toRange } from '../query/query-params.ts'

/** What changed, when and by whom. */
export function deploymentRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const { deployments, clock } = deps
  const tag = 'Deployments'
  const params = { id: z.string() }
  const operation = { method: 'post', scope: 'operate', tag, answer: deploymentAnswer } as const

  jsonRoute(app, deps, {
    method: 'get',
    path: '/',
    scope: 'read',
    tag,
    summary: 'Deployments, and changes of flags and settings, newest first.',
    query: { service: listParam, environment: listParam, kind: listOf(changeKinds), from: timeParam, to: timeParam, ...pageParams },
    answer: deploymentsAnswer,
    handle: ({ query }) =>
      deployments.list({
        ...(query.service.length > 0 && { services: query.service }),
        ...(query.kind.length > 0 && { kinds: query.kind }),
        ...(query.environment.length > 0 && { environments: query.environment }),
        range: toRange(query.from, query.to, clock.now()),
        limit: query.limit,
        offset: query.offset,
      }),
  })
  jsonRoute(app, deps, {
    method: 'get',
    path: '/{id}',
    scope: 'read',
    tag,
    summary: 'One deployment with its steps.',
    params,
    answer: deploymentAnswer,
    handle: ({ params: { id } }) => deployments.get(id),
  })
  jsonRoute(app, deps, {
    ...operation,
    path: '/',
    summary: 'A deployment begins, or is recorded after the fact.',
    body: createDeploymentSchema,
    status: 201,
    handle: ({ body }) => deployments.record(body),
  })
  jsonRoute(app, deps, {
    ...operation,
    path: '/{id}/steps',
    summary: 'Adds a step, or updates the one of that name.',
    params,
    body: deploymentStepSchema,
    handle: ({ params: { id }, body }) => deployments.step(id, body),
  })
  jsonRoute(app, deps, {
    ...operation,
    path: '/{id}/finish',
    summary: 'The deployment ends.',
    params,
    body: finishDeploymentSchema,
    handle: ({ params: { id }, body }) => deployments.finish(id, body),
  })
  return app
}
