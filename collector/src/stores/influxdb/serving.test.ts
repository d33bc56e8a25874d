import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { hasInfluxd, type Influxd, startInfluxd } from '../../../test/influxd.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { ask, askValues, hour, point, startMs, toQuery, write } from '../contract/subject.ts'
import { influxdb } from './influxdb.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

function make(url: string, options: Readonly<Record<string, unknown>> = {}) {
  const store = influxdb.create(influxdb.schema.parse({ type: 'influxdb', url, ...options }), {
    log: silentLog,
    clock: systemClock,
    fetch,
    dataDir: '/nowhere',
  })
  cleanUps.push(() => store.stop())
  return store
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => {
    server.closeAllConnections()
    return once(server.close(), 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('an InfluxDB in trouble', () => {
  it('that is down keeps nobody from starting; every call says so and may be repeated', async () => {
    const url = await serve(() => {})
    await cleanUps.pop()?.()
    const store = make(url)
    await store.start()
    const refused = { code: 'STORE_UNAVAILABLE', retryable: true, message: expect.stringContaining(`${url} cannot be reached`) }
    await expect(write(store, point('m', {}, { v: 1 }, 0))).rejects.toMatchObject(refused)
    await expect(store.query(toQuery({}), hour)).rejects.toMatchObject(refused)
    await expect(store.measurements()).rejects.toMatchObject(refused)
    expect(await store.status()).toMatchObject({ ok: false, message: expect.stringContaining('does not answer') })
  })

  it('that answers 503 may be asked again', async () => {
    const store = make(await serve((_, response) => response.writeHead(503).end('{"error":"engine: cache maximum memory size exceeded"}')))
    await expect(write(store, point('m', {}, { v: 1 }, 0))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('cache maximum memory size exceeded'),
    })
  })

  it('whose answer drips in without an end is given up after the timeout', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(' '), 5)
      response.once('close', () => clearInterval(timer))
    })
    await expect(write(make(url, { timeout: '50ms' }), point('m', {}, { v: 1 }, 0))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('no answer within 50 ms'),
    })
  })

  it('whose answer breaks off may be asked again', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => request.socket.destroy())
    })
    await expect(write(make(url), point('m', {}, { v: 1 }, 0))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true })
  })

  it('that asks to be left alone says for how long', async () => {
    const store = make(await serve((_, response) => response.writeHead(429, { 'Retry-After': '7' }).end('{"error":"too many requests"}')))
    await expect(write(store, point('m', {}, { v: 1 }, 0))).rejects.toMatchObject({ retryable: true, retryAfterMs: 7000 })
  })

  it('that refuses a write for ever is not asked again', async () => {
    for (const [status, reason] of [
      [500, 'retention policy not found: x'],
      [422, 'unprocessable'],
      [400, 'bad timestamp'],
    ] as const) {
      const store = make(await serve((_, response) => response.writeHead(status).end(JSON.stringify({ error: reason }))))
      const refused = { code: 'STORE_REFUSED', retryable: false, message: expect.stringContaining(reason) }
      await expect(write(store, point('m', {}, { v: 1 }, 0))).rejects.toMatchObject(refused)
    }
  })

  it('that never answers is given up after the timeout', async () => {
    const store = make(await serve(() => {}), { timeout: '50ms' })
    await expect(write(store, point('m', {}, { v: 1 }, 0))).rejects.toMatchObject({
      message: expect.stringContaining('no answer within 50 ms'),
    })
  })

  it('that breaks off in the middle of an answer is no empty answer', async () => {
    const store = make(
      await serve((request, response) => {
        request.resume()
        response.writeHead(200, { 'content-length': 1000 }).write('{"results":[{"statement_id":0,')
        response.socket?.end()
      }),
    )
    await expect(store.query(toQuery({}), hour)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true })
  })

  it('sends a token and never tells it', async () => {
    let authorization: string | undefined
    const url = await serve((request, response) => {
      authorization = request.headers.authorization
      response.writeHead(401).end('{"error":"unable to parse authentication credentials"}')
    })
    const store = make(url, { token: 'secret-token' })
    const refused: unknown = await write(store, point('m', {}, { v: 1 }, 0)).catch((thrown) => thrown)
    expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('refused the credentials') })
    expect(authorization).toBe('Token secret-token')
    expect(String(refused)).not.toContain('secret-token')
    await expect(store.start()).rejects.toMatchObject({ code: 'START_FAILED' })
    expect(authorization).toBe('Token secret-token')
  })
})

