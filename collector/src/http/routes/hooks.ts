import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { AppError } from '../../lib/errors.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { type Admitted, createAdmission } from '../hooks/admission.ts'
import { fromWebhook, webhookMessage } from '../hooks/alerts-message.ts'
import { type GithubEvent, schemaOf, toChange } from '../hooks/github-event.ts'
import { parsePart } from '../validation.ts'

/** What other systems tell of: alerts that they evaluate, deployments that they run. No token: each message is signed. */
export function hookRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  for (const type of ['grafana', 'alertmanager'] as const) {
    const admit = createAdmission(type, deps)
    app.post(`/${type}`, async (c) => {
      const { hook, json } = await admit(c)
      const message = parsePart(webhookMessage, json, 'message')
      return c.json(deps.alerts.receive(hook.name, fromWebhook(message, deps.clock.now())))
    })
  }
  const admit = createAdmission('github', deps)
  app.post('/github', async (c) => {
    const admitted = await admit(c)
    const delivery = headerOf(c, 'x-github-delivery')
    const event = headerOf(c, 'x-github-event')
    // A delivery may be sent again, by GitHub's button or by whoever recorded it.
    const { status, body, replayed } = await deps.idempotency.once(`github ${delivery}`, admitted.body, async () => ({
      status: 200,
      body: JSON.stringify(await takeEvent(event, admitted, deps)),
    }))
    return c.json({ ...(JSON.parse(body) as object), ...(replayed && { replayed }) }, status as 200)
  })
  return app
}

async function takeEvent(name: string, { hook, json }: Admitted<'github'>, { deployments, audit, clock }: RouteDeps): Promise<object> {
  const schema = schemaOf(name)
  if (!schema) return { recorded: false, message: `nothing is recorded of the event "${name}"` }
  const event = { name, payload: parsePart(schema, json, `event "${name}"`) } as GithubEvent
  const change = toChange(event, hook)
  const deployment = change && (await deployments.receive(change))
  if (!deployment) return { recorded: false, message: 'the event says nothing new about a deployment' }
  const { id, service, environment, version, status } = deployment
  audit.record({
    ...{ atMs: clock.now(), actor: hook.name, action: 'deployment.receive', target: id },
    detail: { event: name, service, environment, version, status },
  })
  return { recorded: true, id }
}

function headerOf(c: Context<HttpEnv>, name: string): string {
  const value = c.req.header(name)
  if (value === undefined || !/^[\w-]{1,100}$/.test(value))
    throw new AppError('VALIDATION_FAILED', `The header ${name} is missing or not sound.`)
  return value
}
