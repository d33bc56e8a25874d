import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAlerts } from '../alerts/engine.ts'
import { createPastStore } from '../alerts/replay/past-store.ts'
import { createRecorder } from '../alerts/replay/recorder.ts'
import { createReplayClock } from '../alerts/replay/replay-clock.ts'
import { toReplayText } from '../alerts/replay/report-text.ts'
import { loadConfig } from '../config/load.ts'
import type { ReplayOrder } from '../contract/replay.ts'
import { createDeployments } from '../deployments/engine.ts'
import { createIngest } from '../ingest/accept.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { createLive } from '../live/create-live.ts'
import type { Point } from '../model/point.ts'
import type { Store } from '../model/store.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { openState } from '../state/state.ts'
import { duckdb } from '../stores/duckdb/duckdb.ts'
import { memory } from '../stores/memory/memory.ts'
import { withParts } from './alerting-config.ts'
import { replay } from './replay.ts'

const second = 1000
const minute = 60_000
const startMs = Date.UTC(2026, 0, 5, 10)
const lastedMs = 3 * 60 * minute

const yaml = `
presets: []
receivers: [{ name: ops, type: log }, { name: pager, type: log }, { name: chat, type: log }]
rules:
  - { name: Slow, source: { measurement: http, field: latency }, condition: { above: 500, until: 400 }, for: 1m, keep_firing_for: 3m,
      aggregate: mean, window: 2m, severity: critical, on_no_data: 'no_data' }
  - { name: Failing, kind: ratio, source: { measurement: http, field: errors }, over: { field: requests }, window: 3m, condition: { above: 0.2 }, min_samples: 5 }
  - { name: Higher, every: 1m, kind: compare, source: { measurement: http, field: latency }, aggregate: mean, window: 5m, offset: 30m, as: ratio, condition: { above: 3 } }
  - { name: Gone, kind: absent, source: { measurement: http, field: latency, where: { host: c }, group_by: [host] }, window: 4m, severity: high }
route:
  receiver: ops
  group_by: [alertname]
  group_wait: 20s
  group_interval: 2m
  repeat_interval: 30m
  routes:
    - { matchers: ['severity="critical"'], receiver: pager, group_by: [host], continue: true }
    - { matchers: ['alertname="Failing"'], receiver: chat, mute_time_intervals: [lunch] }
inhibit_rules:
  - { source_matchers: ['alertname="Slow"'], target_matchers: ['alertname="Failing"'], equal: [host] }
time_intervals:
  - { name: lunch, time_intervals: [{ times: [{ start_time: '12:00', end_time: '12:30' }] }] }
`

const dataDirs: string[] = []
function folder(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `tidewatch-${name}-`))
  dataDirs.push(path)
  return path
}
afterEach(() => {
  for (const path of dataDirs.splice(0)) rmSync(path, { recursive: true, force: true })
})

const stores: Record<string, () => Store> = {
  memory: () => memory.create(memory.schema.parse({ type: 'memory' }), doorsOf('')),
  duckdb: () => {
    const dataDir = folder('replay')
    return duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), doorsOf(dataDir))
  },
}
const doorsOf = (dataDir: string) => ({ clock: systemClock, log: silentLog, fetch, dataDir })
const config = loadConfig({ flags: { config: 'x' }, env: {}, files: { exists: () => true, read: () => yaml } })

/** An outage: a is slow and fails for 50 minutes, b too but silenced, c stops sending for 20 minutes. */
function pointsAt(nowMs: number): Point[] {
  const at = nowMs - startMs
  const isOut = at >= 40 * minute && at < 90 * minute
  const isFlaky = at >= 110 * minute && at < 150 * minute
  const wave = (at / (10 * second)) % 7
  return ['a', 'b', 'c'].flatMap((host) => {
    if (host === 'c' && at >= 60 * minute && at < 80 * minute) return []
    const latency = isOut && host !== 'c' ? 900 + wave : 100 + wave
    const errors = isFlaky && host === 'a' ? 5 : isOut ? 3 : 0
    return [
      {
        measurement: 'http',
        tags: { service: 'shop', host },
        fields: { latency, errors, requests: 10 },
        timeNs: BigInt(nowMs) * 1_000_000n,
      },
    ]
  })
}

function setUp(store: Store) {
  const { db } = openState({ path: ':memory:', log: silentLog })
  const nowMs = () => clock.now()
  const past = createPastStore(store, nowMs)
  // Time waits for the store here as it does in a replay; what a real collector does meanwhile is not decided by the clock.
  const clock = createReplayClock(startMs, past.pending)
  const live = createLive({ clock, log: silentLog })
  const records = createAlertingRecords(db)
  const deployments = createDeployments({
    ...{ records: createDeploymentRecords(db), clock, log: silentLog, emit() {}, push: async () => {} },
  })
  return { past, clock, live, records, deployments, recorder: createRecorder(nowMs) }
}

