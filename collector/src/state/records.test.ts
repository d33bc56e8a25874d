import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import type { AlertInstance } from '../model/alert-records.ts'
import type { Deployment } from '../model/deployment.ts'
import { createAlertRecords } from './alert-records.ts'
import { createAuditLog } from './audit-log.ts'
import { createDeploymentRecords } from './deployment-records.ts'
import { createGateRecords } from './gate-records.ts'
import { createHealthRecords } from './health-records.ts'
import { createNotificationRecords } from './notification-records.ts'
import { openState, type State } from './state.ts'

let state: State
beforeEach(() => {
  state = openState({ path: ':memory:', log: silentLog })
})
afterEach(() => state.close())

const instance: AlertInstance = {
  id: '00ff',
  rule: 'HighCpu',
  severity: 'high',
  labels: { host: 'a' },
  annotations: { summary: 'CPU' },
  state: 'firing',
  value: 97.5,
  activeSinceMs: 1,
  firedAtMs: 2,
  recoveringSinceMs: null,
  missingSinceMs: null,
  cause: { summary: 'api 1.4.2 deployed' },
}

const alert = {
  id: '00ff',
  rule: 'HighCpu',
  severity: 'high' as const,
  state: 'resolved' as const,
  labels: { host: 'a' },
  annotations: {},
  value: 97.5,
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: '2026-01-01T00:10:00.000Z',
  acknowledgedBy: null,
  acknowledgedUntil: null,
  acknowledgeComment: null,
  resolvedBy: null,
  cause: null,
}

const deployment: Deployment = {
  id: 'd1',
  kind: 'deployment',
  name: null,
  previousCommit: null,
  rollback: null,
  service: 'api',
  environment: 'production',
  version: '1.0.0',
  previousVersion: null,
  status: 'running',
  actor: 'jane',
  commit: 'abc',
  url: null,
  reason: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: null,
  steps: [],
}

test('an alert instance comes back as it was saved, and is removed', () => {
  const records = createAlertRecords(state.db)
  records.commit({ save: [instance], remove: [], ended: [] })
  expect(records.instances()).toEqual([instance])
  records.commit({ save: [{ ...instance, cause: null, value: null }], remove: [], ended: [] })
  expect(records.instances()).toEqual([{ ...instance, cause: null, value: null }])
  records.commit({ save: [], remove: ['00ff'], ended: [alert] })
  expect(records.instances()).toEqual([])
  expect(records.lastEpisode('00ff')).toEqual(alert)
})

test('history gives the episodes that overlap the range', () => {
  const records = createAlertRecords(state.db)
  records.commit({ save: [], remove: [], ended: [alert] })
  const start = Date.parse(alert.startsAt)
  expect(records.history({ fromMs: start + 60_000, toMs: start + 120_000 }, 10)).toEqual([alert])
  expect(records.history({ fromMs: start + 601_000, toMs: start + 999_000 }, 10)).toEqual([])
  expect(records.history({ fromMs: 0, toMs: start }, 10)).toEqual([])
  expect(records.history({ fromMs: start, toMs: start + 1, ids: ['11', '00ff'] }, 10)).toEqual([alert])
  expect(records.history({ fromMs: start, toMs: start + 1, ids: ['11'] }, 10)).toEqual([])
  records.prune(start + 700_000)
  expect(records.lastEpisode('00ff')).toBeUndefined()
})

test('remembers acknowledgements and when the engine was last awake', () => {
  const records = createAlertRecords(state.db)
  const acknowledgement = { alertId: '00ff', actor: 'jane', comment: 'on it', atMs: 5, untilMs: null, severity: 'high' as const }
  records.acknowledge(acknowledgement)
  expect(records.acknowledgements()).toEqual([acknowledgement])
  records.unacknowledge('00ff')
  expect(records.acknowledgements()).toEqual([])
  expect(records.lastSeenMs()).toBeNull()
  records.seen(7)
  records.seen(8)
  expect(records.lastSeenMs()).toBe(8)
})

test('keeps when a notification is tried next, also between milliseconds, and takes a sent one off the queue and into the log in one step', () => {
  const records = createNotificationRecords(state.db)
  const item = {
    id: 'q',
    groupKey: 'g',
    receiver: 'ops',
    groupLabels: {},
    createdAtMs: 1,
    attempts: 0,
    nextTryAtMs: 1,
    lastError: null,
    demand: null,
  }
  const entry = {
    groupKey: 'g',
    receiver: 'ops',
    groupLabels: {},
    firing: { '00ff': { severity: 'high' as const, startsAt: '2026-01-01T00:00:00.000Z' } },
    resolved: [],
    flapping: [],
    thread: null,
    taken: true,
    unsure: [],
    sentAtMs: 2,
  }
  const attempt = {
    atMs: 2,
    receiver: 'ops',
    groupKey: 'g',
    reason: 'first notification',
    status: 'firing' as const,
    alertIds: ['00ff'],
    attempt: 1,
    outcome: 'sent' as const,
    message: '200',
    idempotencyKey: 'k',
    durationMs: 12,
  }
  records.commit({ enqueue: { ...item, nextTryAtMs: 1.3 } })
  expect(records.queue()).toEqual([item])
  records.commit({ entry, dequeue: 'q', attempt })
  expect(records.queue()).toEqual([])
  expect(records.entries()).toEqual([entry])
  expect(records.deliveries({ limit: 10 })).toEqual({ deliveries: [attempt], total: 1 })
  records.commit({ removeEntry: entry })
  expect(records.entries()).toEqual([])
})

