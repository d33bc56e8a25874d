import { beforeEach, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Point } from '../model/point.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { openState } from '../state/state.ts'
import { createDeployments } from './engine.ts'

let clock: FakeClock
let events: StreamEvent[]
let points: Point[]
let deployments: ReturnType<typeof createDeployments>

const api = { service: 'api', environment: 'production', version: '1.4.2', status: 'running' as const, actor: 'jane' }
const minutes = (count: number) => count * 60_000

beforeEach(() => {
  clock = createFakeClock(Date.UTC(2026, 0, 1))
  events = []
  points = []
  deployments = createDeployments({
    records: createDeploymentRecords(openState({ path: ':memory:', log: silentLog }).db),
    clock,
    emit: (event) => events.push(event),
    push: async (fresh) => points.push(...fresh),
    log: silentLog,
  })
})

test('a deployment is recorded, walks through its steps and finishes', async () => {
  const { id } = await deployments.record(api)
  await deployments.step(id, { name: 'migrate', status: 'running' })
  await clock.advance(minutes(1))
  await deployments.step(id, { name: 'migrate', status: 'succeeded', message: '3 tables' })
  await clock.advance(minutes(1))
  const finished = await deployments.finish(id, { status: 'succeeded' })
  expect(finished).toMatchObject({
    status: 'succeeded',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:02:00.000Z',
    steps: [
      {
        name: 'migrate',
        status: 'succeeded',
        startedAt: '2026-01-01T00:00:00.000Z',
        finishedAt: '2026-01-01T00:01:00.000Z',
        message: '3 tables',
      },
    ],
  })
  expect(deployments.get(id)).toEqual(finished)
  expect(events).toHaveLength(4)
  expect(events.at(-1)).toEqual({ type: 'deployment', deployment: finished })
})

test('its points tell how it ended, at the time it began', async () => {
  const { id } = await deployments.record(api)
  await clock.advance(minutes(2))
  await deployments.finish(id, { status: 'failed', reason: 'tests' })
  const timeNs = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n
  const tags = { service: 'api', environment: 'production', id }
  expect(points).toEqual([
    { measurement: 'deployments', tags, timeNs, fields: { status: 'running', version: '1.4.2', actor: 'jane' } },
    {
      measurement: 'deployments',
      tags,
      timeNs,
      fields: { status: 'failed', version: '1.4.2', actor: 'jane', reason: 'tests', duration_ms: 120_000 },
    },
  ])
})