async function runLive(store: Store, { movers, stepMs = 30 * second }: { movers: boolean; stepMs?: number }) {
  const { past, clock, live, records, deployments, recorder } = setUp(store)
  const ingest = createIngest({
    ...{ store, live, clock: systemClock, log: silentLog },
    spool: {
      bytesMax: 1e9,
      quarantineBytesMax: 1e8,
      slowAfterMs: 60_000,
      directory: folder('spool'),
      random: () => 1,
    },
  })
  let counter = 0
  const alerts = createAlerts({
    ...{ clock, live, log: silentLog, samples: live, store: past.store },
    ...(movers && { causeStore: past.store }),
    ...{ rules: config.rules, route: config.route, inhibitRules: config.inhibit_rules, timeIntervals: config.time_intervals },
    receivers: new Map(config.receivers.map(({ name }) => [name, recorder.receiver])),
    ...{ records: records.alerts, notifications: records.notifications, audit: records.audit, silenceRecords: records.silences },
    causeOf: deployments.lastChange,
    emit() {},
    push: async () => {},
    externalUrl: 'http://127.0.0.1',
    newId: () => `live-${counter++}`,
  })
  await ingest.start()
  await store.start()
  await alerts.start()
  for (let at = 0; at < lastedMs; at += stepMs) {
    await clock.to(startMs + at)
    if (at === 36 * minute)
      await deployments.record({ service: 'shop', environment: 'production', version: '2', status: 'succeeded', actor: 'jane' })
    if (at === 30 * minute) {
      const matchers = [{ name: 'host', value: 'b', isRegex: false, isEqual: true }]
      alerts.silences.set({ matchers, endsAtMs: startMs + 70 * minute, createdBy: 'jane', comment: 'known' })
    }
    await ingest.points(pointsAt(clock.now()))
  }
  await clock.to(startMs + lastedMs)
  await alerts.stop()
  await ingest.stop()
  const order: ReplayOrder & { to: number } = { from: startMs, to: startMs + lastedMs, config: {}, silences: true, movers }
  const doors = {
    store,
    silences: () => records.silences.silences(),
    causeOf: deployments.lastChange,
    lastChange: deployments.lastOf,
    externalUrl: 'http://127.0.0.1',
  }
  return { doors, order, sent: recorder.messages() }
}

const quiet = { signal: new AbortController().signal, onProgress: () => {} }

describe.each(Object.keys(stores))('with the store %s', (kind) => {
  let store: Store
  beforeEach(() => {
    store = (stores[kind] as () => Store)()
  })
  afterEach(() => store.stop())

  test.each(kind === 'memory' ? [{ movers: false }, { movers: true }] : [{ movers: false, stepMs: minute }])(
    'a replay sends what was sent, message for message (%o)',
    { timeout: 60_000 },
    async (given: { movers: boolean; stepMs?: number }) => {
      const { movers } = given
      const { doors, order, sent } = await runLive(store, given)
      const report = await replay(doors, { ...quiet, order, config })
      expect(report.messages).toEqual(sent)
      const told = new Set(sent.flatMap(({ receiver, alerts, status }) => alerts.map(({ rule }) => `${receiver} ${rule} ${status}`)))
      expect([...told].sort()).toEqual([
        'chat Failing firing',
        'chat Failing resolved',
        'ops Gone firing',
        'ops Gone resolved',
        'ops Higher firing',
        'ops Higher resolved',
        'pager Slow firing',
        'pager Slow resolved',
      ])
      const slow = sent.find(({ receiver }) => receiver === 'pager')?.alerts[0]
      expect(slow?.cause).toMatchObject({
        summary: expect.stringMatching(/^shop 2 deployed by jane [45] min before$/),
        ...(movers && { moved: [] }),
      })
    },
  )
})

describe('a replay', () => {
  const run = async (change: (order: ReplayOrder & { to: number }) => Partial<ReplayOrder>, signal = quiet.signal) => {
    const store = (stores.memory as () => Store)()
    const { doors, order, sent } = await runLive(store, { movers: false })
    const changed = { ...order, ...change(order), to: order.to }
    const report = () => replay(doors, { ...quiet, signal, order: changed, config: withParts(config, changed.config) })
    return { report, sent }
  }

  test('without silences tells what they kept back, and with them who would have heard nothing and why', async () => {
    const { report, sent } = await run(() => ({ silences: false }))
    const hosts = (messages: typeof sent) =>
      new Set(messages.filter(({ receiver }) => receiver === 'pager').flatMap(({ alerts }) => alerts.map(({ labels }) => labels.host)))
    expect([...hosts(sent)]).toEqual(['a', 'b'])
    const loud = await report()
    expect(loud.messages.length).toBeGreaterThan(sent.length)
    const withSilence = await (await run(() => ({}))).report()
    const failing = withSilence.alerts.find(({ rule, labels }) => rule === 'Failing' && labels.host === 'a')
    expect(failing).toMatchObject({ messages: 0, suppressedBy: [expect.stringMatching(/^inhibited by [0-9a-f]{16}$/)] })
    expect(toReplayText(withSilence)).toContain('What nobody would have heard of:')
  })

  test('of other rules says what those would have sent, in words', async () => {
    const rule = {
      name: 'Busy',
      source: { measurement: 'http', field: 'latency', group_by: [] },
      aggregate: 'max',
      window: '2m',
      condition: { above: 800 },
    }
    const { report } = await run(() => ({ config: { rules: [rule], route: { receiver: 'ops', group_wait: '0s' } } }))
    const text = toReplayText(await report())
    expect(text).toContain('2026-01-05 10:00:00 to 2026-01-05 13:00:00 UTC: 2 messages about 1 alert, from ')
    expect(text).toContain('Busy: 1 alert, 2 messages, firing for 51m40s')
    expect(text).toContain('2026-01-05 10:40:00  ops  WARNING Busy (first notification; shop 2 deployed by jane 4 min before)')
  })

  test('of rules that are not valid is refused with what is wrong', async () => {
    expect(() => withParts(config, { rules: [{ name: 'X' }] })).toThrow(/rules\[0\]/)
    expect(() => withParts(config, { route: { receiver: 'nobody' } })).toThrow(/nobody/)
    expect(() => withParts(config, { tokens: [] })).toThrow(/tokens/)
  })

  test('ends when whoever asked has left', async () => {
    const { report } = await run(() => ({}), AbortSignal.abort())
    await expect(report()).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  })

  test('of more than 62 days is refused', async () => {
    const { report } = await run(({ to }) => ({ from: to - 63 * 86_400_000 }))
    await expect(report()).rejects.toThrow('62 days')
  })
})
