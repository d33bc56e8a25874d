import { OpenAPIHono } from '@hono/zod-openapi'
import type { Precision } from '../../ingest/ingest.ts'
import { counted } from '../../lib/words.ts'
import { influxV2Error, isUnparsed, nameLines } from '../answers/influx-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { payWhenScanned } from '../middleware/quotas.ts'

const precisions: readonly string[] = ['ns', 'us', 'ms', 's']
/** Most refused lines that the answer describes. */
const reasonsMax = 20

/**
 * InfluxDB 2.x: `/api/v2/write`. There are no buckets, so every bucket exists.
 *
 * A batch with bad lines answers 400 as 2.x does, but keeps its good lines and names the bad ones.
 * https://docs.influxdata.com/influxdb/v2/api/v2/#operation/PostWrite
 */
export function influxV2Routes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  app.post('/api/v2/write', deps.auth.require('write'), async (c) => {
    const precision = c.req.query('precision') || 'ns'
    if (!precisions.includes(precision)) return influxV2Error(c, 400, `invalid precision "${precision}"; use ns, us, ms or s`)
    const { options, bodies, ingest } = deps
    const body = await readBody(c, { bytesMax: options.limits.ingestBodyBytesMax, code: 'INGEST_BODY_TOO_LARGE', memory: bodies })
    const {
      accepted,
      rejected,
      rejectedTotal = rejected.length,
    } = await ingest.lineProtocol(body, { precision: precision as Precision, ...payWhenScanned(c) })
    bodies.giveBack(body)
    if (rejected.length === 0) return c.body(null, 204)

    nameLines(c, rejected)
    const reasons = rejected.slice(0, reasonsMax).map(({ line, reason }) => `line ${line}: ${reason}`)
    if (rejectedTotal > reasons.length) reasons.push(`and ${rejectedTotal - reasons.length} more`)
    const message = `partial write: ${counted(accepted, 'point')} written, ${counted(rejectedTotal, 'line')} refused: ${reasons.join('; ')}`
    return influxV2Error(c, rejected.some(isUnparsed) ? 400 : 422, message)
  })
  return app
}
