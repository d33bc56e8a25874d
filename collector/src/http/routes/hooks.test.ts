import { describe, expect, it } from 'vitest'
import type { AlertmanagerHook, GrafanaHook } from '../../model/hook.ts'
import { readJson } from '../fakes/fake-doors.ts'
import { alertsShape, hmac, secret, shape, startHooks } from '../fakes/fake-hooks.ts'

const grafana: GrafanaHook = {
  ...{ type: 'grafana', name: 'grafana', header: 'X-Grafana-Alerting-Signature', timestampToleranceMs: 300_000 },
  ...shape,
  ...alertsShape,
}
const timed: GrafanaHook = { ...grafana, timestampHeader: 'X-Sent-At' }
const alertmanager: AlertmanagerHook = { type: 'alertmanager', name: 'alertmanager', ...shape, ...alertsShape }

const grafanaBody = JSON.stringify({
  receiver: 'tidewatch',
  status: 'firing',
  version: '1',
  truncatedAlerts: 0,
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'CPU high', host: 'a', severity: 'warning' },
      annotations: { summary: 'CPU of a is at 97 %' },
      startsAt: '2025-12-31T23:50:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'https://grafana.example.org/alerting/1',
      silenceURL: 'javascript:alert(1)',
      fingerprint: 'abc',
      values: { A: null, B: 97, C: 1 },
      valueString: '[ B=97 ]',
    },
    {
      status: 'resolved',
      labels: { alertname: 'Disk full' },
      annotations: {},
      startsAt: '2025-12-31T23:00:00Z',
      endsAt: '2025-12-31T23:30:00Z',
    },
  ],
})

describe('POST /api/v1/hooks/grafana', () => {
  const path = '/api/v1/hooks/grafana'

  it('passes signed alerts on, without a token', async () => {
    const { doors, post } = startHooks(grafana)
    const answer = await post(path, grafanaBody, { 'x-grafana-alerting-signature': hmac(grafanaBody) })
    expect([answer.status, await answer.json()]).toEqual([200, { began: 2, ended: 0, unchanged: 0, refused: 0 }])
    expect(doors.acts).toEqual([
      {
        receive: 'grafana',
        alerts: [
          {
            labels: { alertname: 'CPU high', host: 'a', severity: 'warning' },
            annotations: { summary: 'CPU of a is at 97 %', generator_url: 'https://grafana.example.org/alerting/1' },
            value: 97,
            startsAtMs: Date.UTC(2025, 11, 31, 23, 50),
            endedAtMs: null,
          },
          {
            ...{ labels: { alertname: 'Disk full' }, annotations: {}, value: null },
            ...{ startsAtMs: Date.UTC(2025, 11, 31, 23), endedAtMs: Date.UTC(2025, 11, 31, 23, 30) },
          },
        ],
      },
    ])
  })

  it('tells everyone whose message does not fit the same, and passes nothing on', async () => {
    const { doors, post } = startHooks(timed)
    const seconds = Math.floor(doors.clock.now() / 1000)
    const sent = (time: number, text = `${time}:${grafanaBody}`, key = secret) => ({
      'x-sent-at': String(time),
      'x-grafana-alerting-signature': hmac(text, key),
    })
    const refused: Record<string, string>[] = [
      {},
      { 'x-grafana-alerting-signature': hmac(grafanaBody) },
      sent(seconds, grafanaBody),
      sent(seconds, undefined, 'another-secret-of-16'),
      sent(seconds - 301),
      sent(seconds + 301),
      { ...sent(seconds), 'x-sent-at': 'yesterday' },
      { ...sent(seconds), 'x-grafana-alerting-signature': `sha256=${hmac(`${seconds}:${grafanaBody}`)}` },
    ]
    const messages = new Set<string>()
    for (const headers of refused) {
      const answer = await post(path, grafanaBody, headers)
      expect(answer.status, JSON.stringify(headers)).toBe(401)
      messages.add((await readJson<{ error: { message: string } }>(answer)).error.message)
    }
    expect([...messages]).toEqual(['The message is not signed as this hook wants it.'])
    expect(doors.acts).toEqual([])
    expect((await post(path, grafanaBody, sent(seconds - 299))).status).toBe(200)
  })

  it('takes the old secret beside the new one while it is changed', async () => {
    const { post } = startHooks({ ...grafana, secret: 'the-new-secret-of-it', oldSecret: secret })
    for (const key of ['the-new-secret-of-it', secret]) {
      expect((await post(path, grafanaBody, { 'x-grafana-alerting-signature': hmac(grafanaBody, key) })).status).toBe(200)
    }
  })

  it('names the source after the hook whose secret fits', async () => {
    const { doors, post } = startHooks({ ...grafana, name: 'north' }, { ...grafana, name: 'south', secret: 'another-secret-of-16' })
    await post(path, grafanaBody, { 'x-grafana-alerting-signature': hmac(grafanaBody, 'another-secret-of-16') })
    expect(doors.acts).toMatchObject([{ receive: 'south' }])
  })

  it("lets the alert of Grafana's test button go after five minutes", async () => {
    const { doors, post } = startHooks(grafana)
    const body = JSON.stringify({ alerts: [{ status: 'firing', labels: { alertname: 'TestAlert', instance: 'Grafana' } }] })
    await post(path, body, { 'x-grafana-alerting-signature': hmac(body) })
    expect(doors.acts).toMatchObject([{ alerts: [{ expiresAtMs: doors.clock.now() + 300_000 }] }])
  })

  it('says what is wrong with a message that is signed', async () => {
    const { post } = startHooks(grafana)
    const said = async (body: string, headers = {}) => {
      const answer = await post(path, body, { 'x-grafana-alerting-signature': hmac(body), ...headers })
      const { error } = await readJson<{ error: { code: string; message: string } }>(answer)
      return `${answer.status} ${error.code} ${error.message}`
    }
    expect(await said('{"alerts":')).toMatch(/^400 INVALID_JSON/)
    expect(await said('{"alerts":[{"status":"ill","labels":{}}]}')).toMatch(/^400 VALIDATION_FAILED .*alerts\[0\]\.status/)
    expect(await said(`{"alerts":[],"x":"${'x'.repeat(6000)}"}`)).toMatch(/^413 BODY_TOO_LARGE/)
    expect(await said('payload=x', { 'content-type': 'application/x-www-form-urlencoded' })).toMatch(/^415 .*application\/json/)
  })

  it('lets one address send only so much a minute, whether it knows the secret or not', async () => {
    const { post } = startHooks({ ...grafana, requestsPerMinute: 2 })
    const statuses = []
    for (const _ of [1, 2, 3]) statuses.push((await post(path, grafanaBody)).status)
    expect(statuses).toEqual([401, 401, 429])
  })

  it('says that it is not configured', async () => {
    const { post } = startHooks()
    const answer = await post(path, grafanaBody)
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('add one under hooks')])
  })
})

