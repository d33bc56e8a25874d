import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ackSchema } from '../../contract/alerts.ts'
import { AppError } from '../../lib/errors.ts'
import type { Alert } from '../../model/alert.ts'
import {
  acknowledgedPage,
  acknowledgePage,
  acknowledgePagePolicy,
  maySilence,
  refusedPage,
  silencedPage,
} from '../answers/acknowledge-page.ts'
import { toFailure } from '../answers/error-response.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { parsePart } from '../validation.ts'

type Wish = { readonly actor: string; readonly comment: string; readonly forMs: number | undefined }

/** A link is good for no longer silence than it is good itself. */
const longestMs = 86_400_000

/**
 * Where the links in notifications lead. GET only shows a page, for chats and mail scanners open
 * every link; POST, from its form, takes or silences the alerts. The signature stands in for a token.
 */
export function acknowledgeLinkRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const { alerts, clock, log } = deps

  /** The alerts that still fire in the group of the link. */
  function alertsOf(c: Context<HttpEnv>): readonly Alert[] {
    const verdict = alerts.checkAcknowledgeLink(c.req.param('token') ?? '')
    if (!verdict.ok && verdict.reason === 'expired') {
      throw new AppError('FORBIDDEN', 'It was good for a day. Take the alert in the panel, or wait for the next notification.')
    }
    if (!verdict.ok) throw new AppError('FORBIDDEN', 'It is not whole, or was not made here. Open it again from the notification.')
    return alerts.firingIn(verdict.groupKey)
  }

  /** Each alert by all of its labels, so that nothing else falls silent with it. */
  function silence(firing: readonly Alert[], { actor, comment, forMs = longestMs }: Wish): string {
    if (!maySilence(firing.length)) throw new AppError('VALIDATION_FAILED', `These are ${firing.length} alerts. Silence them in the panel.`)
    const endsAtMs = clock.now() + Math.min(forMs, longestMs)
    for (const { labels } of firing) {
      const matchers = Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }))
      alerts.silences.set({ matchers, endsAtMs, createdBy: actor, comment: comment || 'silenced by the link of a notification' })
    }
    log.info({ operation: 'silence', alerts: firing.map(({ id }) => id), actor }, 'alerts were silenced by a link')
    return silencedPage(firing, new Date(endsAtMs).toISOString())
  }

  app.use('/:token', async (c, next) => {
    c.header('Content-Security-Policy', acknowledgePagePolicy)
    c.header('Cache-Control', 'no-store')
    c.header('X-Robots-Tag', 'noindex')
    // With no-referrer browsers send "Origin: null", which is refused as a foreign page.
    c.header('Referrer-Policy', 'same-origin')
    await next()
  })
  app.get('/:token', (c) => c.html(acknowledgePage(alertsOf(c), clock.now())))
  app.post('/:token', async (c) => {
    const firing = alertsOf(c)
    const form = new URLSearchParams((await readBody(c, { bytesMax: 10_000, code: 'BODY_TOO_LARGE' })).toString('utf8'))
    const given = [...form].filter(([name, value]) => name !== 'act' && (name !== 'for' || value !== ''))
    const { actor, comment, for: forMs } = parsePart(ackSchema, Object.fromEntries(given), 'form')
    if (form.get('act') === 'silence' && firing.length > 0) return c.html(silence(firing, { actor, comment, forMs }))
    const open = firing.filter(({ acknowledgedBy }) => acknowledgedBy === null).map(({ id }) => id)
    const taken = open.length === 0 ? [] : await alerts.acknowledgeAll(open, { actor, comment, ...(forMs !== undefined && { forMs }) })
    log.info({ operation: 'ack', alerts: taken.map(({ id }) => id), actor }, 'alerts were acknowledged by a link')
    return c.html(taken.length === 0 ? acknowledgePage(firing, clock.now()) : acknowledgedPage(taken, actor))
  })
  app.onError((thrown, c) => {
    const { status, error } = toFailure(thrown, c.get('requestId') ?? '', log)
    return c.html(refusedPage(error.message, refusalOf(status)), status)
  })
  return app
}

/** A form that is not filled in says nothing against the link. */
function refusalOf(status: number): string {
  if (status === 403) return 'This link does not work'
  return status < 500 ? 'Nothing was done' : 'Something went wrong'
}
