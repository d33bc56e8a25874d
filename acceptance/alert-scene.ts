import { createHmac } from 'node:crypto'
import type { Product } from './product.ts'

const secret = 'not-a-secret-in-tests'

/** Rules on pushed points: `load` of many hosts, and `shop` for one alert of each sort. */
export const alertConfiguration = `
log: { level: warn }
presets: []
hooks:
  - { type: grafana, name: grafana, secret: ${secret} }
receivers:
  - { name: team, type: log }
route: { receiver: team, group_by: [alertname], group_wait: 1s, group_interval: 1m }
inhibit_rules:
  - { source_matchers: ['alertname="database-down"'], target_matchers: ['alertname="checkout-slow"'], equal: [zone] }
rules:
${rule('database-down', 'critical', 'No connection to the database of {{labels.zone}}')}
${rule('checkout-slow', 'high', 'Checkout takes {{value}} ms in {{labels.zone}}')}
${rule('queue-long', 'warning', '{{value}} orders wait in {{labels.zone}}')}
${rule('cache-cold', 'info', 'Every second answer of the cache in {{labels.zone}} is a miss')}
`

function rule(name: string, severity: string, summary: string): string {
  return `  - name: ${name}
    source: { measurement: shop, field: ${name.replace('-', '_')}, group_by: [service, host, zone] }
    aggregate: last
    window: 1h
    condition: { above: 10 }
    severity: ${severity}
    limit: 10000
    annotations: { summary: '${summary}', runbook: 'https://example.com/runbooks/${name}' }`
}

export async function send(product: Product, path: string, body: string | object, headers: Record<string, string> = {}): Promise<void> {
  const isText = typeof body === 'string'
  const answer = await fetch(product.url + path, {
    method: 'POST',
    headers: { ...(!isText && { 'content-type': 'application/json' }), ...headers },
    body: isText ? body : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
}

type Known = { id: string; rule: string; labels: Record<string, string> }

/** The alerts that are active, once there are so many. */
export async function alertsOf(product: Product, count: number): Promise<readonly Known[]> {
  for (;;) {
    const answer = await fetch(`${product.url}/api/v1/alerts?limit=10000`)
    const { alerts } = (await answer.json()) as { alerts: Known[] }
    if (alerts.length >= count) return alerts
  }
}

/** One alert of each sort that a panel has to tell apart. */
export async function makeOneOfEach(product: Product): Promise<void> {
  const point = (field: string, zone: string, value: number) => `shop,service=checkout,host=web-1,zone=${zone} ${field}=${value}`
  await send(product, '/api/v1/deployments', {
    service: 'checkout',
    environment: 'production',
    version: '1.4.2',
    actor: 'jane',
    commit: '3f2c1ab9d8e7f6',
  })
  const rows = [
    ...['eu', 'us', 'asia'].flatMap((zone) => [point('queue_long', zone, 1234.5), point('cache_cold', zone, 51)]),
    ...[point('checkout_slow', 'eu', 812), point('checkout_slow', 'us', 640), point('database_down', 'eu', 11)],
  ]
  await send(product, '/write?db=shop', rows.join('\n'))
  await tellFromGrafana(product)
  const alerts = await alertsOf(product, rows.length + 1)
  const idOf = (name: string, zone: string) => alerts.find(({ rule: own, labels }) => own === name && labels.zone === zone)?.id
  await send(product, `/api/v1/alerts/${idOf('database-down', 'eu')}/ack`, {
    actor: 'jane',
    comment: 'Failing over to the replica.',
    for: '2h',
  })
  const silence = {
    matchers: ['alertname="queue-long"', 'zone="us"'],
    for: '2h',
    comment: 'New workers are on their way.',
    createdBy: 'joe',
  }
  await send(product, '/api/v1/silences', silence)
}

async function tellFromGrafana(product: Product): Promise<void> {
  const labels = { alertname: 'Certificate expires soon', severity: 'warning', host: 'shop.example.com' }
  const alert = { status: 'firing', labels, annotations: { summary: 'Nine days are left' }, startsAt: new Date().toISOString() }
  const body = JSON.stringify({
    receiver: 'tidewatch',
    status: 'firing',
    version: '1',
    alerts: [{ ...alert, endsAt: '0001-01-01T00:00:00Z' }],
  })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  await send(product, '/api/v1/hooks/grafana', body, { 'X-Grafana-Alerting-Signature': signature, 'content-type': 'application/json' })
}

/** So many alerts of four severities. */
export async function makeMany(product: Product, count: number): Promise<void> {
  const fields = ['database_down', 'checkout_slow', 'queue_long', 'cache_cold']
  const lines = Array.from(
    { length: count },
    (_none, index) => `shop,service=svc-${index % 40},host=host-${index},zone=eu-${index % 3} ${fields[index % 4]}=${20 + (index % 70)}`,
  )
  await send(product, '/write?db=shop', lines.join('\n'))
  await alertsOf(product, count)
}