describe('alerts of an Alertmanager', () => {
  const body = JSON.stringify({
    ...{ version: '4', groupKey: '{}', status: 'firing', receiver: 'tidewatch', truncatedAlerts: 0 },
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'Down' },
        annotations: {},
        startsAt: '2025-12-31T23:50:00.123+01:00',
        endsAt: '0001-01-01T00:00:00Z',
      },
    ],
  })

  it('come from its webhook with the secret as a bearer token or a password', async () => {
    const { doors, post } = startHooks(alertmanager)
    const basic = Buffer.from(`tidewatch:${secret}`).toString('base64')
    for (const authorization of [`Bearer ${secret}`, `Basic ${basic}`]) {
      expect((await post('/api/v1/hooks/alertmanager', body, { authorization })).status).toBe(200)
    }
    for (const authorization of ['Bearer nothing', `Basic ${secret}`, '']) {
      expect((await post('/api/v1/hooks/alertmanager', body, { authorization })).status).toBe(401)
    }
    expect(doors.acts).toHaveLength(2)
    expect(doors.acts[0]).toMatchObject({
      receive: 'alertmanager',
      alerts: [{ startsAtMs: Date.UTC(2025, 11, 31, 22, 50, 0, 123), endedAtMs: null }],
    })
  })

  it('come by POST /alertmanager/api/v2/alerts, too, with a token, and end at the end that they name', async () => {
    const { doors, post } = startHooks(alertmanager)
    const now = doors.clock.now()
    const posted = [
      { labels: { alertname: 'a' } },
      { labels: { alertname: 'b' }, endsAt: new Date(now + 60_000).toISOString() },
      { labels: { alertname: 'c' }, startsAt: new Date(now - 9000).toISOString(), endsAt: new Date(now - 1000).toISOString() },
    ]
    const send = (text: string, token = 'h-secret') => post('/alertmanager/api/v2/alerts', text, { authorization: `Bearer ${token}` })
    const answer = await send(JSON.stringify(posted))
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(doors.acts).toMatchObject([
      {
        receive: 'alertmanager',
        alerts: [
          { endedAtMs: null, expiresAtMs: now + 300_000 },
          { endedAtMs: null, expiresAtMs: now + 60_000 },
          { startsAtMs: now - 9000, endedAtMs: now - 1000 },
        ],
      },
    ])
    expect((await send('[{"labels":{}}]')).status).toBe(400)
    expect((await send('[]', 'guess')).status).toBe(401)
  })
})
