import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toReplayText } from '../alerts/replay/report-text.ts'
import type { ReplayOrder } from '../contract/replay.ts'
import type { Point } from '../model/point.ts'
import type { Store } from '../model/store.ts'
import { withParts } from './alerting-config.ts'
import { noParts } from './given-parts.ts'
import { replay } from './replay.ts'
import { configOf, live, minute, removeFolders, replayStores, second } from './replay-scenario.ts'

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

const config = configOf(yaml)
afterEach(removeFolders)

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

const runLive = (store: Store, { movers, stepMs = 30 * second }: { movers: boolean; stepMs?: number }) =>
  live(store, {
    ...{ config, startMs, lastedMs, stepMs, movers, pointsAt },
    async actAt(at, { alerts, deployments }) {
      if (at === 36 * minute)
        await deployments.record({ service: 'shop', environment: 'production', version: '2', status: 'succeeded', actor: 'jane' })
      if (at === 30 * minute) {
        const matchers = [{ name: 'host', value: 'b', isRegex: false, isEqual: true }]
        alerts.silences.set({ matchers, endsAtMs: startMs + 70 * minute, createdBy: 'jane', comment: 'known' })
      }
    },
  })

const given = (parts: Record<string, unknown>) => ({ ...noParts, parts })
const quiet = { signal: new AbortController().signal, onProgress: () => {} }

describe.each(['memory', 'duckdb'] as const)('with the store %s', (kind) => {
  let store: Store
  beforeEach(() => {
    store = replayStores[kind]()
  })
  afterEach(() => store.stop())

  test.each(kind === 'memory' ? [{ movers: false }, { movers: true }] : [{ movers: false, stepMs: minute }])(
    'a replay sends what was sent, message for message (%o)',
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
    const store = replayStores.memory()
    const { doors, order, sent } = await runLive(store, { movers: false })
    const changed = { ...order, ...change(order), to: order.to }
    const report = () => replay(doors, { ...quiet, signal, order: changed, config: withParts(config, given(changed.config)) })
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
    expect(() => withParts(config, given({ rules: [{ name: 'X' }] }))).toThrow(/rules\[0\]/)
    expect(() => withParts(config, given({ route: { receiver: 'nobody' } }))).toThrow(/nobody/)
    expect(() => withParts(config, given({ tokens: [] }))).toThrow(/tokens/)
  })

  test('of other rules is not refused for gates that name those in force', () => {
    const gated = configOf(`${yaml}\ngates: [{ name: production, rules: [Slow] }]\n`)
    expect(withParts(gated, given({ rules: [] })).rules).toEqual([])
  })

  test('ends when whoever asked has left', async () => {
    const { report } = await run(() => ({}), AbortSignal.abort())
    await expect(report()).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  })

  test('ends in the midst of it when whoever asked leaves then', async () => {
    const asker = new AbortController()
    const { doors, order } = await runLive(replayStores.memory(), { movers: false })
    const told: number[] = []
    const onProgress = (done: number) => {
      told.push(done)
      if (done > 0.3) asker.abort()
    }
    await expect(replay(doors, { order, config, signal: asker.signal, onProgress })).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
    expect(told.at(-1)).toBeLessThan(1)
  })

  test('of more than 62 days is refused', async () => {
    const { report } = await run(({ to }) => ({ from: to - 63 * 86_400_000 }))
    await expect(report()).rejects.toThrow('62 days')
  })
})
