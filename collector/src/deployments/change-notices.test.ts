import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Notifier } from '../model/alert.ts'
import { startReceiver, type TestReceiver } from '../notifiers/contract.ts'
import { pagerduty } from '../notifiers/pagerduty.ts'
import { webhook } from '../notifiers/webhook.ts'
import { createChangeNoticeRecords } from '../state/change-notice-records.ts'
import type { Database } from '../state/database.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { createGateRecords } from '../state/gate-records.ts'
import { createNotificationRecords } from '../state/notification-records.ts'
import { openState } from '../state/state.ts'
import { createChangeNotices } from './change-notices.ts'
import { createDeployments } from './engine.ts'
import { createGates } from './gate/engine.ts'

let db: Database
let receiver: TestReceiver
let clock: FakeClock
let count = 0

beforeEach(async () => {
  db = openState({ path: ':memory:', log: silentLog }).db
  receiver = await startReceiver()
  clock = createFakeClock()
})
afterEach(() => receiver.stop())

const pager = (changes: object | boolean = true) =>
  pagerduty.create(pagerduty.schema.parse({ url: receiver.url, routing_key: 'r0uting-key', changes }), {
    fetch,
    log: silentLog,
    clock,
  })
const hook = (deployments: object | boolean = true) =>
  webhook.create(webhook.schema.parse({ url: receiver.url, deployments }), { fetch, log: silentLog, clock })

const heard: string[] = []
const watch = {
  onSent: (receiver: string) => void heard.push(`${receiver} took it`),
  onFailure: (receiver: string, { isGivenUp }: { isGivenUp: boolean }) =>
    void heard.push(`${receiver} ${isGivenUp ? 'refused' : 'failed'}`),
}

/** Deployments with notices to a real server, over the records of before. */
function setUp(notifier: Notifier) {
  const deliveries = createNotificationRecords(db)
  const records = createDeploymentRecords(db)
  const gates = createGateRecords(db)
  const templates = {
    rollback: { '*': 'deploy {{service}} {{previousVersion}}' },
    commitsUrl: { shop: 'https://git.example.org/{{previousCommit}}...{{commit}}' },
  }
  const notices = createChangeNotices({
    records: createChangeNoticeRecords(db),
    receivers: () => new Map([['ops', notifier]]),
    changeOf: records.get,
    gatesOf: (deploymentId) => gates.list({ deploymentId, limit: 10 }).results,
    ...{ templates, externalUrl: 'http://127.0.0.1:8484', watch },
    ...{ deliveries, clock, log: silentLog, random: () => 1, newId: () => `n${count++}` },
  })
  const deployments = createDeployments({
    ...{ records, templates, owe: notices.owe },
    ...{ clock, log: silentLog, push: async () => {}, emit() {} },
  })
  /** Runs a gate that no rule of is known to, so that it fails. */
  const gate = createGates({
    judged: { outlines: () => [{ name: 'Errors', labels: {}, about: { service: 'other' } }], judge: () => [] },
    gates: () => [{ name: 'prod', rules: [], matchers: [{ text: 'a', matches: () => false }], labels: {}, ...patience }],
    deployment: deployments.get,
    ...{ records: gates, audit: { record() {}, list: () => [] }, clock, log: silentLog, emit() {} },
    owe: (id) => notices.owe(deployments.get(id)),
  })
  notices.start()
  return { notices, deployments, gate, tries: () => deliveries.deliveries({ limit: 100 }).deliveries }
}

const patience = { watchMs: 0, onInconclusive: 'fail', onMuted: 'judge', dryRun: false } as const

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

const received = () =>
  receiver.received.map(({ path, headers, body }) => ({ path, key: headers['idempotency-key'], body: JSON.parse(body) }))
const events = () => received().map(({ body }) => `${body.deployment.service} ${body.deployment.version} ${body.event}`)
const owed = () => createChangeNoticeRecords(db).all()

