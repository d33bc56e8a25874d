import { describe, expect, it } from 'vitest'
import { AppError } from '../lib/errors.ts'
import { hashToken } from '../lib/token-hash.ts'
import { createFakeDoors, readJson } from './fakes/fake-doors.ts'
import { createHttp } from './server.ts'

const tokens = [
  { name: 'reader', scopes: ['read'] as const, hash: hashToken('r-secret') },
  { name: 'writer, old', scopes: ['write'] as const, hash: hashToken('w-old') },
  { name: 'writer, new', scopes: ['write'] as const, hash: hashToken('w-new') },
  { name: 'root', scopes: ['admin'] as const, hash: hashToken('root-secret') },
]

function withTokens() {
  const doors = createFakeDoors({ tokens })
  return { doors, app: createHttp(doors).app }
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

describe('tokens', () => {
  it('refuses a request without a token in our own words, with the request id', async () => {
    const answer = await withTokens().app.request('/api/v1/health', { headers: { 'x-request-id': 'abc' } })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual({
      error: { code: 'UNAUTHENTICATED', message: 'This needs a token: send "Authorization: Bearer <token>".', requestId: 'abc' },
    })
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
  })

  it('opens only what the scope of a token covers', async () => {
    const { app } = withTokens()
    expect((await app.request('/api/v1/health', bearer('r-secret'))).status).toBe(200)
    expect((await app.request('/api/v1/health', bearer('w-new'))).status).toBe(403)
    expect((await app.request('/api/v1/alerts/a1/ack', { method: 'POST', body: '{"actor":"jane"}', ...bearer('r-secret') })).status).toBe(
      403,
    )
    expect(
      (await app.request('/api/v1/alerts/a1/ack', { method: 'POST', body: '{"actor":"jane"}', ...bearer('root-secret') })).status,
    ).toBe(200)
    expect((await app.request('/api/v1/health', bearer('guess'))).status).toBe(401)
  })

  it('knows the old and the new token of a rotation at once', async () => {
    const { app } = withTokens()
    for (const token of ['w-old', 'w-new']) {
      expect((await app.request('/write?db=x', { method: 'POST', body: 'cpu v=1', ...bearer(token) })).status).toBe(204)
    }
  })

  it('takes a token as Token, as a Basic password and, where InfluxDB does, from the query string', async () => {
    const { app } = withTokens()
    const basic = `Basic ${Buffer.from('anyone:w-new').toString('base64')}`
    const write = (path: string, headers = {}) => app.request(path, { method: 'POST', body: 'cpu v=1', headers })
    expect((await write('/write?db=x', { authorization: 'Token w-new' })).status).toBe(204)
    expect((await write('/write?db=x', { authorization: basic })).status).toBe(204)
    expect((await write('/write?db=x&u=a&p=w-new')).status).toBe(204)
    expect((await write('/write?db=x&u=a&p=wrong')).status).toBe(401)
    expect((await app.request('/api/v1/health?p=r-secret')).status).toBe(401)
  })

  it('leaves probes, ping and metrics open', async () => {
    const { app } = withTokens()
    for (const path of ['/livez', '/readyz', '/startupz', '/health', '/ping', '/metrics', '/openapi.json', '/docs']) {
      expect((await app.request(path)).status, path).toBeLessThan(300)
    }
  })
})

describe('web pages and a collector without tokens', () => {
  const app = () => createHttp(createFakeDoors()).app
  const push = (headers: Record<string, string>) =>
    app().request('http://127.0.0.1:8484/write?db=x', { method: 'POST', body: 'cpu v=1', headers })

  it('refuses names that are not loopback, which a page may have rebound', async () => {
    expect((await app().request('/api/v1/health', { headers: { host: 'evil.example' } })).status).toBe(403)
    for (const host of ['localhost:8484', '127.0.0.1:8484', '[::1]:8484']) {
      expect((await app().request('/api/v1/health', { headers: { host } })).status, host).toBe(200)
    }
  })

  it('refuses writes that a page of another origin sends', async () => {
    expect((await push({ host: '127.0.0.1:8484', origin: 'https://evil.example' })).status).toBe(403)
    expect((await push({ host: '127.0.0.1:8484', origin: 'null' })).status).toBe(403)
    expect((await push({ host: '127.0.0.1:8484', origin: 'http://127.0.0.1:8484' })).status).toBe(204)
    expect((await push({ host: '127.0.0.1:8484' })).status).toBe(204)
  })
})

describe('phases', () => {
  it('is alive from the first moment and ready only when rules and state are loaded', async () => {
    const doors = createFakeDoors()
    const { app } = createHttp(doors)
    const statuses = async () =>
      Promise.all(['/livez', '/readyz', '/startupz', '/api/v1/alerts'].map(async (path) => (await app.request(path)).status))

    doors.setPhase('starting')
    expect(await statuses()).toEqual([200, 503, 503, 503])
    doors.setPhase('ready')
    expect(await statuses()).toEqual([200, 200, 200, 200])
    doors.setPhase('stopping')
    expect(await statuses()).toEqual([200, 503, 200, 503])
  })

  it('lets a write wait while the store opens, for a while, and then gives it to the spool', async () => {
    const doors = createFakeDoors()
    const { app } = createHttp(doors)
    const write = () => app.request('/write?db=d', { method: 'POST', body: 'm v=1' })
    doors.setPhase('starting')
    const patient = write()
    const others = ['/api/put', '/api/v1/datapoints', '/collectd-post'].map((path) => app.request(path, { method: 'POST', body: '[]' }))
    await doors.clock.advance(9_000)
    doors.setPhase('ready')
    await doors.clock.advance(100)
    expect((await patient).status).toBe(204)
    for (const other of others) expect((await other).status).toBe(204)
    doors.setPhase('starting')
    const tooLong = write()
    await doors.clock.advance(10_100)
    expect((await tooLong).status).toBe(204)
  })
})

describe('errors', () => {
  it('never shows the message of an unknown error', async () => {
    const doors = createFakeDoors()
    doors.store.measurements = async () => {
      throw new Error('cannot read /secret/path')
    }
    const answer = await createHttp(doors).app.request('/api/v1/catalog/measurements')
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ error: { code: 'INTERNAL', message: 'internal error', requestId: expect.any(String) } })
  })

  it('says when to come back from a store that is down', async () => {
    const doors = createFakeDoors()
    doors.nextIngest = new AppError('STORE_UNAVAILABLE', 'the store is down', { retryable: true })
    const answer = await createHttp(doors).app.request('/api/v1/push', {
      method: 'POST',
      body: '{"points":[{"measurement":"a","fields":{"v":1}}]}',
    })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('2')
  })

  it('answers an unknown path of the API with 404 in JSON', async () => {
    const answer = await createHttp(createFakeDoors()).app.request('/api/v1/nothing')
    expect(answer.status).toBe(404)
    expect((await readJson<{ error: { code: string } }>(answer)).error.code).toBe('NOT_FOUND')
  })
})