test('finishing twice and stepping after the end are conflicts', async () => {
  const { id } = await deployments.record(api)
  await deployments.finish(id, { status: 'succeeded' })
  await expect(deployments.finish(id, { status: 'failed' })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(deployments.step(id, { name: 'late', status: 'running' })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(deployments.get(id).status).toBe('succeeded')
})

test('an unknown id is not found', async () => {
  expect(() => deployments.get('nope')).toThrow(/no deployment nope/)
  await expect(deployments.step('nope', { name: 'x', status: 'running' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('the previous version is the last that succeeded there before', async () => {
  await deployments.record({ ...api, version: '1.4.0', status: 'succeeded' })
  await clock.advance(minutes(1))
  await deployments.record({ ...api, version: '1.4.1', status: 'failed' })
  await deployments.record({ ...api, version: '9.9.9', status: 'succeeded', environment: 'staging' })
  await clock.advance(minutes(1))
  expect(await deployments.record(api)).toMatchObject({ previousVersion: '1.4.0' })
  expect(await deployments.record({ ...api, service: 'web' })).toMatchObject({ previousVersion: null })
})

test('a deployment recorded late does not take a later one for its previous', async () => {
  await deployments.record({ ...api, version: '2.0.0', status: 'succeeded', startedAt: '2025-12-31T12:00:00Z' })
  const late = await deployments.record({
    ...api,
    version: '1.0.0',
    status: 'succeeded',
    startedAt: '2025-12-30T12:00:00+01:00',
    finishedAt: '2025-12-30T12:10:00+01:00',
  })
  expect(late).toMatchObject({ previousVersion: null, startedAt: '2025-12-30T11:00:00.000Z', finishedAt: '2025-12-30T11:10:00.000Z' })
})

test('an end before the beginning is refused, and nothing is saved', async () => {
  await expect(
    deployments.record({ ...api, status: 'failed', startedAt: '2026-01-01T00:00:00Z', finishedAt: '2025-12-31T00:00:00Z' }),
  ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  expect(deployments.list({ limit: 10 }).total).toBe(0)
})

test('history that cannot be written does not undo the deployment', async () => {
  const failing = createDeployments({
    records: createDeploymentRecords(openState({ path: ':memory:', log: silentLog }).db),
    clock,
    emit: () => {},
    push: () => Promise.reject(new Error('store down')),
    log: silentLog,
  })
  const { id } = await failing.record(api)
  expect(failing.get(id).version).toBe('1.4.2')
})

test("the collector's start is a deployment when its version changed, and only then", async () => {
  expect(await deployments.recordOwnStart({ version: '0.1.0' })).toMatchObject({
    service: 'tidewatch',
    status: 'succeeded',
    previousVersion: null,
  })
  await clock.advance(minutes(1))
  expect(await deployments.recordOwnStart({ version: '0.1.0' })).toBeNull()
  await clock.advance(minutes(1))
  expect(await deployments.recordOwnStart({ version: '0.2.0' })).toMatchObject({ previousVersion: '0.1.0' })
  await clock.advance(minutes(1))
  expect(await deployments.recordOwnStart({ version: '0.1.0' })).toMatchObject({ previousVersion: '0.2.0' })
})

test('names the last change of the service, who made it and how long before', async () => {
  const { id } = await deployments.record({ ...api, status: 'succeeded' })
  await clock.advance(minutes(3))
  await deployments.record({ ...api, service: 'web', version: '7', status: 'succeeded' })
  await clock.advance(minutes(1))
  expect(deployments.lastChange(clock.now(), { service: 'api', environment: 'production' })).toEqual({
    summary: 'api 1.4.2 deployed by jane 4 min before',
    deploymentId: id,
    kind: 'deployment',
    service: 'api',
    version: '1.4.2',
    actor: 'jane',
    ageMs: minutes(4),
  })
  expect(deployments.lastChange(clock.now(), { component: 'api' })?.service).toBe('api')
  expect(deployments.lastChange(clock.now(), { host: 'a' })?.service).toBe('web')
  expect(deployments.lastChange(clock.now(), { service: 'db' })).toBeNull()
  expect(deployments.lastChange(clock.now(), { environment: 'staging' })).toBeNull()
})

test('says that a change was still under way', async () => {
  await deployments.record({ ...api, actor: undefined })
  expect(deployments.lastChange(clock.now(), { service: 'api' })?.summary).toBe('api 1.4.2 deployment begun just before')
  await clock.advance(30_000)
  expect(deployments.lastChange(clock.now(), { service: 'api' })?.summary).toBe('api 1.4.2 deployment begun 30 s before')
})

test('a change over an hour ago, or after the alert, is no cause', async () => {
  await deployments.record({ ...api, status: 'succeeded' })
  expect(deployments.lastChange(clock.now() - 1, { service: 'api' })).toBeNull()
  await clock.advance(minutes(61))
  expect(deployments.lastChange(clock.now(), { service: 'api' })).toBeNull()
})

test("the collector's own version explains nothing but the collector", async () => {
  await deployments.recordOwnStart({ version: '0.1.0' })
  expect(deployments.lastChange(clock.now(), { host: 'a' })).toBeNull()
  expect(deployments.lastChange(clock.now(), { component: 'tidewatch' })?.version).toBe('0.1.0')
})
