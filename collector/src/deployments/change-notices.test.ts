import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { startReceiver, type TestReceiver } from '../notifiers/contract.ts'
import { pagerduty } from '../notifiers/pagerduty.ts'
import { createChangeNoticeRecords } from '../state/change-notice-records.ts'
import type { Database } from '../state/database.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { createNotificationRecords } from '../state/notification-records.ts'
import { openState } from '../state/state.ts'
import { createChangeNotices } from './change-notices.ts'
import { createDeployments } from './engine.ts'

let db: Database
let receiver: TestReceiver
let clock: FakeClock

beforeEach(async () => {
  db = openState({ path: ':memory:', log: silentLog }).db
  receiver = await startReceiver()
  clock = createFakeClock()
})
afterEach(() => receiver.stop())

/** Deployments with notices to a real server, over the records of before. */
function setUp(changes: object | boolean = true) {
  const options = pagerduty.schema.parse({ url: receiver.url, routing_key: 'r0uting-key', changes })
  const notifier = pagerduty.create(options, { fetch, log: silentLog, clock })
  const deliveries = createNotificationRecords(db)
  let count = 0
  const notices = createChangeNotices({
    records: createChangeNoticeRecords(db),
    receivers: () => new Map([['pager', notifier]]),
    ...{ deliveries, clock, log: silentLog, random: () => 1, newId: () => `n${count++}` },
  })
  const deployments = createDeployments({
    records: createDeploymentRecords(db),
    emit: (event) => void (event.type === 'deployment' && notices.tell(event.deployment)),
    ...{ clock, log: silentLog, push: async () => {} },
  })
  notices.start()
  return { notices, deployments, tries: () => deliveries.deliveries({ limit: 100 }).deliveries }
}

const shop = { service: 'shop', environment: 'production', version: '1.4.2', actor: 'jane', url: 'https://ci.example.org/7' }

/** Lets time pass until a try is due, answers it, and waits until its outcome is written. */
async function answered(scene: ReturnType<typeof setUp>, status: number, { afterMs = 0, retryAfter = '0', count = 1 } = {}): Promise<void> {
  const before = scene.tries().length
  receiver.answer = (response) => response.writeHead(status, { 'retry-after': retryAfter }).end('{}')
  await clock.advance(afterMs)
  while (scene.tries().length < before + count) {
    await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(0)
  }
}

const received = () => receiver.received.map(({ path, body }) => ({ path, body: JSON.parse(body) }))

test('a change event is sent when a deployment ended, with who, what and where to look', async () => {
  const scene = setUp()
  const { id } = await scene.deployments.record({ ...shop, status: 'running' })
  await clock.advance(60_000)
  expect(receiver.received).toEqual([])
  await scene.deployments.finish(id, { status: 'succeeded' })
  await answered(scene, 202)
  expect(received()).toEqual([
    {
      path: '/v2/change/enqueue',
      body: {
        routing_key: 'r0uting-key',
        payload: {
          summary: 'shop 1.4.2 deployed to production by jane: succeeded',
          timestamp: '2026-01-01T00:01:00.000Z',
          source: 'shop (production)',
          custom_details: expect.objectContaining({ kind: 'deployment', version: '1.4.2', actor: 'jane' }),
        },
        links: [{ href: shop.url, text: 'The change where it was made' }],
      },
    },
  ])
  expect(scene.tries()).toMatchObject([{ receiver: 'pager', groupKey: `change:${id}`, reason: 'deployment succeeded', outcome: 'sent' }])
  expect(createChangeNoticeRecords(db).all()).toEqual([])
})

test('flags and settings are changes, too', async () => {
  const scene = setUp()
  await scene.deployments.record({ ...shop, kind: 'flag', name: 'new-checkout', version: 'on', status: 'succeeded' })
  await answered(scene, 202)
  await scene.deployments.record({ ...shop, kind: 'configuration', name: 'pool.size', version: '20', status: 'succeeded' })
  await answered(scene, 202)
  expect(received().map(({ body }) => body.payload.summary)).toEqual([
    'flag new-checkout of shop in production set to on by jane: succeeded',
    'setting pool.size of shop in production set to 20 by jane: succeeded',
  ])
})

test('429 is tried again when Retry-After is over and not before, and what follows waits with it', async () => {
  const scene = setUp()
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  await scene.deployments.record({ ...shop, version: '1.4.3', status: 'failed' })
  await answered(scene, 429, { retryAfter: '90' })
  await clock.advance(89_000)
  expect(receiver.received).toHaveLength(1)
  await answered(scene, 202, { afterMs: 1000, count: 2 })
  expect(received().map(({ body }) => body.payload.summary.slice(0, 10))).toEqual(['shop 1.4.2', 'shop 1.4.2', 'shop 1.4.3'])
  expect(scene.tries().map(({ outcome, attempt }) => `${outcome} ${attempt}`)).toEqual(['sent 1', 'sent 2', 'retry 1'])
})

test('400 is final: it stands in the delivery log, without the key, and the next change is told', async () => {
  const scene = setUp()
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  await answered(scene, 400)
  expect(scene.tries()).toMatchObject([{ outcome: 'dead_letter', message: expect.stringContaining('answered 400') }])
  expect(JSON.stringify(scene.tries())).not.toContain('r0uting-key')
  await scene.deployments.record({ ...shop, version: '1.4.3', status: 'succeeded' })
  await answered(scene, 202)
  expect(receiver.received).toHaveLength(2)
})

test('what is owed survives the process', async () => {
  const scene = setUp()
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  await answered(scene, 503)
  await scene.notices.stop()
  const next = setUp()
  await answered(next, 202, { afterMs: 1000 })
  expect(next.tries().map(({ outcome, attempt }) => `${outcome} ${attempt}`)).toEqual(['sent 2', 'retry 1'])
})

test('a receiver that refuses for a quarter of an hour is left with a dead letter', async () => {
  const scene = setUp()
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  await answered(scene, 503)
  const longest = 60_000
  for (let tries = 0; tries < 6; tries++) await answered(scene, 503, { afterMs: 1000 * 2 ** tries })
  for (let tries = 0; tries < 13; tries++) await answered(scene, 503, { afterMs: longest })
  expect(scene.tries()[0]).toMatchObject({ outcome: 'retry', attempt: 20 })
  await answered(scene, 503, { afterMs: longest })
  expect(scene.tries()[0]).toMatchObject({ outcome: 'dead_letter', attempt: 21 })
  expect(createChangeNoticeRecords(db).all()).toEqual([])
})

test('only the services and environments asked for are told, nothing of long ago, and nothing to who did not ask', async () => {
  const some = setUp({ services: ['shop'], environments: ['production'] })
  await some.deployments.record({ ...shop, service: 'search', status: 'succeeded' })
  await some.deployments.record({ ...shop, environment: 'staging', status: 'succeeded' })
  await some.deployments.record({ ...shop, status: 'succeeded', finishedAt: '2025-12-31T22:00:00Z' })
  await setUp(false).deployments.record({ ...shop, status: 'succeeded' })
  expect(createChangeNoticeRecords(db).all()).toEqual([])
  await some.deployments.record({ ...shop, status: 'succeeded' })
  expect(createChangeNoticeRecords(db).all()).toMatchObject([{ receiver: 'pager', change: { service: 'shop' } }])
})
