import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { toCollectdPoints, toPutvalPoints } from '../../ingest/foreign/collectd.ts'
import { toKairosDbPoints } from '../../ingest/foreign/kairosdb.ts'
import { toOpenTsdbPoints } from '../../ingest/foreign/opentsdb.ts'
import type { Taken } from '../../ingest/foreign/taken.ts'
import type { ErrorForm } from '../answers/error-response.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { pay } from '../middleware/quotas.ts'
import { parseJson } from '../validation.ts'

type Writer = {
  readonly path: string
  readonly read: (body: Buffer) => Taken
  /** How that system tells of errors. */
  readonly toError: (status: number, messages: readonly string[]) => object
}

const json = (toPoints: (parsed: unknown) => Taken) => (body: Buffer) => toPoints(parseJson(body))

const writers: readonly Writer[] = [
  {
    path: '/api/put',
    read: json(toOpenTsdbPoints),
    toError: (code, messages) => ({ error: { code, message: messages[0], details: messages.join('\n') } }),
  },
  { path: '/api/v1/datapoints', read: json(toKairosDbPoints), toError: (_, errors) => ({ errors }) },
  {
    path: '/collectd-post',
    read: (body) =>
      /^\s*[[{]/.test(body.toString('latin1', 0, 100)) ? toCollectdPoints(parseJson(body)) : toPutvalPoints(body.toString('utf8')),
    toError: (_, errors) => ({ errors }),
  },
]

/** Most refused entries that an answer describes. */
const messagesMax = 20

/** What OpenTSDB, KairosDB and collectd's write_http take: 204, or 400 with what was refused while the rest is stored. */
export function otherWriterRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  for (const writer of writers) app.route('/', writerRoute(deps, writer))
  return app
}

export const otherWriterForms = writers.map(({ path, toError }): readonly [string, ErrorForm] => [
  path,
  (c, { status, error }) => c.json(toError(status, [error.message]), status),
])

function writerRoute(deps: RouteDeps, { path, read, toError }: Writer): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  app.post(path, deps.auth.require('write'), async (c) => {
    const body = await readBody(c, { bytesMax: deps.options.limits.ingestBodyBytesMax, code: 'INGEST_BODY_TOO_LARGE' })
    const refused = await take(c, deps, read(body))
    return refused.length === 0 ? c.body(null, 204) : c.json(toError(400, refused), 400)
  })
  return app
}

async function take(c: Context<HttpEnv>, { ingest }: RouteDeps, { points, refused }: Taken): Promise<string[]> {
  if (points.length === 0) return refused.slice(0, messagesMax)
  pay(c, 'points', points.length)
  const { rejected } = await ingest.points(points, c.req.raw.signal)
  const ofStore = rejected.map(({ line, reason }) => `${points[line - 1]?.measurement}: ${reason}`)
  return [...refused, ...ofStore].slice(0, messagesMax)
}
