import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import { hashToken } from '../../lib/token-hash.ts'
import { createFakeDoors, type FakeDoors, readJson, smallLimits } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

type Setup = { doors: FakeDoors; post: (path: string, body: string | Buffer, headers?: Record<string, string>) => Promise<Response> }

function setup(doors = createFakeDoors()): Setup {
  const { app } = createHttp(doors)
  return {
    doors,
    post: async (path, body, headers = {}) => app.request(path, { method: 'POST', body: body as string, headers }),
  }
}

describe('POST /write', () => {
  it('answers a good batch with 204, no body and the headers of InfluxDB', async () => {
    const { doors, post } = setup()
    const answer = await post('/write?db=f1', 'cpu,host=a v=1')
    expect(answer.status).toBe(204)
    expect(await answer.text()).toBe('')
    expect(answer.headers.get('x-influxdb-build')).toBe('OSS')
    expect(answer.headers.get('x-influxdb-version')).toMatch(/^1\./)
    expect(doors.written).toEqual([{ text: 'cpu,host=a v=1', precision: 'ns' }])
  })

  it('names an unparsable line as InfluxDB does, and its number in a header', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 2, rejected: [{ line: 2, reason: "unable to parse 'bad line here x': invalid field format" }] }
    const answer = await post('/write?db=f1', 'cpu,host=a v=1 1\nbad line here x\ncpu,host=b v=2 2')
    expect(answer.status).toBe(400)
    expect(await answer.text()).toBe('{"error":"partial write: unable to parse \'bad line here x\': invalid field format dropped=0"}\n')
    expect(answer.headers.get('x-influxdb-error')).toBe("partial write: unable to parse 'bad line here x': invalid field format dropped=0")
    expect(answer.headers.get('x-tidewatch-rejected-lines')).toBe('2')
  })

  it('says no "partial write" when every line is bad', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 0, rejected: [{ line: 1, reason: "unable to parse 'bad': missing fields" }] }
    expect(await (await post('/write?db=f1', 'bad')).text()).toBe('{"error":"unable to parse \'bad\': missing fields"}\n')
  })

  it('counts values of the wrong type as dropped', async () => {
    const { doors, post } = setup()
    const reason = 'field type conflict: input field "v" on measurement "cpu" is type string, already exists as type float'
    doors.nextIngest = { accepted: 0, rejected: [{ line: 1, reason }] }
    const answer = await readJson<{ error: string }>(post('/write?db=f1', 'cpu,host=a v="s"'))
    expect(answer.error).toBe(`partial write: ${reason} dropped=1`)
  })

  it('survives a line in the message that no header could carry', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 0, rejected: [{ line: 1, reason: `unable to parse 'm\n漢${'x'.repeat(5000)}': missing fields` }] }
    const answer = await post('/write?db=f1', 'bad')
    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-influxdb-error')?.length).toBe(1000)
  })

  it('wants a database, accepts any name, and takes an empty retention policy for the default', async () => {
    const { post } = setup()
    expect(await (await post('/write', 'cpu v=1')).text()).toBe('{"error":"database is required"}\n')
    expect((await post('/write?db=any&rp=&consistency=all', 'cpu v=1')).status).toBe(204)
  })

  it('knows every precision that clients send and refuses others', async () => {
    const { doors, post } = setup()
    for (const precision of ['n', 'ns', 'u', 'us', 'ms', 's', 'm', 'h']) await post(`/write?db=a&precision=${precision}`, 'cpu v=1 1')
    expect(doors.written.map(({ precision }) => precision)).toEqual(['ns', 'ns', 'us', 'us', 'ms', 's', 'm', 'h'])
    expect((await post('/write?db=a&precision=x', 'cpu v=1 1')).status).toBe(400)
  })

  it('does not look at the content type', async () => {
    const { post } = setup()
    for (const type of ['text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded', '', 'application/json']) {
      expect((await post('/write?db=a', 'cpu v=1', { 'content-type': type })).status, type).toBe(204)
    }
  })

  it('unpacks gzip and deflate, and says "unexpected EOF" of a broken one', async () => {
    const { doors, post } = setup()
    expect((await post('/write?db=a', gzipSync('cpu v=1'), { 'content-encoding': 'gzip' })).status).toBe(204)
    expect((await post('/write?db=a', deflateSync('cpu v=2'), { 'content-encoding': 'deflate' })).status).toBe(204)
    expect(doors.written.map(({ text }) => text)).toEqual(['cpu v=1', 'cpu v=2'])
    const cut = gzipSync('cpu v=1'.repeat(100)).subarray(0, 25)
    expect(await (await post('/write?db=a', cut, { 'content-encoding': 'gzip' })).text()).toBe('{"error":"unexpected EOF"}\n')
    expect((await post('/write?db=a', 'cpu v=1', { 'content-encoding': 'lzma' })).status).toBe(415)
  })

  it('refuses a body over the limit, packed or not, without unpacking a bomb', async () => {
    const { doors, post } = setup()
    const large = await post('/write?db=a', 'x'.repeat(smallLimits.ingestBodyBytesMax + 1))
    expect([large.status, await large.text()]).toEqual([413, '{"error":"Request Entity Too Large"}\n'])
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'x'))
    expect((await post('/write?db=a', bomb.subarray(0, 9000), { 'content-encoding': 'gzip' })).status).toBe(413)
    expect(doors.written).toEqual([])
  })

  it('says how to come in when a token is missing or wrong', async () => {
    const { post } = setup(createFakeDoors({ tokens: [{ name: 'a', scopes: ['write'], hash: hashToken('s') }] }))
    const missing = await post('/write?db=a', 'cpu v=1')
    expect([missing.status, await missing.text()]).toEqual([401, '{"error":"unable to parse authentication credentials"}\n'])
    const wrong = await post('/write?db=a&u=root&p=root', 'cpu v=1')
    expect([wrong.status, await wrong.text()]).toEqual([401, '{"error":"authorization failed"}\n'])
    expect(wrong.headers.get('www-authenticate')).toContain('Basic')
  })

  it('answers 503 with Retry-After when nothing can be taken', async () => {
    const { doors, post } = setup()
    doors.nextIngest = new AppError('INGEST_FULL', 'the spool is full', { retryable: true })
    const answer = await post('/write?db=a', 'cpu v=1')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
  })
})

