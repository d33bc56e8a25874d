import { gzipSync } from 'node:zlib'
import { InfluxDB, Point } from '@influxdata/influxdb-client'
import { InfluxDB as InfluxClient1 } from 'influx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, runCommand, startCollector } from './collector.ts'

const secrets = { read: 'read-secret-0123456789', write: 'write-secret-0123456789', next: 'write-secret-after-rotation' }

describe('a collector with tokens and small limits', () => {
  let collector: Running
  beforeAll(async () => {
    collector = await startCollector({
      env: { READ: secrets.read },
      yaml: `
tokens:
  - { name: grafana, scopes: [read], token: "\${READ}" }
  - { name: apps, scopes: [write], token: ${secrets.write} }
  - { name: apps, scopes: [write], token: ${secrets.next} }
limits: { ingestBodyMax: 10kB, requestBodyMax: 2kB, seriesPerQueryMax: 3, bucketsPerQueryMax: 100 }
`,
    })
  })
  afterAll(() => collector.stop())

  const send = (path: string, init: RequestInit & { token?: string } = {}) =>
    fetch(`${collector.url}${path}`, {
      ...init,
      headers: { ...(init.token && { authorization: `Bearer ${init.token}` }), ...init.headers },
    })
  const write = (body: string | Buffer, headers: Record<string, string> = {}) =>
    send('/write?db=a', { method: 'POST', body: body as string, token: secrets.write, headers })

  it('answers nobody without one, but says that it is alive', async () => {
    expect((await send('/api/v1/health')).status).toBe(401)
    expect((await send('/write?db=a', { method: 'POST', body: 'a v=1' })).status).toBe(401)
    expect((await send('/api/v1/stream')).status).toBe(401)
    expect((await send('/prometheus/api/v1/rules')).status).toBe(401)
    for (const path of ['/livez', '/readyz', '/startupz', '/health', '/ping']) expect((await send(path)).status, path).toBeLessThan(300)
  })

  it('tells a command without a token in a sentence what is missing', async () => {
    for (const command of ['health', 'seal', 'alerts']) {
      const refused = await runCommand([command, '--url', collector.url])
      expect([refused.code, refused.errors]).toEqual([
        command === 'health' ? 3 : 1,
        expect.stringMatching(/ answered 401: This needs a token: .* Here: --token, or TIDEWATCH_TOKEN\.\n$/),
      ])
    }
  })

  it('lets each do what its token is for', async () => {
    expect((await send('/api/v1/health', { token: secrets.read })).status).toBe(200)
    expect((await send('/write?db=a', { method: 'POST', body: 'a v=1', token: secrets.read })).status).toBe(403)
    expect((await send('/api/v1/deployments', { method: 'POST', body: '{}', token: secrets.write })).status).toBe(403)
    for (const token of [secrets.write, secrets.next]) {
      expect((await send('/write?db=a', { method: 'POST', body: 'a v=1', token })).status).toBe(204)
    }
  })

  it('is spoken to by the real clients in their own way', async () => {
    const { port } = new URL(collector.url)
    const first = new InfluxClient1({ host: '127.0.0.1', port: Number(port), database: 'a', username: 'apps', password: secrets.write })
    await first.writePoints([{ measurement: 'clients', fields: { v: 1 } }])
    const writer = new InfluxDB({ url: collector.url, token: secrets.write }).getWriteApi('o', 'b')
    writer.writePoint(new Point('clients').floatField('v', 2))
    await writer.close()
    const wrong = new InfluxClient1({ host: '127.0.0.1', port: Number(port), database: 'a', username: 'apps', password: 'wrong' })
    await expect(wrong.writePoints([{ measurement: 'clients', fields: { v: 1 } }])).rejects.toThrow('401')
  })

  it('refuses what is too large, packed or not', async () => {
    const line = 'a v=1 1\n'
    expect((await write(line.repeat(2000))).status).toBe(413)
    expect((await write(gzipSync(line.repeat(2000)), { 'content-encoding': 'gzip' })).status).toBe(413)
    expect((await write(line.repeat(1000))).status).toBe(204)
    const body = JSON.stringify({ range: { from: 0, to: 1 }, queries: [{ refId: 'A', note: 'x'.repeat(3000) }] })
    expect((await send('/api/v1/query', { method: 'POST', body, token: secrets.read })).status).toBe(413)
  })

  it('answers a query that asks for too much with a sentence for its refId alone', async () => {
    await write(['a', 'b', 'c', 'd'].map((host) => `wide,host=${host} v=1`).join('\n'))
    const cpu = { kind: 'metrics', measurement: 'wide', fields: ['v'], every: 'all' }
    const queries = [
      { refId: 'A', ...cpu, groupBy: ['host'] },
      { refId: 'B', ...cpu },
      { refId: 'C', ...cpu, every: '1s' },
    ]
    const range = { from: Date.now() - 600_000, to: Date.now() + 1000 }
    const answer = await send('/api/v1/query', { method: 'POST', body: JSON.stringify({ range, queries }), token: secrets.read })
    const { results } = (await answer.json()) as { results: Record<string, { error?: { code: string }; frames?: unknown[] }> }
    expect(results.A?.error?.code).toBe('QUERY_TOO_MANY_SERIES')
    expect(results.B?.frames).toHaveLength(1)
    expect(results.C?.error?.code).toBe('QUERY_INVALID')
  })
})
