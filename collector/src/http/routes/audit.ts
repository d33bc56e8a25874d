import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import type { AuditResponse } from '../../contract/audit.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { pageParams, timeParam, toRange } from '../query/query-params.ts'

const auditAnswer: z.ZodType<AuditResponse> = z.object({
  entries: z.array(
    z.object({ at: z.string(), actor: z.string(), action: z.string(), target: z.string(), detail: z.record(z.string(), z.unknown()) }),
  ),
  hasMore: z.boolean().meta({ description: 'There are older ones, found with a greater offset.' }),
})

const word = z.string().max(1000).optional()

/** What people and tokens did: rows are only ever added, and this is where they are read. */
export function auditRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  jsonRoute(app, deps, {
    method: 'get',
    path: '/admin/audit',
    scope: 'admin',
    tag: 'Collector',
    summary: 'Who did what to what, the newest first.',
    query: { actor: word, action: word, target: word, from: timeParam, to: timeParam, ...pageParams },
    answer: auditAnswer,
    handle({ query: { actor, action, target, from, to, limit, offset } }) {
      const range = toRange(from, to, deps.clock.now() + 1)
      const found = deps.audit.list({
        ...(actor !== undefined && { actor }),
        ...(action !== undefined && { action }),
        ...(target !== undefined && { target }),
        ...(range && { fromMs: range.from, toMs: range.to }),
        limit: limit + 1,
        offset,
      })
      const entries = found.slice(0, limit).map(({ atMs, ...entry }) => ({ at: new Date(atMs).toISOString(), ...entry }))
      return { entries, hasMore: found.length > limit }
    },
  })
  return app
}