describe('/ping and /query', () => {
  it('answers ping to every method clients use', async () => {
    const { app } = createHttp(createFakeDoors())
    for (const method of ['GET', 'HEAD', 'POST']) {
      const answer = await app.request('/ping', { method })
      expect([answer.status, answer.headers.get('x-influxdb-version') !== null], method).toEqual([204, true])
    }
  })

  it('creates and shows databases, however the statement is written and sent', async () => {
    const { app } = createHttp(createFakeDoors())
    const get = (q: string) => app.request(`/query?${new URLSearchParams({ q })}`)
    expect(await (await get('CREATE DATABASE "telegraf"')).text()).toBe('{"results":[{"statement_id":0}]}\n')
    expect(await readJson(app.request('/query', { method: 'POST', body: 'q=create+database+my_db+with+duration+7d' }))).toEqual({
      results: [{ statement_id: 0 }],
    })
    await app.request('/write?db=written', { method: 'POST', body: 'cpu v=1' })
    expect(await readJson(get('show databases'))).toEqual({
      results: [
        {
          statement_id: 0,
          series: [{ name: 'databases', columns: ['name'], values: [['my_db'], ['telegraf'], ['tidewatch'], ['written']] }],
        },
      ],
    })
    expect((await app.request('/query', { method: 'POST' })).status).toBe(400)
  })

  it('refuses other statements with a clear error, above all those that destroy', async () => {
    const { app } = createHttp(createFakeDoors())
    for (const q of ['DROP DATABASE x', 'SELECT * FROM cpu', 'CREATE DATABASE a; DROP SERIES FROM cpu']) {
      const answer = await app.request(`/query?${new URLSearchParams({ q })}`)
      expect(answer.status).toBe(400)
      expect((await readJson<{ error: string }>(answer)).error).toContain('is not answered here')
    }
  })
})