test('a deployment keeps its steps in the order they came', () => {
  const records = createDeploymentRecords(state.db)
  records.save(deployment)
  const step = { name: 'migrate', status: 'running' as const, startedAt: deployment.startedAt, finishedAt: null, message: null }
  records.saveStep('d1', step)
  records.saveStep('d1', { ...step, name: 'switch' })
  records.saveStep('d1', { ...step, status: 'succeeded', finishedAt: '2026-01-01T00:01:00.000Z' })
  expect(records.get('d1')?.steps.map(({ name, status }) => [name, status])).toEqual([
    ['migrate', 'succeeded'],
    ['switch', 'running'],
  ])
  records.save({ ...deployment, status: 'succeeded', finishedAt: '2026-01-01T00:02:00.000Z' })
  expect(records.get('d1')).toMatchObject({ status: 'succeeded', finishedAt: '2026-01-01T00:02:00.000Z', steps: [{}, {}] })
  expect(records.get('d2')).toBeUndefined()
})

test('lists deployments by service, environment and time, newest first', () => {
  const records = createDeploymentRecords(state.db)
  records.save({ ...deployment, status: 'succeeded', finishedAt: '2026-01-01T00:05:00.000Z' })
  records.save({ ...deployment, id: 'd2', version: '1.1.0', startedAt: '2026-01-01T01:00:00.000Z' })
  records.save({ ...deployment, id: 'd3', service: `o'web`, startedAt: '2026-01-01T00:30:00.000Z' })
  const ids = (filter: Omit<Parameters<typeof records.list>[0], 'limit'>) => {
    const { deployments, total } = records.list({ limit: 10, ...filter })
    return [deployments.map(({ id }) => id), total]
  }
  expect(ids({})).toEqual([['d2', 'd3', 'd1'], 3])
  expect(ids({ services: [`o'web`] })).toEqual([['d3'], 1])
  expect(ids({ environments: ['staging'] })).toEqual([[], 0])
  expect(ids({ range: { from: Date.UTC(2026, 0, 1, 0, 10), to: Date.UTC(2026, 0, 1, 0, 40) } })).toEqual([['d3'], 1])
  expect(records.list({ limit: 1, offset: 1 })).toMatchObject({ deployments: [{ id: 'd3' }], total: 3 })
  expect(records.lastSucceeded(deployment, Date.UTC(2026, 0, 2))?.id).toBe('d1')
  const changed = (...range: [fromMs: number, toMs: number]) => records.changedBetween(...range).map(({ id }) => id)
  expect(changed(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 0, 30))).toEqual(['d3', 'd1'])
  expect(changed(Date.UTC(2026, 0, 1, 0, 5), Date.UTC(2026, 0, 1, 0, 29))).toEqual(['d1'])
  expect(changed(Date.UTC(2026, 0, 1, 0, 5) + 1, Date.UTC(2026, 0, 1, 0, 29))).toEqual([])
})

test('the audit log lists the newest first', () => {
  const audit = createAuditLog(state.db)
  audit.record({ atMs: 1, actor: 'jane', action: 'alert.acknowledge', target: '00ff', detail: { comment: 'on it' } })
  audit.record({ atMs: 2, actor: 'joe', action: 'alert.resolve', target: '00ff', detail: {} })
  expect(audit.list({ limit: 10 }).map(({ actor }) => actor)).toEqual(['joe', 'jane'])
  expect(audit.list({ limit: 10, action: 'alert.acknowledge' })).toMatchObject([{ actor: 'jane', detail: { comment: 'on it' } }])
  expect(audit.list({ limit: 10, toMs: 2 })).toHaveLength(1)
  expect(audit.list({ limit: 10, fromMs: 2, target: '00ff' })).toHaveLength(1)
  expect(audit.list({ limit: 10, actor: 'joe', offset: 1 })).toEqual([])
})

test('a component state is replaced, not doubled', () => {
  const records = createHealthRecords(state.db)
  records.save({ name: 'db', environment: 'production', state: 'up', since: 'a' })
  records.save({ name: 'db', environment: 'production', state: 'down', since: 'b', message: 'refused' })
  expect(records.load()).toEqual([
    { name: 'db', environment: 'production', state: 'down', since: 'b', message: 'refused', lastCheckedAt: null },
  ])
  records.remove('db', 'production')
  expect(records.load()).toEqual([])
})

test('a result of a gate that an older version stored has no gaps, and rules that counted nothing', () => {
  const rule = { rule: 'Errors', verdict: 'pass' }
  const stored = { id: 'g1', state: 'watching', labels: {}, rules: [rule], startedAt: '2026-01-01T00:00:00.000Z' }
  state.db.run(
    `INSERT INTO gate_results (id, state, verdict, started_at_ms, result) VALUES ('g1', 'watching', 'pass', 0, ?)`,
    JSON.stringify(stored),
  )
  const [result] = createGateRecords(state.db).watching()
  expect(result).toMatchObject({ ...stored, lookedAt: null, gaps: [], rules: [{ ...rule, samples: null, minSamples: 1, windowMs: 0 }] })
})
