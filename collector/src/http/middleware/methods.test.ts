import { describe, expect, it } from 'vitest'
import { hashToken } from '../../lib/token-hash.ts'
import { createFakeDoors } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const app = () => createHttp(createFakeDoors()).app

describe('a path asked with a method it does not take', () => {
  it.each([
    ['GET', '/api/v1/push', 'POST'],
    ['PUT', '/api/v1/push', 'POST'],
    ['POST', '/livez', 'GET, HEAD'],
    ['PUT', '/ping', 'GET, HEAD, POST'],
    ['GET', '/write', 'POST'],
    ['GET', '/metrics/job/backup', 'DELETE, POST, PUT'],
    ['DELETE', '/api/v1/alerts/a1/ack', 'POST'],
  ])('%s %s is told which it takes, and never shown the page', async (method, path, allowed) => {
    const answer = await app().request(path, { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe(allowed)
    expect(await answer.text()).toContain(`${path} takes ${allowed}, not ${method}.`)
  })

  it('answers OPTIONS with the methods', async () => {
    const answer = await app().request('/write', { method: 'OPTIONS' })
    expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([204, 'POST', ''])
  })

  it('is another thing than a path that is not there', async () => {
    expect((await app().request('/api/v1/pusch', { method: 'POST' })).status).toBe(404)
  })
})

describe('the form of an answer', () => {
  const told = async (path: string, phase: 'ready' | 'stopping' = 'ready') => {
    const doors = createFakeDoors()
    doors.setPhase(phase)
    return (await createHttp(doors).app.request(path, { method: 'PATCH' })).text()
  }

  it.each([
    ['/write', '{"error":"/write takes POST, not PATCH."}\n'],
    ['/api/v2/write', '{"code":"method not allowed","message":"/api/v2/write takes POST, not PATCH."}'],
    ['/api/v3/write_lp', '{"error":"/api/v3/write_lp takes POST, not PATCH."}'],
    ['/v1/metrics', '{"message":"/v1/metrics takes POST, not PATCH."}'],
    ['/api/v1/write', '/api/v1/write takes POST, not PATCH.'],
    ['/metrics/job/a', '/metrics/job/a takes DELETE, POST, PUT, not PATCH.\n'],
    ['/api/v1/datapoints', '{"errors":["/api/v1/datapoints takes POST, not PATCH."]}'],
    [
      '/prometheus/api/v1/rules',
      '{"status":"error","errorType":"bad_data","error":"/prometheus/api/v1/rules takes GET, HEAD, not PATCH."}',
    ],
  ])('at %s is that of its protocol', async (path, text) => {
    expect(await told(path)).toBe(text)
  })

  it('is that of the protocol for paths that are not there, too', async () => {
    expect(JSON.parse(await told('/api/v2/buckets'))).toMatchObject({ code: 'not found' })
    expect(JSON.parse(await told('/v1/traces'))).toEqual({ message: expect.stringContaining('nothing at PATCH /v1/traces') })
  })

  it('is that of the protocol for what is refused before its route, such as while the collector stops', async () => {
    expect(await told('/write', 'stopping')).toBe('{"error":"The collector is stopping; try again when it is back."}\n')
    expect(JSON.parse(await told('/api/v2/write', 'stopping'))).toMatchObject({ code: 'unavailable' })
  })
})

describe('tokens and methods', () => {
  it('tells the methods of a path without a token, since they are in the description that is open anyway', async () => {
    const tokens = [{ name: 'shop', scopes: ['write'] as const, hash: hashToken('w-secret') }]
    expect((await createHttp(createFakeDoors({ tokens })).app.request('/api/v1/push')).status).toBe(405)
  })
})