describe('POST /api/v2/write', () => {
  it('answers as InfluxDB 2.x does, keeps the good lines and names the bad one', async () => {
    const { doors, post } = setup()
    expect((await post('/api/v2/write?org=o&bucket=b&precision=ms', 'cpu v=1 1')).status).toBe(204)
    expect(doors.written[0]?.precision).toBe('ms')
    doors.nextIngest = { accepted: 1, rejected: [{ line: 2, reason: "unable to parse 'x': missing fields" }] }
    const answer = await post('/api/v2/write?bucket=b', 'cpu v=1\nx')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({
      code: 'invalid',
      message: "partial write: 1 point written, 1 line refused: line 2: unable to parse 'x': missing fields",
    })
  })

  it('tells a type conflict apart with 422', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 0, rejected: [{ line: 1, reason: 'field type conflict: …' }] }
    const answer = await post('/api/v2/write?bucket=b', 'cpu v="a"')
    expect([answer.status, (await readJson<{ code: string }>(answer)).code]).toEqual([422, 'unprocessable entity'])
  })

  it('refuses in its own form when the token is missing', async () => {
    const { post } = setup(createFakeDoors({ tokens: [{ name: 'a', scopes: ['write'], hash: hashToken('s') }] }))
    expect(await readJson(post('/api/v2/write?bucket=b', 'cpu v=1'))).toEqual({ code: 'unauthorized', message: 'unauthorized access' })
    expect((await post('/api/v2/write?bucket=b', 'cpu v=1', { authorization: 'Token s' })).status).toBe(204)
  })
})

describe('POST /api/v1/push', () => {
  it('takes points with all kinds of values and times', async () => {
    const { doors, post } = setup()
    const points = [
      { measurement: 'orders', tags: { shop: 'eu', vip: true }, fields: { count: 1 }, time: 1795231147180 },
      {
        measurement: 'orders',
        fields: { count: { value: 3, type: 'integer' }, ok: true, note: 'x' },
        time: '2026-11-21T04:00:00.123456789Z',
      },
      { measurement: 'orders', fields: { count: 2 } },
    ]
    const answer = await post('/api/v1/push', gzipSync(JSON.stringify({ points })), { 'content-encoding': 'gzip' })
    expect([answer.status, await answer.json()]).toEqual([200, { accepted: 3, rejected: [] }])
    expect(doors.points).toEqual([
      { measurement: 'orders', tags: { shop: 'eu', vip: 'true' }, fields: { count: 1 }, timeNs: 1795231147180_000000n },
      { measurement: 'orders', tags: {}, fields: { count: 3n, ok: true, note: 'x' }, timeNs: 1795233600123456789n },
      { measurement: 'orders', tags: {}, fields: { count: 2 } },
    ])
  })

  it('keeps the good points and names the bad ones by their index, whoever refused them', async () => {
    const { doors, post } = setup()
    doors.nextIngest = { accepted: 1, rejected: [{ line: 2, reason: 'field type conflict' }] }
    const points = [
      { measurement: '' },
      { measurement: 'a', fields: { v: 1 } },
      { measurement: 'a', fields: { v: null } },
      { measurement: 'a', fields: { v: 's' } },
    ]
    const answer = await post('/api/v1/push', JSON.stringify({ points }))
    const body = await readJson<{ accepted: number; rejected: { index: number; reason: string }[] }>(answer)
    expect([answer.status, body.accepted, body.rejected.map(({ index }) => index)]).toEqual([200, 1, [0, 2, 3]])
    expect(body.rejected[2]?.reason).toBe('field type conflict')
  })

  it('answers 400 when nothing was taken, and says why', async () => {
    const { post } = setup()
    const none = await post('/api/v1/push', '{"points":[{"measurement":"a","fields":{"v":{"value":"x","type":"integer"}}}]}')
    expect(none.status).toBe(400)
    expect(await none.json()).toMatchObject({ accepted: 0, rejected: [{ index: 0, reason: expect.stringContaining('fields.v:') }] })
    const broken = await readJson<{ error: { code: string } }>(post('/api/v1/push', '{"points":'))
    expect(broken.error.code).toBe('INVALID_JSON')
    expect((await readJson<{ error: { message: string } }>(post('/api/v1/push', '{}'))).error.message).toContain('points')
  })

  it.each([
    ['an empty body', '', 'The body is empty'],
    ['a name that is not UTF-8', Buffer.from('{"points":[{"measurement":"a\xff","fields":{"b":1}}]}', 'latin1'), 'not JSON'],
    ['a point without its list', '{"measurement":"a","fields":{"v":1}}', 'points stand in {"points":[…]}'],
    ['a bare list', '[{"measurement":"a","fields":{"v":1}}]', 'points stand in {"points":[…]}'],
  ])('refuses %s with a sentence that says what is meant', async (_, body, sentence) => {
    const { doors, post } = setup()
    const answer = await post('/api/v1/push', body)
    expect(answer.status).toBe(400)
    expect((await readJson<{ error: { message: string } }>(answer)).error.message).toContain(sentence)
    expect(doors.points).toEqual([])
  })
})