describe('what every answer carries', () => {
  it('has headers that keep browsers from guessing, framing and running it', async () => {
    const { headers } = await createHttp(createFakeDoors()).app.request('/api/v1/health')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
  })

  it('is counted under the template of its route', async () => {
    const { app } = createHttp(createFakeDoors())
    await app.request('/api/v1/alerts/a1/ack', { method: 'POST', body: '{"actor":"jane"}' })
    await app.request('/api/v1/health')
    await app.request('/no/such/thing.txt')
    const text = await (await app.request('/metrics')).text()
    expect(text).toContain('tidewatch_http_requests_total{method="POST",route="/api/v1/alerts/:id/ack",status="200"} 1')
    expect(text).toContain('route="/api/v1/health",status="200"')
    expect(text).toContain('route="other",status="404"')
    expect(text).not.toContain('/no/such/thing')
    for (const line of ['points_accepted_total 7', 'points_rejected_total 2', 'series 3', 'series_max 1000', 'spool_bytes_max 1000']) {
      expect(text).toContain(`tidewatch_${line}\n`)
    }
  })
})

describe('earlier systems', () => {
  it('finds their paths under ours', async () => {
    const { app } = createHttp(createFakeDoors())
    expect((await readJson<{ status: string }>(app.request('/api/health/detailed'))).status).toBe('HEALTHY')
    expect((await app.request('/api/health/liveness')).status).toBe(200)
    expect((await readJson<{ total: number }>(app.request('/api/monitoring/alerts'))).total).toBe(1)
    expect((await app.request('/api/monitoring/stop', { method: 'POST' })).status).toBe(409)
    expect((await readJson<{ total: number }>(app.request('/deployment'))).total).toBe(1)
  })
})

describe('the OpenAPI document', () => {
  it('lists every JSON route with its parameters and answers', async () => {
    const document = await readJson<{ paths: Record<string, { get: { parameters: { name: string }[] } }> }>(
      createHttp(createFakeDoors()).app.request('/openapi.json'),
    )
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/push',
        '/api/v1/query',
        '/api/v1/health',
        '/api/v1/alerts/{id}/ack',
        '/api/v1/deployments/{id}/steps',
        '/api/v1/catalog/tag-values',
        '/api/v1/stream',
        '/readyz',
        '/write',
        '/api/v2/write',
      ]),
    )
    expect(document.paths['/api/v1/alerts']?.get.parameters.map((parameter) => parameter.name)).toContain('severity')
  })
})