test('a webhook hears that a deployment began, what judged it and how it ended, with all that is known', async () => {
  const scene = setUp(hook())
  await scene.deployments.record({ ...shop, version: '1.4.1', commit: '3f2c1ab', status: 'succeeded' })
  await answered(scene, 200)
  const { id } = await scene.deployments.record({ ...shop, commit: '9d8e7f6', status: 'running' })
  await answered(scene, 200)
  await scene.deployments.step(id, { name: 'migrate', status: 'succeeded' })
  await scene.deployments.step(id, { name: 'gate', status: 'running' })
  await scene.deployments.step(id, { name: 'gate', status: 'succeeded', message: '7 rules hold' })
  await answered(scene, 200)
  await clock.advance(190_000)
  await scene.deployments.finish(id, { status: 'rolled_back', reason: 'errors rose' })
  await answered(scene, 200)
  expect(events()).toEqual(['shop 1.4.1 succeeded', 'shop 1.4.2 running', 'shop 1.4.2 gate passed', 'shop 1.4.2 rolled_back'])
  expect(received()[0]?.body.durationMs).toBeNull()
  expect(received().at(-1)?.body).toMatchObject({
    version: '1',
    type: 'deployment',
    receiver: 'ops',
    deployment: { id, previousVersion: '1.4.1', actor: 'jane', reason: 'errors rose', status: 'rolled_back' },
    durationMs: 190_000,
    commits: { text: '3f2c1ab..9d8e7f6', url: 'https://git.example.org/3f2c1ab...9d8e7f6' },
    verdicts: [{ name: 'gate', passed: true, message: '7 rules hold' }],
    rollback: 'deploy shop 1.4.1',
  })
  expect(scene.tries().map(({ reason, outcome }) => `${reason} ${outcome}`)).toEqual([
    'deployment rolled_back sent',
    'deployment gate passed sent',
    'deployment running sent',
    'deployment succeeded sent',
  ])
  expect(owed()).toEqual([])
})

test('a receiver that was away hears how the deployment ended, and not that it began', async () => {
  const scene = setUp(hook())
  const { id } = await scene.deployments.record({ ...shop, status: 'running' })
  await answered(scene, 503, { retryAfter: '60' })
  await scene.deployments.finish(id, { status: 'succeeded' })
  await answered(scene, 200, { afterMs: 60_000 })
  await clock.advance(3_600_000)
  expect(events()).toEqual(['shop 1.4.2 running', 'shop 1.4.2 succeeded'])
})

test('what happens while a receiver is being told is told next, under a key of its own', async () => {
  const scene = setUp(hook())
  const { id } = await scene.deployments.record({ ...shop, status: 'running' })
  let finished = Promise.resolve<unknown>(undefined)
  receiver.answer = (response) => {
    finished = scene.deployments.finish(id, { status: 'failed' }).then(() => response.end())
    receiver.answer = (next) => next.end()
  }
  await clock.advance(0)
  while (scene.tries().length < 2) {
    await finished
    await clock.advance(1)
  }
  expect(events()).toEqual(['shop 1.4.2 running', 'shop 1.4.2 failed'])
  expect(new Set(received().map(({ key }) => key)).size).toBe(2)
})

test('what a gate says of a deployment that ended is told, also to whoever asked for failures alone', async () => {
  const scene = setUp(hook({ statuses: ['failed'] }))
  const { id } = await scene.deployments.record({ ...shop, status: 'succeeded' })
  expect(owed()).toEqual([])
  await clock.advance(1000)
  for (const actor of ['jane', 'joe']) {
    scene.gate.check({ gate: 'prod', rules: [], labels: {}, failOpen: false, actor, deploymentId: id })
    await answered(scene, 200)
    await clock.advance(1000)
  }
  expect(events()).toEqual(['shop 1.4.2 gate prod failed', 'shop 1.4.2 gate prod failed'])
  expect(received()[0]?.body.verdicts).toMatchObject([
    { name: 'gate prod', passed: false, message: expect.stringContaining('no rule matches') },
  ])
  expect(new Set(received().map(({ key }) => key)).size).toBe(2)
})

test('every try to tell the same has the same key', async () => {
  const scene = setUp(hook())
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  await answered(scene, 500)
  await answered(scene, 200, { afterMs: 1000 })
  const [first, second] = received()
  expect(second).toEqual(first)
})

test('a deployment is not kept without the word of it, nor the word without the deployment', async () => {
  const scene = setUp(hook())
  db.run('DROP TABLE owed_changes')
  await expect(scene.deployments.record({ ...shop, status: 'running' })).rejects.toThrow('owed_changes')
  expect(createDeploymentRecords(db).list({ limit: 10 }).total).toBe(0)
})

test('only what a filter takes is told: services, environments, statuses and kinds', async () => {
  const scene = setUp(hook({ services: ['shop'], environments: ['production'], statuses: ['failed'], kinds: ['deployment', 'flag'] }))
  await scene.deployments.record({ ...shop, service: 'search', status: 'failed' })
  await scene.deployments.record({ ...shop, environment: 'staging', status: 'failed' })
  await scene.deployments.record({ ...shop, status: 'running' })
  await scene.deployments.record({ ...shop, kind: 'configuration', name: 'pool', status: 'failed' })
  await scene.deployments.record({ ...shop, status: 'failed', finishedAt: '2025-12-31T22:00:00Z' })
  expect(owed()).toEqual([])
  await scene.deployments.record({ ...shop, kind: 'flag', name: 'new-checkout', version: 'on', status: 'failed' })
  expect(owed()).toHaveLength(1)
  await setUp(hook()).deployments.record({ ...shop, kind: 'flag', name: 'other', version: 'on', status: 'succeeded' })
  await setUp(hook(false)).deployments.record({ ...shop, status: 'failed' })
  expect(owed()).toHaveLength(1)
})

