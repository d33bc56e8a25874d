import { describe, expect, it } from 'vitest'
import { aDeployment } from '../fakes/fake-deployments.ts'
import { anAlert, createFakeDoors, readJson } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

function setup() {
  const doors = createFakeDoors()
  const { app } = createHttp(doors)
  return {
    doors,
    get: async (path: string) => app.request(path),
    post: async (path: string, body: object) => app.request(path, { method: 'POST', body: JSON.stringify(body) }),
  }
}

describe('alerts', () => {
  it('are acknowledged by someone, for a while', async () => {
    const { doors, post } = setup()
    const answer = await post('/api/v1/alerts/a1/ack', { actor: 'jane', comment: 'on it', for: '2h' })
    expect([answer.status, await answer.json()]).toEqual([200, anAlert])
    expect(doors.acts).toEqual([{ ack: 'a1', actor: 'jane', comment: 'on it', forMs: 7_200_000 }])
  })

  it('are taken many at once, and those that are not there are left out', async () => {
    const { doors, post } = setup()
    const answer = await post('/api/v1/alerts/ack', { ids: ['a1', 'zz'], actor: 'jane', for: '2h' })
    expect([answer.status, await answer.json()]).toEqual([200, { alerts: [anAlert] }])
    expect(doors.acts).toMatchObject([{ ack: 'a1', actor: 'jane', forMs: 7_200_000 }, { ack: 'zz' }])
    expect((await post('/api/v1/alerts/ack', { ids: [], actor: 'jane' })).status).toBe(400)
  })

  it('are marked as useful or not, of which episode', async () => {
    const { doors, post } = setup()
    const answer = await post('/api/v1/alerts/a1/mark', { actor: 'jane', useful: false, startsAt: '2026-01-01T00:00:00Z' })
    expect(await answer.json()).toMatchObject({ id: 'a1', useful: false })
    expect(doors.acts).toEqual([{ mark: 'a1', actor: 'jane', comment: '', useful: false, startsAtMs: Date.UTC(2026, 0, 1) }])
    expect((await post('/api/v1/alerts/a1/mark', { actor: 'jane', useful: 'very' })).status).toBe(400)
  })

  it('are given back and resolved by someone', async () => {
    const { doors, post } = setup()
    await post('/api/v1/alerts/a1/unack', { actor: 'jane' })
    await post('/api/v1/alerts/a1/resolve', { actor: 'jane', comment: 'done' })
    expect(doors.acts).toEqual([
      { unack: 'a1', actor: 'jane', comment: '' },
      { resolve: 'a1', actor: 'jane', comment: 'done' },
    ])
  })

  it('need an actor and must exist', async () => {
    const { doors, post } = setup()
    const nameless = await post('/api/v1/alerts/a1/ack', {})
    expect(nameless.status).toBe(400)
    expect((await readJson<{ error: { message: string } }>(nameless)).error.message).toContain('actor')
    expect((await post('/api/v1/alerts/zz/ack', { actor: 'jane' })).status).toBe(404)
    expect(doors.acts).toHaveLength(1)
  })

  it('are listed by state, severity, label, text and time', async () => {
    const { doors, get } = setup()
    const answer = await get(
      '/api/v1/alerts?state=firing,pending&severity=critical&label=host=a&label=dc=eu&text=cpu&past=true&from=6h&limit=5',
    )
    expect(await readJson(answer)).toEqual({ alerts: [anAlert], total: 1 })
    const nowMs = doors.clock.now()
    expect(doors.alertFilters).toEqual([
      {
        states: ['firing', 'pending'],
        severities: ['critical'],
        labels: { host: 'a', dc: 'eu' },
        text: 'cpu',
        past: true,
        range: { from: nowMs - 6 * 3_600_000, to: nowMs },
        limit: 5,
        offset: 0,
      },
    ])
  })

  it('refuse a filter that does not exist rather than listing everything', async () => {
    const { get } = setup()
    expect((await get('/api/v1/alerts?sate=firing')).status).toBe(400)
    expect((await get('/api/v1/alerts?state=burning')).status).toBe(400)
    expect((await get('/api/v1/alerts?from=soon')).status).toBe(400)
  })

  it('have receivers that can be tried out', async () => {
    const { doors, post } = setup()
    expect(await readJson(post('/api/v1/receivers/ops/test', { actor: 'jane' }))).toEqual({ ok: true, message: 'sent' })
    expect(doors.acts).toEqual([{ test: 'ops', actor: 'jane' }])
  })

  it('have receivers that can be tried out with a change, of a service if one is said', async () => {
    const { doors, post } = setup()
    const test = (body: object) => post('/api/v1/receivers/ops/test', { actor: 'jane', ...body })
    await test({ about: 'deployment' })
    await test({ about: 'flag', service: 'shop', environment: 'production' })
    expect(doors.acts).toMatchObject([
      { change: { kind: 'deployment' } },
      { change: { kind: 'flag', service: 'shop', environment: 'production' } },
    ])
    for (const wrong of [{ about: 'rain' }, { service: 'shop' }, { about: 'flag', version: '1' }])
      expect((await test(wrong)).status).toBe(400)
  })
})

