import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsResponse } from '../src/contract/alerts.ts'
import { hasAlertmanager, startAlertmanager } from './alertmanager.ts'
import { type Running, startCollector } from './collector.ts'

const secret = 'a-secret-of-sixteen'

describe.skipIf(!hasAlertmanager)("Debian's Alertmanager, with a hook as its receiver,", () => {
  let collector: Running
  let central: Awaited<ReturnType<typeof startAlertmanager>>

  beforeAll(async () => {
    collector = await startCollector({
      yaml: `presets: []\nsources: []\nhooks: [{ type: alertmanager, name: central, secret: ${secret} }]`,
    })
    central = await startAlertmanager(`
route: { receiver: tidewatch, group_wait: 1s, group_interval: 1s }
receivers:
  - name: tidewatch
    webhook_configs:
      - url: ${collector.url}/api/v1/hooks/alertmanager
        http_config: { authorization: { credentials: ${secret} } }
`)
  })
  afterAll(async () => {
    await central.stop()
    await collector.stop()
  })

  const send = (ends: object) =>
    fetch(`${central.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([
        { labels: { alertname: 'Down', host: 'a', severity: 'critical' }, annotations: { summary: 'a is down' }, ...ends },
      ]),
    })
  const listed = async (query = '') => ((await (await fetch(`${collector.url}/api/v1/alerts${query}`)).json()) as AlertsResponse).alerts

  it('brings its alerts onto our list, and their end', async () => {
    await send({})
    await expect.poll(() => listed()).toMatchObject([{ rule: 'Down', source: 'central', severity: 'critical', state: 'firing' }])
    await send({ endsAt: new Date().toISOString() })
    await expect.poll(() => listed()).toEqual([])
    expect(await listed('?state=resolved')).toMatchObject([{ rule: 'Down', source: 'central', state: 'resolved' }])
  })
})
