import { Agent, request } from 'node:http'
import { createFakeDoors } from '../../src/http/fakes/fake-doors.ts'
import { createHttp } from '../../src/http/server.ts'
import { createIngest } from '../../src/ingest/accept.ts'
import { type ReadPoint, readBatch } from '../../src/ingest/read-batch.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Store } from '../../src/model/store.ts'
import type { Case } from './lines.ts'

/** What became of a case: whether all of it was taken, and what was said. */
export type Verdict = { readonly taken: boolean; readonly status: number; readonly text: string }
/** `points` reached the store and were taken by it. */
export type OurVerdict = Verdict & { readonly points: readonly ReadPoint[] }

/** InfluxDB repeats the line in a header, control characters and all: no strict client could read that. */
function send(url: string, body: Buffer, agent: Agent): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, insecureHTTPParser: true }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString()
      resolve({ taken: answer.statusCode === 204, status: answer.statusCode ?? 0, text })
    })
    sent.on('error', reject).end(body)
  })
}

const atOnce = 12

/** Sends every case to a running InfluxDB, some at a time; the answers in the order of the cases. */
export async function runInfluxd(url: string, database: string, cases: readonly Case[]): Promise<Verdict[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const answers = cases.map(({ body, precision }) => send(`${url}/write?db=${database}&precision=${precision}`, body, agent))
  return Promise.all(answers).finally(() => agent.destroy())
}

/** Sends every case through Tidewatch's own routes and ingest into a store, one after the other. */
export async function runTidewatch(store: Store, cases: readonly Case[]): Promise<OurVerdict[]> {
  let written: ReadPoint[] = []
  const watched = {
    async write(batch: Parameters<Store['write']>[0]) {
      const result = await store.write(batch)
      const refused = new Set(result.rejected.map(({ line }) => line))
      written.push(...readBatch(batch).filter(({ line }) => !refused.has(line)))
      return result
    },
  }
  const ingest = createIngest({ store: watched, live: { accept: () => {} }, clock: systemClock, log: silentLog })
  const limits = { ...createFakeDoors().options.limits, ingestBodyBytesMax: 1_000_000 }
  const { app } = createHttp({ ...createFakeDoors({ limits }), ingest })
  const verdicts: OurVerdict[] = []
  for (const { body, precision } of cases) {
    written = []
    const answer = await app.request(`/write?db=a&precision=${precision}`, { method: 'POST', body: body as Uint8Array<ArrayBuffer> })
    verdicts.push({ taken: answer.status === 204, status: answer.status, text: await answer.text(), points: written })
  }
  await ingest.stop()
  return verdicts
}
