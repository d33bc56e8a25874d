import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startReceiver, type TestReceiver } from '../../notifiers/contract.ts'

let directory: string
let receiver: TestReceiver
const children: ChildProcess[] = []

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidewatch-kill-'))
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await receiver.stop()
  rmSync(directory, { recursive: true })
})

/** A collector's alert engine with a real file, a real clock and a real webhook; one host is hot from the start. */
function program(value: number, fetcher: string): string {
  const room = (path: string) => JSON.stringify(join(import.meta.dirname, '../..', path))
  return `
    const { createAlerts } = await import(${room('alerts/engine.ts')})
    const { routeSchema } = await import(${room('alerts/routing/tree/route.ts')})
    const { ruleSchema } = await import(${room('alerts/rules/definition/rule-schema.ts')})
    const { systemClock } = await import(${room('lib/clock.ts')})
    const { silentLog } = await import(${room('lib/log.ts')})
    const { webhook } = await import(${room('notifiers/webhook.ts')})
    const { createAlertingRecords } = await import(${room('state/alerting-records.ts')})
    const { openState } = await import(${room('state/state.ts')})
    const { db } = openState({ path: ${JSON.stringify(join(directory, 'state.sqlite'))}, log: silentLog })
    const alerting = createAlertingRecords(db)
    const doors = { fetch: ${fetcher}, log: silentLog, clock: systemClock }
    const one = { tags: { host: 'a' }, field: 'value' }
    const series = { ...one, isGone: () => false, between: (_, to) => ({ ...one, times: [to], values: [${value}], start: 0, end: 1 }) }
    const alerts = createAlerts({
      rules: [ruleSchema.parse({ name: 'Hot', source: { measurement: 'load', field: 'value' }, condition: { above: 90 }, every: '1s' })],
      route: routeSchema.parse({ receiver: 'ops', group_wait: '0s' }),
      receivers: new Map([['ops', webhook.create(webhook.schema.parse({ url: ${JSON.stringify(receiver.url)}, timeout: '5m' }), doors)]]),
      samples: { watch: () => ({ takeFresh: () => [series], expect() {}, unwantedText() {}, seed() {}, close() {} }) },
      records: alerting.alerts, notifications: alerting.notifications, transaction: alerting.transaction, audit: alerting.audit, silenceRecords: alerting.silences,
      clock: systemClock, log: silentLog, emit() {}, push: async () => {}, causeOf: () => null, externalUrl: 'http://127.0.0.1', signingKey: Buffer.from('k'),
    })
    await alerts.start()
    setInterval(() => {}, 1000)
  `
}

function run(value: number, fetcher = 'fetch'): ChildProcess {
  const source = program(value, fetcher)
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

/** The next request; it stays open until it is answered. */
function nextRequest(): Promise<ServerResponse> {
  return new Promise((resolve) => {
    receiver.answer = resolve
  })
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('killed while it sends, the next process sends the same notification with the same key, once', async () => {
  const first = nextRequest()
  const killed = run(95)
  await first
  await kill(killed)
  const second = nextRequest()
  run(95)
  const response = await second
  response.writeHead(200).end()
  const [before, after] = receiver.received
  expect(after?.headers['idempotency-key']).toBe(before?.headers['idempotency-key'])
  expect(after?.body).toBe(before?.body)
  expect(receiver.received).toHaveLength(2)
})

test('killed while it sends, and the alert over since, the next process tells the end', async () => {
  const first = nextRequest()
  const killed = run(95)
  await first
  await kill(killed)
  const second = nextRequest()
  run(50)
  const response = await second
  response.writeHead(200).end()
  const told = JSON.parse(receiver.received.at(-1)?.body ?? '{}')
  expect(told).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved', labels: { host: 'a' } }] })
})

test('killed between queueing and sending, the next process sends it', async () => {
  const child = run(95, `() => { console.log('about to send'); return new Promise(() => {}) }`)
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  await kill(child)
  expect(receiver.received).toHaveLength(0)
  const sent = nextRequest()
  run(95)
  const response = await sent
  response.writeHead(200).end()
  expect(JSON.parse(receiver.received[0]?.body ?? '{}')).toMatchObject({ status: 'firing', alerts: [{ labels: { host: 'a' } }] })
})