describe.skipIf(!hasInfluxd)('the real influxd', () => {
  async function start(settings: Parameters<typeof startInfluxd>[0] = {}): Promise<Influxd> {
    const influxd = await startInfluxd(settings)
    cleanUps.push(() => influxd.stop())
    return influxd
  }

  async function runSql(url: string, q: string): Promise<void> {
    const response = await fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })
    expect(await response.json()).toEqual({ results: [{ statement_id: 0 }] })
  }

  it('gets a body that it finds too large in pieces, and a line that is too large not at all', async () => {
    const { url } = await start({ bodyBytesMax: 2000 })
    const store = make(url)
    await store.start()
    const points = Array.from({ length: 300 }, (_, i) => point('m', { host: `host-${i}` }, { v: i }, i))
    const answer = await write(store, ...points, point('m', {}, { s: 'x'.repeat(3000) }, 300))
    expect(answer.rejected).toEqual([{ line: 301, reason: expect.stringContaining('larger than InfluxDB takes') }])
    expect(await askValues(store, {})).toEqual(points.map(({ fields }) => fields.v))
  })

  it('creates the database with the first write when it was not there at the start', async () => {
    const { url } = await start()
    const store = make(url, { database: 'made "late"' })
    expect(await store.measurements()).toEqual([])
    expect(await ask(store, {})).toEqual([])
    await write(store, point('m', {}, { v: 1 }, 0))
    expect(await askValues(store, {})).toEqual([1])
  })

  it('gets the retention policy that the configuration describes, and another one when that changes', async () => {
    const { url } = await start()
    const policies = async () => {
      const answer = await fetch(`${url}/query?db=tidewatch`, {
        method: 'POST',
        body: new URLSearchParams({ q: 'SHOW RETENTION POLICIES' }),
      })
      const { results } = (await answer.json()) as { results: [{ series: [{ values: unknown[][] }] }] }
      return results[0].series[0].values.map((row) => row.slice(0, 3))
    }
    await make(url, { retentionPolicy: 'two "weeks"', retention: '14d', shardDuration: '1d' }).start()
    expect(await policies()).toContainEqual(['two "weeks"', '336h0m0s', '24h0m0s'])
    const store = make(url, { retentionPolicy: 'two "weeks"', retention: '30d' })
    await store.start()
    expect(await policies()).toContainEqual(['two "weeks"', '720h0m0s', '24h0m0s'])
    await write(store, { ...point('m', {}, { v: 1 }, 0), timeNs: BigInt(Date.now()) * 1_000_000n })
    expect(await askValues(store, {}, { from: startMs, to: Date.now() + 1000 })).toEqual([1])
  })

  it('names the points its retention policy is too short for', async () => {
    const { url } = await start()
    const store = make(url, { retentionPolicy: 'short' })
    await store.start()
    await runSql(url, 'CREATE RETENTION POLICY short ON tidewatch DURATION 1h REPLICATION 1 SHARD DURATION 1h')
    const now = BigInt(Date.now()) * 1_000_000n
    const old = [2, 3].map((day) => ({
      ...point('m', { day: String(day) }, { v: day }, 0),
      timeNs: now - BigInt(day) * 86_400_000_000_000n,
    }))
    const answer = await write(store, ...old, { ...point('m', {}, { v: 1 }, 0), timeNs: now })
    expect(answer.rejected).toEqual([1, 2].map((line) => ({ line, reason: 'points beyond retention policy' })))
    expect(await askValues(store, {}, { from: startMs - 86_400_000, to: Date.now() + 1000 })).toEqual([1])
  })

  it('lets in who has the password, and nobody else', async () => {
    const { url } = await start({ authEnabled: true })
    await runSql(url, "CREATE USER admin WITH PASSWORD 'right' WITH ALL PRIVILEGES")
    const store = make(url, { username: 'admin', password: 'right' })
    await store.start()
    await write(store, point('m', {}, { v: 1 }, 0))
    expect(await askValues(store, {})).toEqual([1])
    expect(await store.status()).toMatchObject({ ok: true, message: expect.stringContaining('version 1.') })
    await expect(make(url, { username: 'admin', password: 'wrong' }).start()).rejects.toMatchObject({
      code: 'START_FAILED',
      message: expect.stringContaining('refused the credentials'),
    })
  })
})

it('wants a name for the policy that retention is of, and an hour at least', () => {
  const messagesOf = (options: object) =>
    influxdb.schema.safeParse({ type: 'influxdb', ...options }).error?.issues.map(({ message }) => message)
  expect(messagesOf({ retention: '14d' })).toEqual(['is missing: retention and shardDuration belong to a policy by name'])
  expect(messagesOf({ retentionPolicy: 'a', retention: '59m' })).toEqual(['must be an hour or more'])
  const sharing = ['is one of the policies of rollups: choose another one, or another rollups.policyPrefix']
  expect(messagesOf({ retentionPolicy: 'tidewatch_1h', rollups: true })).toEqual(sharing)
  expect(messagesOf({ retentionPolicy: 'tidewatch_1h', rollups: { policyPrefix: 'rolled_' } })).toBeUndefined()
})

it('refuses a user name in the address, where logs would show it', () => {
  const parsed = influxdb.schema.safeParse({ type: 'influxdb', url: 'http://me:pass@localhost:8086' })
  expect(parsed.error?.issues[0]?.message).toBe('holds a user name; use username and password instead')
})
