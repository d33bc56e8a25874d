import { describe, expect, it } from 'vitest'
import { createFakeDoors, readJson } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

const base = '/alertmanager/api/v2'
const wish = {
  matchers: [{ name: 'service', value: 'checkout', isRegex: false }],
  startsAt: '2026-01-01T00:00:00Z',
  endsAt: '2026-01-01T02:00:00Z',
  createdBy: 'jane',
  comment: 'planned',
}

function setup() {
  const { app } = createHttp(createFakeDoors())
  return {
    get: (path: string) => Promise.resolve(app.request(`${base}${path}`)),
    send: (method: string, path: string, body?: object) =>
      Promise.resolve(app.request(`${base}${path}`, { method, ...(body && { body: JSON.stringify(body) }) })),
  }
}

describe("Alertmanager's API", () => {
  it('tells its status and its receivers', async () => {
    const { get } = setup()
    expect(await readJson(get('/status'))).toMatchObject({ cluster: { status: 'disabled' }, config: { original: expect.any(String) } })
    expect(await readJson(get('/receivers'))).toEqual([{ name: 'ops' }])
  })

  it('tells alerts with their receivers and state, chosen by matchers, receiver and state', async () => {
    const { get } = setup()
    const one = { fingerprint: 'a1', labels: { host: 'web-1' }, receivers: [{ name: 'ops' }], status: { state: 'active', silencedBy: [] } }
    expect(await readJson(get('/alerts'))).toMatchObject([one])
    expect(await readJson(get(`/alerts?filter=${encodeURIComponent('host=~"web-.*"')}`))).toMatchObject([one])
    expect(await readJson(get(`/alerts?filter=${encodeURIComponent('host="db"')}`))).toEqual([])
    expect(await readJson(get('/alerts?active=false'))).toEqual([])
    const refused = await get('/alerts?silenced=no')
    expect([refused.status, await refused.json()]).toEqual([400, 'silenced: must be true or false, not "no".'])
    expect(await readJson(get('/alerts?receiver=nobody'))).toEqual([])
    expect(await readJson(get('/alerts/groups'))).toMatchObject([
      { labels: { alertname: 'cpu-high' }, receiver: { name: 'ops' }, alerts: [one] },
    ])
    expect(await readJson(get('/alerts/groups?active=false'))).toEqual([])
  })

  it('makes, lists, tells and ends silences', async () => {
    const { get, send } = setup()
    expect(await readJson(send('POST', '/silences', wish))).toEqual({ silenceID: 's1' })
    const told = {
      id: 's1',
      status: { state: 'active' },
      matchers: [{ name: 'service', value: 'checkout', isRegex: false, isEqual: true }],
    }
    expect(await readJson(get('/silence/s1'))).toMatchObject(told)
    expect(await readJson(get('/silences'))).toMatchObject([told])
    expect(await readJson(get(`/silences?filter=${encodeURIComponent('service="checkout"')}`))).toHaveLength(1)
    expect(await readJson(get(`/silences?filter=${encodeURIComponent('service="other"')}`))).toEqual([])
    expect((await send('DELETE', '/silence/s1')).status).toBe(200)
    expect(await readJson(get('/silence/s1'))).toMatchObject({ status: { state: 'expired' } })
  })

  it('answers mistakes with a JSON string', async () => {
    const { get, send } = setup()
    const refused = await send('POST', '/silences', { ...wish, matchers: [] })
    expect([refused.status, await refused.json()]).toEqual([400, expect.stringContaining('matchers')])
    const unknown = await get('/silence/s9')
    expect([unknown.status, await unknown.json()]).toEqual([404, expect.stringContaining('s9')])
    expect((await get(`/alerts?filter=${encodeURIComponent('nonsense')}`)).status).toBe(400)
    expect([(await get('/elsewhere')).status, (await get('/alerts?receiver=(')).status]).toEqual([404, 400])
  })
})
