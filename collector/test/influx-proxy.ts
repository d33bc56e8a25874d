import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What becomes of one write on its way to InfluxDB:
 * - `pass`: nothing.
 * - a status: answered in InfluxDB's stead, which never hears of it.
 * - `lose the answer`: InfluxDB takes it, and the connection is cut before the answer.
 * - `cut`: the connection is cut, and InfluxDB never hears of it.
 * - `hang`: InfluxDB takes it, and the answer never comes: what a half-open connection looks like.
 * - `break off`: InfluxDB takes it, and its answer breaks off in the middle.
 * - `drip`: InfluxDB takes it, and the answer comes a byte at a time, without an end.
 */
export type Fate =
  | 'pass'
  | 'lose the answer'
  | 'cut'
  | 'hang'
  | 'break off'
  | 'drip'
  | { readonly status: number; readonly error: string; readonly retryAfter?: string }

export type InfluxProxy = {
  readonly url: string
  /** What all further writes meet, or only so many of them; queries pass. */
  meetWith(fate: Fate, times?: number): void
  /** Writes that met something. */
  readonly met: () => number
  stop(): Promise<void>
}

const dripMs = 20

/** Stands between the collector and the real InfluxDB, and is unwell in its stead. */
export async function startInfluxProxy(influxUrl: string): Promise<InfluxProxy> {
  let fated: { readonly fate: Fate; left: number } = { fate: 'pass', left: 0 }
  let met = 0
  const nextFate = () => {
    if (fated.left-- <= 0 || fated.fate === 'pass') return 'pass'
    met++
    return fated.fate
  }
  const server = createServer((asked, answer) => {
    const fate = asked.url?.startsWith('/write') ? nextFate() : 'pass'
    meet(fate, asked, answer, influxUrl).catch(() => answer.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    meetWith(fate, times = Number.POSITIVE_INFINITY) {
      fated = { fate, left: times }
    },
    met: () => met,
    async stop() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

async function meet(fate: Fate, asked: IncomingMessage, answer: ServerResponse, influxUrl: string): Promise<void> {
  const body = Buffer.concat(await asked.toArray())
  if (fate === 'cut') return void asked.socket.destroy()
  if (typeof fate === 'object') {
    const headers = fate.retryAfter === undefined ? {} : { 'retry-after': fate.retryAfter }
    return void answer.writeHead(fate.status, headers).end(JSON.stringify({ error: fate.error }))
  }
  const real = await forward(asked, body, influxUrl)
  if (fate === 'pass') return void answer.writeHead(real.status, real.headers).end(real.body)
  if (fate === 'lose the answer') return void asked.socket.destroy()
  if (fate === 'drip') drip(answer)
  if (fate === 'break off') answer.writeHead(200, { 'content-length': 100 }).write('half', () => asked.socket.destroy())
}

function drip(answer: ServerResponse): void {
  answer.writeHead(200)
  const timer = setInterval(() => answer.write(' '), dripMs)
  answer.once('close', () => clearInterval(timer))
}

type Forwarded = { readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer }

async function forward({ url, method, headers }: IncomingMessage, body: Buffer, to: string): Promise<Forwarded> {
  const sent = request(new URL(url ?? '/', to), { method, headers })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(await response.toArray()) }
}
