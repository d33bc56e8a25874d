import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { otlpMessages } from '../../ingest/otlp/messages.ts'
import { AppError } from '../../lib/errors.ts'
import { hashToken } from '../../lib/token-hash.ts'
import { createFakeDoors, smallLimits } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const json = { 'content-type': 'application/json; charset=utf-8' }
const protobuf = { 'content-type': 'application/x-protobuf' }
const requestOf = (...dataPoints: object[]) => ({
  resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints } }] }] }],
})
const request = requestOf({ asDouble: 1 }, { asDouble: 2 })
const packed = Buffer.from(otlpMessages.encode('ExportMetricsServiceRequest', request))

function setup(doors = createFakeDoors()) {
  const { app } = createHttp(doors)
  const post = async (body: string | Buffer, headers: Record<string, string>) =>
    app.request('/v1/metrics', { method: 'POST', body: body as string, headers })
  return { doors, post }
}

async function decoded(answer: Response, name: string): Promise<object> {
  expect(answer.headers.get('content-type')).toBe('application/x-protobuf')
  return otlpMessages.decode(name, new Uint8Array(await answer.arrayBuffer()))
}

describe('POST /v1/metrics', () => {
  it('takes both forms, plain and packed, and answers in that form', async () => {
    const { doors, post } = setup()
    const inJson = await post(gzipSync(JSON.stringify(request)), { ...json, 'content-encoding': 'gzip' })
    expect([inJson.status, await inJson.text()]).toEqual([200, '{}'])
    const inProtobuf = await post(packed, protobuf)
    expect([inProtobuf.status, await decoded(inProtobuf, 'ExportMetricsServiceResponse')]).toEqual([200, {}])
    expect(doors.points.map(({ fields }) => fields.value)).toEqual([1, 2, 1, 2])
    expect((await post('', protobuf)).status).toBe(200)
  })

  it('counts what it refuses, whoever refuses it, in the form of the request', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 1, rejected: [{ line: 2, reason: 'field type conflict' }] }
    const answer = await post(packed, protobuf)
    const errorMessage = '1 data point was refused: m: field type conflict'
    expect(await decoded(answer, 'ExportMetricsServiceResponse')).toEqual({ partialSuccess: { rejectedDataPoints: 1n, errorMessage } })
    doors.nextIngest = { accepted: 0, rejected: [{ line: 1, reason: 'field type conflict' }] }
    const inJson = await post(JSON.stringify(requestOf({ asDouble: 1 }, { asDouble: 2 }, {})), json)
    expect([inJson.status, await inJson.json()]).toEqual([
      200,
      {
        partialSuccess: {
          rejectedDataPoints: '2',
          errorMessage: '2 data points were refused, the first for this: m: a data point has neither asDouble nor asInt',
        },
      },
    ])
  })

  it('answers errors as Status, in the form of the request', async () => {
    const { doors, post } = setup()
    const broken = await post(Buffer.from([0x0a, 0xff]), protobuf)
    expect(broken.status).toBe(400)
    expect(await decoded(broken, 'Status')).toEqual({ message: expect.stringContaining('ExportMetricsServiceRequest') })
    expect((await post('{"resourceMetrics":1}', json)).status).toBe(400)
    doors.nextIngest = new AppError('INGEST_FULL', 'full', { retryable: true })
    const full = await post(JSON.stringify(request), json)
    expect([full.status, full.headers.get('retry-after'), await full.json()]).toEqual([503, '2', { message: 'full' }])
  })

  it('refuses other content types, bodies that unpack to too much, and strangers', async () => {
    const { post } = setup()
    expect((await post('a v=1', { 'content-type': 'text/plain' })).status).toBe(415)
    const bomb = gzipSync(Buffer.alloc(smallLimits.ingestBodyBytesMax + 1, ' '))
    expect((await post(bomb, { ...json, 'content-encoding': 'gzip' })).status).toBe(413)
    const guarded = setup(createFakeDoors({ tokens: [{ name: 'a', scopes: ['write'], hash: hashToken('s') }] }))
    expect((await guarded.post(packed, protobuf)).status).toBe(401)
    expect((await guarded.post(packed, { ...protobuf, authorization: 'Bearer s' })).status).toBe(200)
  })
})
