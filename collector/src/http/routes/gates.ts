import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { parseMatcher } from '../../alerts/routing/tree/matcher.ts'
import { chosenCheckSchema, gateCheckSchema, gateOverrideSchema } from '../../contract/gates.ts'
import type { GateOrder } from '../../deployments/gates.ts'
import { durationSchema } from '../../lib/duration.ts'
import { AppError } from '../../lib/errors.ts'
import type { LabelTest } from '../../model/gate.ts'
import { gateVerdicts } from '../../model/gate-verdict.ts'
import { gateResultAnswer, gateResultsAnswer, gatesAnswer } from '../answers/gate-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv, Identity } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { listOf, pageParams } from '../query/query-params.ts'

/** A gate that looks once may have to wait for the store; one that watches is asked for again. */
const onceWaitMs = 10_000
const waitParam = durationSchema
  .refine((waitMs) => waitMs <= 30_000, 'wait must be at most 30s')
  .prefault('0s')
  .meta({ description: 'Answer when it is done, or after so long: at most 30s.' })

/** May this deployment begin, or go on? Judged by the rules that alert. */
export function gateRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  addChecks(app, deps)
  addResults(app, deps)
  return app
}

const tag = 'Gates'

function addChecks(app: HttpApp, deps: RouteDeps): void {
  const { gates } = deps
  const check = (order: GateOrder, signal: AbortSignal) => {
    const begun = gates.check(order)
    return gates.wait(begun.id, begun.policies.watchMs === 0 ? onceWaitMs : 0, signal)
  }

  jsonRoute(app, deps, {
    ...{ method: 'get', path: '/', scope: 'read', tag },
    summary: 'The configured gates, each with the rules it stands for now.',
    answer: gatesAnswer,
    handle: () => ({ gates: gates.list() }),
  })
  jsonRoute(app, deps, {
    ...{ method: 'post', path: '/check', scope: 'operate', tag },
    summary: 'Judges rules that the caller chooses. One that watches answers at once, and its result is asked for by its id.',
    body: chosenCheckSchema,
    answer: gateResultAnswer,
    handle: ({ body: { rules, matchers, ...body }, identity, signal }) =>
      check({ ...toOrder(body, identity), rules, matchers: matchers.map(toTest) }, signal),
  })
  jsonRoute(app, deps, {
    ...{ method: 'post', path: '/{name}/check', scope: 'operate', tag },
    summary: 'Judges the rules of a configured gate; what is given goes before its settings.',
    params: { name: z.string() },
    body: gateCheckSchema,
    answer: gateResultAnswer,
    handle: ({ params: { name }, body, identity, signal }) => check({ ...toOrder(body, identity), gate: name }, signal),
  })
}

function addResults(app: HttpApp, deps: RouteDeps): void {
  const { gates } = deps
  const text = z.string().max(200).optional()

  jsonRoute(app, deps, {
    ...{ method: 'get', path: '/results', scope: 'read', tag },
    summary: 'What became of deployments at their gates, the newest first.',
    query: { gate: text, service: text, environment: text, deployment: text, verdict: listOf(gateVerdicts), ...pageParams },
    answer: gateResultsAnswer,
    handle: ({ query: { deployment, ...filter } }) => gates.results({ ...filter, deploymentId: deployment }),
  })
  jsonRoute(app, deps, {
    ...{ method: 'get', path: '/results/{id}', scope: 'read', tag },
    summary: 'One result: how far it is, or what became of it.',
    params: { id: z.string() },
    query: { wait: waitParam },
    answer: gateResultAnswer,
    handle: ({ params: { id }, query: { wait }, signal }) => gates.wait(id, wait, signal),
  })
  jsonRoute(app, deps, {
    ...{ method: 'post', path: '/results/{id}/override', scope: 'operate', tag },
    summary: 'Lets a deployment pass whatever the verdict, which stays what it is; with who and why.',
    params: { id: z.string() },
    body: gateOverrideSchema,
    answer: gateResultAnswer,
    handle: ({ params: { id }, body }) => gates.override(id, body),
  })
}

function toOrder({ service, environment, ...body }: z.output<typeof gateCheckSchema>, identity: Identity): GateOrder {
  const { labels, watch, deployment, actor, ...rest } = body
  return {
    ...rest,
    labels: { ...labels, ...(service !== undefined && { service }), ...(environment !== undefined && { environment }) },
    ...(watch !== undefined && { watchMs: watch }),
    ...(deployment !== undefined && { deploymentId: deployment }),
    actor: actor ?? identity.name,
  }
}

function toTest(text: string): LabelTest {
  const matcher = parseMatcher(text)
  if (typeof matcher === 'string') throw new AppError('VALIDATION_FAILED', `${matcher}.`)
  return { text, matches: matcher.matches }
}
