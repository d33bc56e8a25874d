import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { operatorOf, stateOf } from '../../alerts/silences/silence.ts'
import { AppError } from '../../lib/errors.ts'
import type { Silence } from '../../model/silence.ts'
import { matchersOf, selectionOf } from '../alertmanager/alert-filter.ts'
import { postedSilence, receiversByAlert, toGettableAlert, toGettableSilence } from '../alertmanager/shapes.ts'
import type { ErrorForm } from '../answers/error-response.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { fromPosted, postedAlerts } from '../hooks/alerts-message.ts'
import { readBody } from '../middleware/body.ts'
import { parseJson, parsePart } from '../validation.ts'

/**
 * API v2 of Alertmanager, as far as Grafana's Alertmanager datasource, amtool and senders of alerts use it: alerts,
 * groups, receivers and silences. Errors are a JSON string, as Alertmanager's are.
 */
export function alertmanagerRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  readRoutes(app, deps)
  alertRoutes(app, deps)
  silenceRoutes(app, deps)
  return app
}

export const alertmanagerForm: ErrorForm = (c, failure) => c.json(failure.error.message, failure.status)

function readRoutes(app: HttpApp, deps: RouteDeps): void {
  const { alerts, clock, auth, options } = deps
  const read = auth.require('read')
  const tell = (alert: Parameters<typeof toGettableAlert>[0], receivers: readonly string[]) =>
    toGettableAlert(alert, receivers, clock.now(), options.externalUrl ?? '')

  app.get('/status', read, (c) =>
    c.json({
      cluster: { status: 'disabled', peers: [] },
      versionInfo: { branch: '', buildDate: '', buildUser: '', goVersion: '', revision: '', version: deps.version },
      config: { original: `# Tidewatch ${deps.version}: routes and receivers stand in its own configuration file.\n` },
      uptime: deps.startedAt,
    }),
  )
  app.get('/receivers', read, (c) => c.json(alerts.receivers().map((name) => ({ name }))))
  app.get('/alerts', read, (c) => {
    const { takes, takesReceiver } = selectionOf(c)
    const chosen = [...receiversByAlert(alerts.groups()).values()].filter(
      ({ alert, receivers }) => takes(alert) && receivers.some(takesReceiver),
    )
    return c.json(chosen.map(({ alert, receivers }) => tell(alert, receivers)))
  })
  app.get('/alerts/groups', read, (c) => {
    const { takes, takesReceiver } = selectionOf(c)
    const groups = alerts.groups().flatMap(({ receiver, labels, alerts: members }) => {
      const chosen = members.filter(takes)
      if (chosen.length === 0 || !takesReceiver(receiver)) return []
      return [{ labels, receiver: { name: receiver }, alerts: chosen.map((alert) => tell(alert, [receiver])) }]
    })
    return c.json(groups)
  })
}

/** The same door as that of the webhook: what comes in here belongs to the hook of the type `alertmanager`. */
function alertRoutes(app: HttpApp, { alerts, clock, auth, options }: RouteDeps): void {
  const hook = options.hooks.find(({ type }) => type === 'alertmanager')
  app.post('/alerts', auth.require('hooks'), async (c) => {
    if (!hook) throw new AppError('NOT_FOUND', 'No hook of the type "alertmanager" is configured here; add one under hooks to send alerts.')
    const body = await readBody(c, { bytesMax: hook.bodyBytesMax, code: 'BODY_TOO_LARGE' })
    const posted = parsePart(postedAlerts, parseJson(body), 'body')
    alerts.receive(hook.name, fromPosted(posted, clock.now()))
    return c.body(null, 200)
  })
}

function silenceRoutes(app: HttpApp, { alerts, clock, auth, options }: RouteDeps): void {
  const { silences } = alerts
  const [read, operate] = [auth.require('read'), auth.require('operate')]
  const bytesMax = options.limits.requestBodyBytesMax

  app.get('/silences', read, (c) => {
    const wanted = matchersOf(c)
    const speaksOf = (silence: Silence) =>
      wanted.every(({ label, operator, value }) =>
        silence.matchers.some((matcher) => matcher.name === label && operatorOf(matcher) === operator && matcher.value === value),
      )
    const sorted = silences
      .list()
      .filter(speaksOf)
      .toSorted((a, b) => byUrgency(a, b, clock.now()))
    return c.json(sorted.map((silence) => toGettableSilence(silence, clock.now())))
  })
  app.get('/silence/:id', read, (c) => c.json(toGettableSilence(silences.get(c.req.param('id') ?? ''), clock.now())))
  app.post('/silences', operate, async (c: Context<HttpEnv>) => {
    const body = await readBody(c, { bytesMax, code: 'BODY_TOO_LARGE' })
    const { startsAt, endsAt, id, annotations, ...wish } = parsePart(postedSilence, parseJson(body), 'body')
    const { id: silenceID } = silences.set({
      ...wish,
      startsAtMs: startsAt,
      endsAtMs: endsAt,
      ...(id !== undefined && id !== '' && { id }),
      ...(annotations && { annotations }),
    })
    return c.json({ silenceID })
  })
  app.delete('/silence/:id', operate, (c) => {
    silences.expire(c.req.param('id') ?? '', c.get('identity')?.name ?? 'unknown')
    return c.body(null, 200)
  })
  app.all('*', () => {
    throw new AppError('NOT_FOUND', 'Tidewatch does not answer this part of the Alertmanager API.')
  })
}

const order = ['active', 'pending', 'expired'] as const

/** Alertmanager's order: active ones that end soon, pending ones that begin soon, expired ones that ended last. */
function byUrgency(a: Silence, b: Silence, nowMs: number): number {
  const [stateA, stateB] = [stateOf(a, nowMs), stateOf(b, nowMs)]
  if (stateA !== stateB) return order.indexOf(stateA) - order.indexOf(stateB)
  if (stateA === 'pending') return a.startsAtMs - b.startsAtMs
  return stateA === 'active' ? a.endsAtMs - b.endsAtMs : b.endsAtMs - a.endsAtMs
}