test('PagerDuty gets a change event when a deployment ended, with who, what and where to look', async () => {
  const scene = setUp(pager())
  const { id } = await scene.deployments.record({ ...shop, status: 'running' })
  await clock.advance(60_000)
  expect(receiver.received).toEqual([])
  await scene.deployments.finish(id, { status: 'succeeded' })
  await answered(scene, 202)
  expect(received()).toMatchObject([
    {
      path: '/v2/change/enqueue',
      body: {
        routing_key: 'r0uting-key',
        payload: {
          summary: 'SUCCEEDED: shop 1.4.2 to production by jane, after 1m',
          timestamp: '2026-01-01T00:01:00.000Z',
          source: 'shop (production)',
          custom_details: expect.objectContaining({ kind: 'deployment', version: '1.4.2', actor: 'jane' }),
        },
        links: [{ href: shop.url, text: 'Details' }],
      },
    },
  ])
  expect(scene.tries()).toMatchObject([{ receiver: 'ops', groupKey: `change:${id}`, reason: 'deployment succeeded', outcome: 'sent' }])
})

test('PagerDuty hears of flags and settings, too, and only of the services and environments asked for', async () => {
  const scene = setUp(pager({ services: ['shop'], environments: ['production'] }))
  await scene.deployments.record({ ...shop, service: 'search', status: 'succeeded' })
  await scene.deployments.record({ ...shop, environment: 'staging', status: 'succeeded' })
  await scene.deployments.record({ ...shop, kind: 'flag', name: 'new-checkout', version: 'on', status: 'succeeded' })
  await answered(scene, 202)
  await scene.deployments.record({ ...shop, kind: 'configuration', name: 'pool.size', version: '20', status: 'succeeded' })
  await answered(scene, 202)
  expect(received().map(({ body }) => body.payload.summary)).toEqual([
    'SUCCEEDED: flag new-checkout of shop in production: on by jane',
    'SUCCEEDED: setting pool.size of shop in production: 20 by jane',
  ])
})

test('429 is tried again when Retry-After is over and not before, and what follows waits with it', async () => {
  const scene = setUp(hook())
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  await scene.deployments.record({ ...shop, version: '1.4.3', status: 'failed' })
  await answered(scene, 429, { retryAfter: '90' })
  await clock.advance(89_000)
  expect(receiver.received).toHaveLength(1)
  await answered(scene, 202, { afterMs: 1000, count: 2 })
  expect(events()).toEqual(['shop 1.4.2 succeeded', 'shop 1.4.2 succeeded', 'shop 1.4.3 failed'])
  expect(scene.tries().map(({ outcome, attempt }) => `${outcome} ${attempt}`)).toEqual(['sent 1', 'sent 2', 'retry 1'])
})

test('400 is final: it stands in the delivery log, without the key, and the next change is told', async () => {
  const scene = setUp(pager())
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  heard.length = 0
  await answered(scene, 400)
  expect(scene.tries()).toMatchObject([{ outcome: 'dead_letter', message: expect.stringContaining('answered 400') }])
  expect(JSON.stringify(scene.tries())).not.toContain('r0uting-key')
  await scene.deployments.record({ ...shop, version: '1.4.3', status: 'succeeded' })
  await answered(scene, 202)
  expect(receiver.received).toHaveLength(2)
  expect(heard).toEqual(['ops refused', 'ops took it'])
})

test('what is owed survives the process', async () => {
  const scene = setUp(hook())
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  await answered(scene, 503)
  await scene.notices.stop()
  const next = setUp(hook())
  await answered(next, 202, { afterMs: 1000 })
  expect(next.tries().map(({ outcome, attempt }) => `${outcome} ${attempt}`)).toEqual(['sent 2', 'retry 1'])
})

test('a receiver that refuses for a quarter of an hour is left with a dead letter', async () => {
  const scene = setUp(hook())
  await scene.deployments.record({ ...shop, status: 'succeeded' })
  await answered(scene, 503)
  const longest = 60_000
  for (let tries = 0; tries < 6; tries++) await answered(scene, 503, { afterMs: 1000 * 2 ** tries })
  for (let tries = 0; tries < 13; tries++) await answered(scene, 503, { afterMs: longest })
  expect(scene.tries()[0]).toMatchObject({ outcome: 'retry', attempt: 20 })
  await answered(scene, 503, { afterMs: longest })
  expect(scene.tries()[0]).toMatchObject({ outcome: 'dead_letter', attempt: 21 })
  expect(owed()).toEqual([])
})
