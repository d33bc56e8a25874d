import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { hashToken } from '../../lib/token-hash.ts'
import type { Quota } from '../../model/token.ts'
import { createFakeDoors } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const otlp = JSON.stringify({
  resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'a', gauge: { dataPoints: [{ asDouble: 1, timeUnixNano: '1' }] } }] }] }],
})

function setup(quota: Partial<Quota>) {
  const tokens = ['shop', 'till'].map((name) => ({
    ...{ name, scopes: ['write' as const], hash: hashToken(name) },
    ...(name === 'shop' && { quota: { burstMs: 10_000, ...quota } }),
  }))
  const doors = createFakeDoors({ tokens })
  const { app } = createHttp(doors)
  const send = async (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    app.request(path, { method: 'POST', body, headers: { authorization: 'Bearer shop', ...headers } })
  return { doors, send, metrics: async () => (await app.request('/metrics')).text() }
}

const json = { 'content-type': 'application/json' }
const push = (points: number) => JSON.stringify({ points: Array(points).fill({ measurement: 'a', fields: { v: 1 } }) })

describe('the quota of a token', () => {
  it('lets a burst through, also one that is larger than it, and then asks to wait until the rate has made up for it', async () => {
    const { doors, send } = setup({ pointsPerSecond: 2 })
    expect((await send('/api/v1/push', push(19))).status).toBe(200)
    expect((await send('/api/v1/push', push(11))).status).toBe(200)
    const refused = await send('/api/v1/push', push(1))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
    expect(doors.points).toHaveLength(30)
    await doors.clock.advance(5001)
    expect((await send('/api/v1/push', push(1))).status).toBe(200)
    expect((await send('/api/v1/push', push(1))).status).toBe(429)
  })

  it('counts requests, and bytes as they are unpacked', async () => {
    const requests = setup({ requestsPerSecond: 0.2 })
    expect([await requests.send('/write?db=a', 'a v=1'), await requests.send('/write?db=a', 'a v=1')].map(({ status }) => status)).toEqual([
      204, 204,
    ])
    expect((await requests.send('/write?db=a', 'a v=1')).headers.get('retry-after')).toBe('1')
    const bytes = setup({ bytesPerSecond: 1 })
    await bytes.send('/write?db=a', 'a v=1,w=2 1')
    expect((await bytes.send('/write?db=a', 'a v=1')).status).toBe(429)
  })

  it("is nobody else's, and reading costs nothing", async () => {
    const { send } = setup({ requestsPerSecond: 0.1 })
    await send('/write?db=a', 'a v=1')
    expect((await send('/write?db=a', 'a v=1')).status).toBe(429)
    expect((await send('/write?db=a', 'a v=1', { authorization: 'Bearer till' })).status).toBe(204)
  })

  it('is answered in the form of each protocol', async () => {
    const { send } = setup({ requestsPerSecond: 0.1 })
    await send('/write?db=a', 'a v=1')
    const sentence = /^The token "shop" may write 0\.1 requests a second and has written more; send this again in 1 s\.$/
    const answers = await Promise.all([
      send('/write?db=a', 'a v=1'),
      send('/api/v2/write', 'a v=1'),
      send('/api/v3/write_lp?db=a', 'a v=1'),
      send('/v1/metrics', otlp, json),
      send('/api/v1/write', 'x', { 'content-type': 'application/x-protobuf' }),
      send('/api/v1/push', push(1)),
      send('/metrics/job/a', 'a 1\n'),
    ])
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(answers.map(() => [429, '1']))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    const [v1, v2, v3, status, own] = [0, 1, 2, 3, 5].map((index) => JSON.parse(texts[index] as string))
    expect(v1).toEqual({ error: expect.stringMatching(sentence) })
    expect(v2).toEqual({ code: 'too many requests', message: expect.stringMatching(sentence) })
    expect(v3).toEqual({ error: expect.stringMatching(sentence) })
    expect(status).toEqual({ message: expect.stringMatching(sentence) })
    expect(texts[4]).toMatch(sentence)
    expect(own.error).toMatchObject({ code: 'TOO_MANY_REQUESTS', message: expect.stringMatching(sentence) })
    expect(texts[6]?.trim()).toMatch(sentence)
    const packed = await send('/v1/metrics', new Uint8Array(), { 'content-type': 'application/x-protobuf' })
    const root = protobuf.parse('syntax = "proto3"; message Status { int32 code = 1; string message = 2; }').root
    expect(root.lookupType('Status').decode(new Uint8Array(await packed.arrayBuffer()))).toMatchObject({
      message: expect.stringMatching(sentence),
    })
  })

  it('is seen in the metrics by the name of the token', async () => {
    const { send, metrics } = setup({ pointsPerSecond: 0.1 })
    await send('/api/v1/push', push(3))
    await send('/api/v1/push', push(3))
    await send('/v1/metrics', otlp, { ...json, authorization: 'Bearer till' })
    const text = await metrics()
    for (const line of [
      'tidewatch_token_points_total{token="shop"} 3',
      'tidewatch_token_points_total{token="till"} 1',
      'tidewatch_token_requests_total{token="till"} 1',
      `tidewatch_token_bytes_total{token="till"} ${otlp.length}`,
      'tidewatch_token_refused_total{token="shop",quota="points"} 1',
    ]) {
      expect(text).toContain(`\n${line}\n`)
    }
  })
})
