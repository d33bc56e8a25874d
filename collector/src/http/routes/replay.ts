import { OpenAPIHono } from '@hono/zod-openapi'
import { replaySchema } from '../../contract/replay.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import { replayAnswer, replayProgressAnswer } from '../answers/api-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'

/** What rules would have sent. One replay at a time: each takes what a core has to spare. */
export function replayRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  let underWay: { readonly startedAt: string; done: number } | undefined

  jsonRoute(app, deps, {
    method: 'post',
    path: '/rules/replay',
    scope: 'operate',
    tag: 'Alerts',
    summary: 'Replays rules and routes on stored samples: what would have been sent, when and to whom. Ends when the client leaves.',
    body: replaySchema,
    answer: replayAnswer,
    async handle({ body, signal }) {
      if (underWay)
        throw new AppError(
          'TOO_MANY_REQUESTS',
          `A replay is under way since ${underWay.startedAt}, ${percent(underWay.done)} done. Try again when it is over.`,
          { retryable: true },
        )
      const mine = { startedAt: new Date(deps.clock.now()).toISOString(), done: 0 }
      underWay = mine
      const onProgress = (done: number): void => {
        mine.done = done
      }
      try {
        return await deps.replay({ ...body, to: body.to ?? deps.clock.now() }, { signal, onProgress })
      } catch (thrown) {
        deps.log.info({ reason: messageOf(thrown) }, 'a replay ended without a report')
        throw thrown
      } finally {
        underWay = undefined
      }
    },
  })
  jsonRoute(app, deps, {
    method: 'get',
    path: '/rules/replay',
    scope: 'read',
    tag: 'Alerts',
    summary: 'How far the replay under way is.',
    answer: replayProgressAnswer,
    handle: () => ({ underWay: underWay !== undefined, startedAt: underWay?.startedAt ?? null, done: underWay?.done ?? null }),
  })
  return app
}

const percent = (done: number): string => `${Math.floor(done * 100)} %`
