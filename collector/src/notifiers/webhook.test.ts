import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { sampleNotification, startReceiver, testNotifier } from './contract.ts'
import { webhook } from './webhook.ts'

testNotifier('webhook', {
  create: (url, doors) => webhook.create(webhook.schema.parse({ url, timeout: '5s', deployments: true }), doors),
  accepted: { status: 202, body: '' },
  tellsChanges: true,
  patienceMs: 5000,
})

async function bodyOf(options: object, notification = sampleNotification) {
  const receiver = await startReceiver()
  const clock = createFakeClock()
  const notifier = webhook.create(webhook.schema.parse({ url: receiver.url, ...options }), { fetch, log: silentLog, clock })
  expect(await notifier.send(notification, new AbortController().signal)).toMatchObject({ ok: true })
  await receiver.stop()
  const [received] = receiver.received
  if (!received) throw new Error('nothing was received')
  return { received, clock, json: JSON.parse(received.body) }
}

test("sends Alertmanager's body, version 4", async () => {
  const { json, received } = await bodyOf({ headers: { authorization: 'Bearer x' } })
  expect(received).toMatchObject({
    method: 'POST',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json', 'idempotency-key': 'key-1' },
  })
  expect(json).toMatchObject({
    version: '4',
    groupKey: 'g',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'ops',
    groupLabels: { alertname: 'HighCpu' },
    commonLabels: { alertname: 'HighCpu', severity: 'critical' },
    commonAnnotations: { summary: 'CPU is at 97' },
    routeLabels: {},
    externalURL: 'http://127.0.0.1:8484',
    notification_reason: 'first notification',
  })
  expect(json.alerts).toMatchObject([
    {
      status: 'firing',
      labels: { host: 'a' },
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '0001-01-01T00:00:00Z',
      fingerprint: '0123456789abcdef',
      cause: { summary: 'api 1.4.2 deployed by jane 4 min before' },
    },
    { status: 'resolved', labels: { host: 'b' }, endsAt: '2026-01-01T00:05:00.000Z' },
  ])
})

test('sends a header that a person spells in capitals once', async () => {
  const { received } = await bodyOf({ headers: { 'Content-Type': 'application/json', 'X-Channel': 'shop' } })
  expect(received.headers).toMatchObject({ 'content-type': 'application/json', 'x-channel': 'shop' })
})

test.each([{ 'X Channel': 'shop' }, { 'X-Channel': 'shop\r\nX-Other: 1' }])('refuses headers that cannot be sent: %j', (headers) => {
  expect(webhook.schema.safeParse({ url: 'http://x', headers }).success).toBe(false)
})

test('says how many alerts it left out', async () => {
  const { json } = await bodyOf({ max_alerts: 1 })
  expect(json.alerts).toHaveLength(1)
  expect(json.truncatedAlerts).toBe(1)
})

test('signs time and body', async () => {
  const { received, clock } = await bodyOf({ secret: 's3cret' })
  const timestamp = String(clock.now() / 1000)
  const expected = createHmac('sha256', 's3cret').update(`${timestamp}:${received.body}`).digest('hex')
  expect(received.headers).toMatchObject({ 'x-tidewatch-timestamp': timestamp, 'x-tidewatch-signature': expected })
})

test('marks a test as one', async () => {
  const { json } = await bodyOf({}, { ...sampleNotification, test: true })
  expect(json.test).toBe(true)
})

test('refuses an address that is no web address', () => {
  expect(webhook.schema.safeParse({ url: 'file:///etc/passwd' }).success).toBe(false)
})

test('quotes the beginning of what a refusing receiver says', async () => {
  const receiver = await startReceiver()
  receiver.answer = (response) => response.writeHead(400).end(`invalid_payload ${'x'.repeat(10_000)}`)
  const notifier = webhook.create(webhook.schema.parse({ url: receiver.url }), { fetch, log: silentLog, clock: createFakeClock() })
  const result = await notifier.send(sampleNotification, new AbortController().signal)
  await receiver.stop()
  expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/^answered 400: invalid_payload x+$/) })
  expect(JSON.stringify(result).length).toBeLessThan(700)
})
