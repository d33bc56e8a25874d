import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  type SilencePreviewResponse,
  type SilencesResponse,
  type SilenceView,
  silencePreviewSchema,
  silenceSchema,
} from '../../contract/silences.ts'
import { AppError } from '../../lib/errors.ts'
import { silenceStates } from '../../model/silence.ts'
import { alertAnswer } from '../answers/api-answers.ts'
import { parseMatchers, toSilenceView } from '../answers/silence-view.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { listOf } from '../query/query-params.ts'

const silenceAnswer: z.ZodType<SilenceView> = z
  .object({
    id: z.string(),
    state: z.enum(silenceStates),
    matchers: z.array(z.string()),
    startsAt: z.string(),
    endsAt: z.string(),
    updatedAt: z.string(),
    createdBy: z.string(),
    comment: z.string(),
    untilDeployment: z.string().nullable(),
  })
  .meta({ id: 'Silence' })

const silencesAnswer: z.ZodType<SilencesResponse> = z.object({ silences: z.array(silenceAnswer) })

const previewAnswer: z.ZodType<SilencePreviewResponse> = z.object({
  alerts: z.array(alertAnswer),
  days: z.number(),
  notificationsSuppressed: z.number().meta({ description: 'Notifications of those days of which nothing would have been left.' }),
  notificationsShortened: z.number().meta({ description: 'Those that would have told of fewer alerts.' }),
  notificationsTotal: z.number(),
})

/** Silences: who keeps which alerts from receivers, until when, and why. */
export function silenceRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const { clock } = deps
  const { silences } = deps.alerts
  const view = (silence: Parameters<typeof toSilenceView>[0]) => toSilenceView(silence, clock.now())
  const tag = 'Silences'
  const params = { id: z.string() }

  jsonRoute(app, deps, {
    method: 'get',
    path: '/',
    scope: 'read',
    tag,
    summary: 'Silences, those that end last first.',
    query: { state: listOf(silenceStates) },
    answer: silencesAnswer,
    handle: ({ query }) => ({
      silences: silences
        .list()
        .toSorted((a, b) => b.endsAtMs - a.endsAtMs)
        .map(view)
        .filter(({ state }) => query.state.length === 0 || query.state.includes(state)),
    }),
  })
  jsonRoute(app, deps, {
    method: 'get',
    path: '/{id}',
    scope: 'read',
    tag,
    summary: 'One silence.',
    params,
    answer: silenceAnswer,
    handle: ({ params }) => view(silences.get(params.id)),
  })
  jsonRoute(app, deps, {
    method: 'post',
    path: '/',
    scope: 'operate',
    tag,
    summary: 'Makes a silence, or changes the one whose id is given.',
    body: silenceSchema,
    answer: silenceAnswer,
    handle({ body: { matchers, startsAt, endsAt, for: forMs, ...rest } }) {
      if (rest.untilDeployment !== undefined) checkRuns(deps, rest.untilDeployment)
      const endsAtMs = endsAt ?? (startsAt ?? clock.now()) + (forMs ?? 0)
      return view(
        silences.set({ ...rest, matchers: parseMatchers(matchers), endsAtMs, ...(startsAt !== undefined && { startsAtMs: startsAt }) }),
      )
    },
  })
  jsonRoute(app, deps, {
    method: 'delete',
    path: '/{id}',
    scope: 'operate',
    tag,
    summary: 'Ends a silence now.',
    params,
    query: { actor: z.string().min(1).max(200).optional() },
    answer: silenceAnswer,
    handle: ({ params, query, identity }) => view(silences.expire(params.id, query.actor ?? identity.name)),
  })
  jsonRoute(app, deps, {
    method: 'post',
    path: '/preview',
    scope: 'read',
    tag,
    summary: 'What a silence would cover now, and which notifications of the past days it would have kept back.',
    body: silencePreviewSchema,
    answer: previewAnswer,
    handle: ({ body }) => silences.preview(parseMatchers(body.matchers), body.days),
  })
  return app
}

function checkRuns({ deployments }: RouteDeps, id: string): void {
  const { finishedAt } = deployments.get(id)
  if (finishedAt !== null)
    throw new AppError('CONFLICT', `Deployment ${id} has finished already, so a silence until its end would be over.`)
}
