import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import type { DeliveriesResponse } from '../../contract/deliveries.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { pageParams, timeParam, toRange } from '../query/query-params.ts'

const outcomes = ['sent', 'retry', 'dead_letter'] as const

const deliveriesAnswer: z.ZodType<DeliveriesResponse> = z.object({
  deliveries: z.array(
    z.object({
      at: z.string(),
      receiver: z.string(),
      groupKey: z.string(),
      reason: z.string(),
      status: z.enum(['firing', 'resolved']),
      alertIds: z.array(z.string()),
      rules: z.array(z.string()).meta({ description: 'The rules of these alerts.' }),
      attempt: z.number(),
      outcome: z.enum(outcomes),
      message: z.string(),
      idempotencyKey: z.string().meta({ description: 'Equal for every try of one notification.' }),
      durationMs: z.number(),
    }),
  ),
  total: z.number(),
})

/** What was sent to whom, when, and what became of it. */
export function deliveryRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  jsonRoute(app, deps, {
    method: 'get',
    path: '/deliveries',
    scope: 'read',
    tag: 'Alerts',
    summary: 'The tries to deliver notifications, the newest first; kept for 60 days.',
    query: {
      receiver: z.string().optional(),
      outcome: z.enum(outcomes).optional(),
      alert: z.string().optional().meta({ description: 'The id of an alert that the notification told of.' }),
      from: timeParam,
      to: timeParam,
      ...pageParams,
    },
    answer: deliveriesAnswer,
    handle({ query: { receiver, outcome, alert, from, to, limit, offset } }) {
      const range = toRange(from, to, deps.clock.now())
      const { deliveries, total } = deps.alerts.deliveries({
        ...(receiver !== undefined && { receiver }),
        ...(outcome !== undefined && { outcome }),
        ...(alert !== undefined && { alertId: alert }),
        ...(range && { fromMs: range.from, toMs: range.to }),
        limit,
        offset,
      })
      return { deliveries: deliveries.map(({ atMs, ...row }) => ({ at: new Date(atMs).toISOString(), ...row })), total }
    },
  })
  return app
}