describe('deployments', () => {
  it('are recorded with 201 and their id', async () => {
    const { doors, post } = setup()
    const answer = await post('/api/v1/deployments', { service: 'shop', version: '1.0.0', actor: 'jane' })
    expect([answer.status, (await readJson<{ id: string }>(answer)).id]).toEqual([201, 'd1'])
    expect(doors.acts).toEqual([
      { record: { kind: 'deployment', service: 'shop', version: '1.0.0', actor: 'jane', environment: 'production', status: 'running' } },
    ])
  })

  it('may be flags and settings, which have a name and have changed at once', async () => {
    const { doors, post } = setup()
    await post('/api/v1/deployments', { kind: 'flag', service: 'shop', name: 'new-checkout', version: 'on' })
    expect(doors.acts).toEqual([
      { record: { kind: 'flag', service: 'shop', name: 'new-checkout', version: 'on', environment: 'production', status: 'succeeded' } },
    ])
    expect((await post('/api/v1/deployments', { kind: 'flag', service: 'shop', version: 'on' })).status).toBe(400)
    expect((await post('/api/v1/deployments', { service: 'shop', name: 'new-checkout', version: '1' })).status).toBe(400)
  })

  it('take steps and an end', async () => {
    const { doors, post } = setup()
    expect((await post('/api/v1/deployments/d1/steps', { name: 'migrate', status: 'running' })).status).toBe(200)
    expect((await post('/api/v1/deployments/d1/finish', { status: 'failed', reason: 'no' })).status).toBe(200)
    expect((await post('/api/v1/deployments/d1/finish', { status: 'running' })).status).toBe(400)
    expect(doors.acts).toEqual([
      { step: 'd1', name: 'migrate', status: 'running' },
      { finish: 'd1', status: 'failed', reason: 'no' },
    ])
  })

  it('are listed and shown', async () => {
    const { get } = setup()
    expect(await readJson(get('/api/v1/deployments?service=api'))).toEqual({ deployments: [aDeployment], total: 1 })
    expect(await readJson(get('/api/v1/deployments/d1'))).toEqual(aDeployment)
  })
})

describe('health', () => {
  it('lists components by name, environment and state', async () => {
    const { get } = setup()
    const names = async (query: string) =>
      (await readJson<{ components: { name: string }[] }>(get(`/api/v1/health${query}`))).components.map(({ name }) => name)
    expect(await names('')).toEqual(['api'])
    expect(await names('?state=down,degraded')).toEqual([])
    expect(await names('?environment=production&component=api')).toEqual(['api'])
  })

  it('takes heartbeats of components that are configured', async () => {
    const { doors, post } = setup()
    expect((await post('/api/v1/health/worker/heartbeat', {})).status).toBe(200)
    expect((await post('/api/v1/health/other/heartbeat', {})).status).toBe(404)
    expect(doors.acts).toEqual([{ heartbeat: 'worker', status: 'up', message: '' }])
  })
})

describe('the catalogue and the status', () => {
  it('names what is stored', async () => {
    const { get } = setup()
    expect(await readJson(get('/api/v1/catalog/measurements'))).toEqual({ measurements: ['cpu', 'mem'] })
    expect(await readJson(get('/api/v1/catalog/fields?measurement=cpu'))).toEqual({ fields: [{ name: 'usage_user', type: 'float' }] })
    expect(await readJson(get('/api/v1/catalog/tags?measurement=cpu'))).toEqual({ tags: ['host'] })
    expect(await readJson(get('/api/v1/catalog/tag-values?measurement=cpu&tag=host&where=dc=eu'))).toEqual({ values: ['host', 'dc=eu'] })
    expect((await get('/api/v1/catalog/fields')).status).toBe(400)
  })

  it('says how the collector is', async () => {
    const { get } = setup()
    expect(await readJson(get('/api/v1/status'))).toEqual({
      version: '0.0.0-test',
      startedAt: '2026-01-01T00:00:00.000Z',
      store: { kind: 'fake', ok: true, message: 'in memory', seriesCount: 2 },
      rules: 0,
      reload: null,
      probes: 1,
      pointsAccepted: 7,
      spool: { bytes: 0, bytesMax: 1000, ageSeconds: 0, quarantined: 0, damaged: 0 },
    })
  })
})
