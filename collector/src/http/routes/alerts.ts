import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { ackAllSchema, ackSchema, actorSchema, markSchema, receiverTestSchema } from '../../contract/alerts.ts'
import { AppError } from '../../lib/errors.ts'
import { alertStates } from '../../model/alert.ts'
import { alertAnswer, alertsAnswer, doneAnswer, rulesAnswer, takenAnswer } from '../answers/api-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { listOf, pageParams, severitiesParam, timeParam, toRange } from '../query/query-params.ts'

const label = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .meta({ description: 'name=value, repeated for several.' })

/** Alerts, what people do with them, the rules behind them and the receivers they go to. */
export function alertRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const { alerts, clock } = deps

  jsonRoute(app, deps, {
    method: 'get',
    path: '/alerts',
    scope: 'read',
    tag: 'Alerts',
    summary: 'Active alerts; with past=true also those that ended.',
    query: {
      state: listOf(alertStates),
      severity: severitiesParam,
      text: z.string().max(1000).optional(),
      label,
      component: z.string().max(1024).optional().meta({ description: 'Short for label=component=…' }),
      past: z.enum(['true', 'false']).default('false'),
      from: timeParam,
      to: timeParam,
      ...pageParams,
    },
    answer: alertsAnswer,
    handle: ({ query }) =>
      alerts.list({
        ...(query.state.length > 0 && { states: query.state }),
        ...(query.severity.length > 0 && { severities: query.severity }),
        ...(query.text !== undefined && { text: query.text }),
        ...labelsOf(query),
        past: query.past === 'true',
        range: toRange(query.from, query.to, clock.now()),
        limit: query.limit,
        offset: query.offset,
      }),
  })
  jsonRoute(app, deps, {
    method: 'get',
    path: '/rules',
    scope: 'read',
    tag: 'Alerts',
    summary: 'Every rule with its state and definition.',
    answer: rulesAnswer,
    handle: () => ({ rules: alerts.rules() }),
  })
  operations(app, deps)
  return app
}

/** What people do with an alert. Each names an actor and is logged with the token that was used. */
function operations(app: HttpApp, deps: RouteDeps): void {
  const { alerts, log } = deps
  const described = { method: 'post', scope: 'operate', tag: 'Alerts', params: { id: z.string() }, answer: alertAnswer } as const

  jsonRoute(app, deps, {
    ...described,
    path: '/alerts/{id}/ack',
    summary: 'Someone takes the alert: repeats stop, for a while or until it ends.',
    body: ackSchema,
    handle: ({ params, body, identity }) => {
      log.info({ operation: 'ack', alert: params.id, actor: body.actor, token: identity.name }, 'an alert was acknowledged')
      return alerts.acknowledge(params.id, { actor: body.actor, comment: body.comment, ...(body.for !== undefined && { forMs: body.for }) })
    },
  })
  jsonRoute(app, deps, {
    method: 'post',
    path: '/alerts/ack',
    scope: 'operate',
    tag: 'Alerts',
    summary:
      'Someone takes many alerts at once. Answers with those that are active, which are all taken or, when that cannot be written, none.',
    body: ackAllSchema,
    answer: takenAnswer,
    async handle({ body: { ids, actor, comment, for: forMs }, identity }) {
      log.info({ operation: 'ack', alerts: ids, actor, token: identity.name }, 'alerts were acknowledged')
      return { alerts: await alerts.acknowledgeAll(ids, { actor, comment, ...(forMs !== undefined && { forMs }) }) }
    },
  })
  jsonRoute(app, deps, {
    ...described,
    path: '/alerts/{id}/mark',
    summary: 'Says whether an alert was useful, which makes the precision of its rule.',
    body: markSchema,
    handle: ({ params, body: { startsAt, ...mark }, identity }) => {
      log.info({ operation: 'mark', alert: params.id, actor: mark.actor, token: identity.name }, 'an alert was marked')
      return alerts.mark(params.id, { ...mark, ...(startsAt !== undefined && { startsAtMs: startsAt }) })
    },
  })
  for (const [operation, summary] of [
    ['unack', 'Takes an acknowledgement back.'],
    ['resolve', 'Ends the alert; it fires again if its condition still holds.'],
  ] as const) {
    jsonRoute(app, deps, {
      ...described,
      path: `/alerts/{id}/${operation}`,
      summary,
      body: actorSchema,
      handle: ({ params, body, identity }) => {
        log.info({ operation, alert: params.id, actor: body.actor, token: identity.name }, 'someone acted on an alert')
        return operation === 'unack' ? alerts.unacknowledge(params.id, body) : alerts.resolve(params.id, body)
      },
    })
  }
  jsonRoute(app, deps, {
    method: 'post',
    path: '/receivers/{name}/test',
    scope: 'operate',
    tag: 'Alerts',
    summary: 'Sends word of an alert, a deployment or another change, marked TEST, through one receiver.',
    params: { name: z.string() },
    body: receiverTestSchema,
    answer: doneAnswer,
    handle: ({ params, body: { actor, about, service, environment }, identity }) => {
      const place = { ...(service !== undefined && { service }), ...(environment !== undefined && { environment }) }
      return alerts.testReceiver(params.name, actor ?? identity.name, about === 'alert' ? undefined : { kind: about, ...place })
    },
  })
}

function labelsOf({ label: pairs = [], component }: { label?: string | string[]; component?: string }) {
  const labels = { ...toLabels([pairs].flat()), ...(component !== undefined && { component }) }
  return Object.keys(labels).length > 0 && { labels }
}

function toLabels(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new AppError('VALIDATION_FAILED', `label: "${pair}" is not written name=value.`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
