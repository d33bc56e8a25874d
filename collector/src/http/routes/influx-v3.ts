import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { IngestResult, Precision } from '../../ingest/ingest.ts'
import { ownValue } from '../../lib/own-value.ts'
import { describeLines, influxV3Error, nameLines } from '../answers/influx-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { payWhenScanned } from '../middleware/quotas.ts'

const precisions: Readonly<Record<string, Precision>> = {
  auto: 'auto',
  nanosecond: 'ns',
  microsecond: 'us',
  millisecond: 'ms',
  second: 's',
  ns: 'ns',
  us: 'us',
  ms: 'ms',
  s: 's',
}

/** Most refused lines that the answer describes; InfluxDB 3.x has the same bound. */
const linesDescribedMax = 100

/**
 * InfluxDB 3.x: `/api/v3/write_lp`. Every database exists; `no_sync` changes nothing: an answer
 * always means that the points are stored.
 *
 * With `accept_partial=false`, one line that is not line protocol keeps the whole batch out.
 * https://docs.influxdata.com/influxdb3/core/api/v3/#operation/PostWriteLP
 */
export function influxV3Routes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  app.post('/api/v3/write_lp', deps.auth.require('write'), async (c) => {
    const { db, precision: unit = 'auto', accept_partial: partial = 'true' } = c.req.query()
    if (!db) return influxV3Error(c, 400, 'the query parameter "db" is required; any name does')
    const precision = ownValue(precisions, unit)
    if (!precision) {
      return influxV3Error(c, 400, `invalid precision ${JSON.stringify(unit)}; use auto, nanosecond, microsecond, millisecond or second`)
    }
    if (partial !== 'true' && partial !== 'false') {
      return influxV3Error(c, 400, `invalid accept_partial ${JSON.stringify(partial)}; use true or false`)
    }
    const { options, bodies, ingest } = deps
    const body = await readBody(c, { bytesMax: options.limits.ingestBodyBytesMax, code: 'INGEST_BODY_TOO_LARGE', memory: bodies })
    const result = await ingest.lineProtocol(body, { precision, allOrNothing: partial === 'false', ...payWhenScanned(c) })
    const answer = result.rejected.length === 0 ? c.body(null, 204) : refuse(c, body, result, partial === 'true')
    bodies.giveBack(body)
    return answer
  })
  return app
}

function refuse(c: Context<HttpEnv>, body: Buffer, { accepted, rejected }: IngestResult, partial: boolean): Response {
  nameLines(c, rejected)
  const data = describeLines(body, rejected.slice(0, linesDescribedMax))
  // What only the store could refuse leaves a part written, whatever was asked for.
  if (partial || accepted > 0) return influxV3Error(c, 400, 'partial write of line protocol occurred', data)
  return influxV3Error(c, 400, 'parsing failed for write_lp endpoint', data[0])
}
