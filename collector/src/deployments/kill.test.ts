import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startReceiver, type TestReceiver } from '../notifiers/contract.ts'

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

/** Deployments with a real file, a real clock and a real webhook; `then` is what the process does with them. */
function program(then: string, fetcher: string): string {
  const room = (path: string) => JSON.stringify(join(import.meta.dirname, '..', path))
  return `
    const { createChangeNotices } = await import(${room('deployments/change-notices.ts')})
    const { createDeployments } = await import(${room('deployments/engine.ts')})
    const { systemClock } = await import(${room('lib/clock.ts')})
    const { silentLog } = await import(${room('lib/log.ts')})
    const { webhook } = await import(${room('notifiers/webhook.ts')})
    const { createChangeNoticeRecords } = await import(${room('state/change-notice-records.ts')})
    const { createDeploymentRecords } = await import(${room('state/deployment-records.ts')})
    const { createNotificationRecords } = await import(${room('state/notification-records.ts')})
    const { openState } = await import(${room('state/state.ts')})
    const { db } = openState({ path: ${JSON.stringify(join(directory, 'state.sqlite'))}, log: silentLog })
    const [clock, log, templates] = [systemClock, silentLog, { rollback: {}, commitsUrl: {} }]
    const ops = webhook.create(webhook.schema.parse({ url: ${JSON.stringify(receiver.url)}, timeout: '5m', deployments: true }), { fetch: ${fetcher}, log, clock })
    const records = createDeploymentRecords(db)
    const notices = createChangeNotices({
      records: createChangeNoticeRecords(db), deliveries: createNotificationRecords(db), receivers: () => new Map([['ops', ops]]),
      changeOf: records.get, gatesOf: () => [], watch: { onSent() {}, onFailure() {} }, templates, externalUrl: 'http://127.0.0.1', clock, log, random: Math.random, newId: () => crypto.randomUUID(),
    })
    const deployments = createDeployments({ records, templates, owe: notices.owe, clock, log, push: async () => {}, emit() {} })
    notices.start()
    ${then}
    setInterval(() => {}, 1000)
  `
}

const deploy = `await deployments.record({ id: 'd1', service: 'shop', environment: 'production', version: '1.4.2', status: 'succeeded' })`

function run(then: string, fetcher = 'fetch'): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(then, fetcher)], { stdio: ['ignore', 'pipe', 'inherit'] })
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

test('killed while it tells of a deployment, the next process tells the same with the same key, once', async () => {
  const first = nextRequest()
  const killed = run(deploy)
  await first
  await kill(killed)
  const second = nextRequest()
  run('')
  const response = await second
  response.writeHead(200).end()
  const [before, after] = receiver.received
  expect(after?.headers['idempotency-key']).toBe(before?.headers['idempotency-key'])
  expect(after?.body).toBe(before?.body)
  expect(receiver.received).toHaveLength(2)
})

test('killed between queueing and sending, the next process tells of it', async () => {
  const child = run(deploy, `() => { console.log('about to send'); return new Promise(() => {}) }`)
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  await kill(child)
  expect(receiver.received).toHaveLength(0)
  const told = nextRequest()
  run('')
  const response = await told
  response.writeHead(200).end()
  expect(JSON.parse(receiver.received[0]?.body ?? '{}')).toMatchObject({ type: 'deployment', event: 'succeeded', deployment: { id: 'd1' } })
})
