import { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import { type QueryResponse, type QueryResult, queryRequestSchema } from '../../contract/query.ts'
import { AppError } from '../../lib/errors.ts'
import { queryAnswer } from '../answers/api-answers.ts'
import { toFailure } from '../answers/error-response.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { toQueryJson } from '../query/query-json.ts'
import { runQuery } from '../query/run-query.ts'

type Request = z.output<typeof queryRequestSchema>

/** `POST /api/v1/query`: each refId answers for itself. */
export function queryRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  jsonRoute(app, deps, {
    method: 'post',
    path: '/query',
    scope: 'read',
    tag: 'Query',
    summary: 'Frames for metrics, health, alerts and deployments over a range.',
    body: queryRequestSchema,
    answer: queryAnswer,
    write: (results) => toQueryJson(results as QueryResponse),
    handle: ({ body, signal, requestId }) => answer(deps, body, signal, requestId),
  })
  return app
}

async function answer(deps: RouteDeps, request: Request, left: AbortSignal, requestId: string) {
  const tooLate = AbortSignal.timeout(deps.options.limits.queryTimeoutMs)
  const signal = AbortSignal.any([left, tooLate])
  const seen = new Set<string>()

  const entries = request.queries.map(async (query): Promise<[string, QueryResult]> => {
    try {
      if (seen.has(query.refId)) throw new AppError('QUERY_INVALID', `the refId "${query.refId}" was given twice`)
      seen.add(query.refId)
      return [query.refId, { frames: await untilAborted(runQuery(deps, query, request.range, signal), signal) }]
    } catch (thrown) {
      return [query.refId, { error: toFailure(inTime(thrown, left, tooLate, deps), requestId, deps.log).error }]
    }
  })
  return { results: Object.fromEntries(await Promise.all(entries)) }
}

/** Stops waiting when the signal fires, whatever the store does; the store is told by the same signal. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason)
    if (signal.aborted) give()
    signal.addEventListener('abort', give, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give))
  })
}

/** What a query that was cut short died of. */
function inTime(thrown: unknown, left: AbortSignal, tooLate: AbortSignal, deps: RouteDeps): unknown {
  if (left.aborted) return new AppError('QUERY_CANCELLED', 'The client left before the answer was ready.')
  if (!tooLate.aborted) return thrown
  const seconds = deps.options.limits.queryTimeoutMs / 1000
  return new AppError('QUERY_TIMEOUT', `The query took longer than ${seconds} s; choose a shorter range or fewer series.`)
}
