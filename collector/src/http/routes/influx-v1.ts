import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Precision } from '../../ingest/ingest.ts'
import { ownValue } from '../../lib/own-value.ts'
import { influxError, influxHeaders, influxVersion, nameLines, partialWriteMessage } from '../answers/influx-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { payWhenScanned } from '../middleware/quotas.ts'
import { answerStatements, type Databases } from '../query/influx-query.ts'

const precisions: Readonly<Record<string, Precision>> = {
  '': 'ns',
  n: 'ns',
  ns: 'ns',
  u: 'us',
  us: 'us',
  µ: 'us',
  ms: 'ms',
  s: 's',
  m: 'm',
  h: 'h',
}

/**
 * InfluxDB 1.x: `/write`, `/query` and `/ping`.
 *
 * There is one store and no databases, so every database exists; `rp` and `consistency` change
 * nothing. The content type of a write is not looked at: clients send any.
 * https://docs.influxdata.com/influxdb/v1/tools/api/
 */
export function influxV1Routes(deps: RouteDeps, databases: Databases): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  app.on(['GET', 'HEAD', 'POST'], '/ping', (c) => {
    influxHeaders(c)
    const verbose = c.req.query('verbose')
    return verbose && verbose !== 'false' ? c.json({ version: influxVersion }) : c.body(null, 204)
  })

  app.post('/write', deps.auth.require('write'), (c) => write(c, deps, databases))

  app.on(['GET', 'POST'], '/query', deps.auth.require('write'), async (c) => {
    influxHeaders(c)
    return answerStatements(c, await statementsOf(c, deps.options.limits.requestBodyBytesMax), databases)
  })
  return app
}

async function write(c: Context<HttpEnv>, deps: RouteDeps, databases: Databases): Promise<Response> {
  const database = c.req.query('db')
  if (!database) return influxError(c, 400, 'database is required')
  const precision = ownValue(precisions, c.req.query('precision') ?? '')
  if (!precision) {
    return influxError(c, 400, `invalid precision ${JSON.stringify(c.req.query('precision'))} (use n, u, ms, s, m or h)`)
  }
  const body = await bodyOrInfluxWords(c, deps)
  if (typeof body === 'string') return influxError(c, 400, body)
  databases.add(database)
  const result = await deps.ingest.lineProtocol(body, { precision, ...payWhenScanned(c) })
  deps.bodies.giveBack(body)
  if (result.rejected.length > 0) {
    nameLines(c, result.rejected)
    return influxError(c, 400, partialWriteMessage(result))
  }
  influxHeaders(c)
  return c.body(null, 204, { 'Content-Type': 'application/json' })
}

/** InfluxDB says "unexpected EOF" of a body that breaks off, and names Go's error otherwise. */
async function bodyOrInfluxWords(c: Context<HttpEnv>, { options, bodies }: RouteDeps): Promise<Buffer | string> {
  try {
    return await readBody(c, { bytesMax: options.limits.ingestBodyBytesMax, code: 'INGEST_BODY_TOO_LARGE', memory: bodies })
  } catch (thrown) {
    const cause = thrown instanceof Error ? (thrown.cause as { code?: string } | undefined) : undefined
    if (cause?.code === 'Z_BUF_ERROR') return 'unexpected EOF'
    if (cause?.code === 'Z_DATA_ERROR') return Number(c.req.header('content-length') ?? 10) < 10 ? 'unexpected EOF' : 'gzip: invalid header'
    throw thrown
  }
}

/** `q` from the query string, or from a form in the body. */
async function statementsOf(c: Context<HttpEnv>, bytesMax: number): Promise<string | undefined> {
  const inUrl = c.req.query('q')
  if (inUrl !== undefined || c.req.method === 'GET') return inUrl
  const body = await readBody(c, { bytesMax, code: 'BODY_TOO_LARGE' })
  return new URLSearchParams(body.toString('utf8')).get('q') ?? undefined
}
