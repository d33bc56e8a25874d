import { describe, expect, it } from 'vitest'
import { remoteWrite1, remoteWrite2 } from '../../ingest/remote-write/messages.ts'
import { packLiterally } from '../../ingest/remote-write/pack.ts'
import { AppError } from '../../lib/errors.ts'
import { hashToken } from '../../lib/token-hash.ts'
import { createFakeDoors, smallLimits } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const type1 = 'application/x-protobuf'
const type2 = 'application/x-protobuf;proto=io.prometheus.write.v2.Request'
const samples = [
  { value: 1, timestamp: 1000 },
  { value: 2, timestamp: 2000 },
]
const request1 = packLiterally(
  remoteWrite1.encode('WriteRequest', {
    timeseries: [
      {
        labels: [
          { name: '__name__', value: 'up' },
          { name: 'job', value: 'a' },
        ],
        samples,
      },
    ],
  }),
)
const request2Of = (labelsRefs: number[], histograms: object[] = []) =>
  packLiterally(
    remoteWrite2.encode('Request', { symbols: ['', '__name__', 'up', 'job', 'a'], timeseries: [{ labelsRefs, samples, histograms }] }),
  )
const request2 = request2Of([1, 2, 3, 4], [{ countInt: 1, sum: 2, timestamp: 1000 }])

function setup(doors = createFakeDoors()) {
  const { app } = createHttp(doors)
  const post = async (body: Uint8Array, type = type1, headers: Record<string, string> = {}) =>
    app.request('/api/v1/write', { method: 'POST', body: body as unknown as string, headers: { 'content-type': type, ...headers } })
  return { doors, post }
}

const writtenOf = ({ headers }: Response) =>
  ['Samples', 'Histograms', 'Exemplars'].map((kind) => headers.get(`X-Prometheus-Remote-Write-${kind}-Written`))

describe('POST /api/v1/write', () => {
  it('says which series ended', async () => {
    const { doors, post } = setup()
    const labels = [
      { name: '__name__', value: 'up' },
      { name: 'job', value: 'a' },
    ]
    const timeseries = [{ labels, samples: [{ value: Number.NaN, timestamp: 3000 }] }]
    expect((await post(packLiterally(remoteWrite1.encode('WriteRequest', { timeseries })))).status).toBe(204)
    expect(doors.ended).toEqual([{ measurement: 'up', tags: { job: 'a' }, timeMs: 3000 }])
  })

  it('takes version 1.0 with and without its encoding named, and says what was written', async () => {
    const { doors, post } = setup()
    const answer = await post(request1, type1, { 'content-encoding': 'snappy' })
    expect([answer.status, await answer.text(), writtenOf(answer)]).toEqual([204, '', ['2', '0', '0']])
    expect((await post(request1, 'application/x-protobuf; proto=prometheus.WriteRequest')).status).toBe(204)
    expect(doors.points[3]).toEqual({ measurement: 'up', tags: { job: 'a' }, fields: { value: 2 }, timeNs: 2_000_000_000n })
  })

  it('takes version 2.0 with its table of words', async () => {
    const { doors, post } = setup()
    const answer = await post(request2, type2)
    expect([answer.status, writtenOf(answer)]).toEqual([204, ['2', '1', '0']])
    expect(doors.points.map(({ measurement, tags }) => [measurement, tags])).toEqual(Array(3).fill(['up', { job: 'a' }]))
  })

  it('answers 400 with the reason when a sample was refused, and says how many were written', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 2, rejected: [{ line: 3, reason: 'fields.sum: Infinity is no number that can be kept' }] }
    const answer = await post(request2, type2)
    expect([answer.status, await answer.text(), writtenOf(answer)]).toEqual([
      400,
      '1 sample was refused: up: fields.sum: Infinity is no number that can be kept',
      ['2', '0', '0'],
    ])
  })

  it('refuses with 415 what it would misread', async () => {
    const { doors, post } = setup()
    for (const type of ['application/json', 'application/x-protobuf;proto=io.prometheus.write.v3.Request', 'text/plain']) {
      expect((await post(request1, type)).status, type).toBe(415)
    }
    expect((await post(request1, type1, { 'content-encoding': 'gzip' })).status).toBe(415)
    expect(doors.points).toEqual([])
  })

  it('refuses words that are not in the table, unpaired ones, and bytes that are nothing', async () => {
    const { post } = setup()
    for (const body of [request2Of([1, 9]), request2Of([1, 2, 3]), packLiterally(Buffer.from('nothing')), Buffer.from('nothing')]) {
      expect((await post(body, type2)).status).toBe(400)
    }
  })

  it('refuses bodies that unpack to too much, strangers, and everything while the store is full', async () => {
    const { doors, post } = setup()
    expect((await post(packLiterally(new Uint8Array(smallLimits.ingestBodyBytesMax + 1)))).status).toBe(413)
    expect((await post(Uint8Array.from([0xff, 0xff, 0x7f, 0]))).status).toBe(413)
    doors.nextIngest = new AppError('INGEST_FULL', 'full', { retryable: true })
    const full = await post(request1)
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '2'])
    const guarded = setup(createFakeDoors({ tokens: [{ name: 'a', scopes: ['write'], hash: hashToken('s') }] }))
    expect((await guarded.post(request1)).status).toBe(401)
  })
})
