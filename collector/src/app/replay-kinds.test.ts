import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toReplayText } from '../alerts/replay/report-text.ts'
import type { Point } from '../model/point.ts'
import type { Store } from '../model/store.ts'
import { replay } from './replay.ts'
import { configOf, live, minute, type Night, removeFolders, replayStores, second } from './replay-scenario.ts'

const hour = 60 * minute
const day = 24 * hour
const startMs = Date.UTC(2026, 0, 12, 10)
const lastedMs = 2 * hour
const quiet = { signal: new AbortController().signal, onProgress: () => {} }

const source = '{ measurement: http, field: latency, where: { host: a } }'
/** Every kind that needs more than the samples of a short window, and the rules that composites look at. */
const kinds: Record<string, string> = {
  anomaly: `{ name: Unusual, kind: anomaly, source: ${source}, days: 3, min_days: 2, window: 5m, min_deviation: 50 }`,
  compare: `{ name: Higher, kind: compare, source: ${source}, window: 5m, offset: 1d, as: ratio, min_samples: 2, condition: { above: 3 } }`,
  forecast: `{ name: Fills, kind: forecast, source: { measurement: disk, field: used }, window: 1h, within: 1h, condition: { above: 90 } }`,
  burn_rate: `{ name: Burns, kind: burn_rate, source: { measurement: http, field: errors }, over: { field: requests }, objective: 95,
      windows: [{ long: 1h, short: 5m, factor: 3 }, { long: 1d, short: 15m, factor: 0.3 }] }`,
  deployment: `{ name: Worse, kind: deployment, source: ${source}, service: shop, window: 5m, baseline: 30m, min_samples: 3, as: ratio, condition: { above: 2 } }`,
  composite: `{ name: Slow, source: ${source}, condition: { above: 500 } }
  - { name: Busy, source: { measurement: http, field: requests }, aggregate: sum, window: 5m, condition: { above: 50 } }
  - { name: SlowAndBusy, kind: composite, expression: { and: [Slow, Busy] }, for: 3m }
  - { name: SlowButIdle, kind: composite, expression: { and: [Slow, { not: Busy }] } }`,
  changed: `{ name: Switched, kind: changed, source: { measurement: disk, field: mode }, window: 4m }`,
  'changed, of text': `{ name: Rolled, kind: changed, source: { measurement: disk, field: version }, window: 4m }`,
}

const configFor = (rules: string) =>
  configOf(`
presets: []
receivers: [{ name: ops, type: log }]
route: { receiver: ops, group_by: [alertname], group_wait: 20s, group_interval: 2m, repeat_interval: 30m }
rules:
  - ${rules}
`)

/** Host a is slow and fails from 40 minutes on for half an hour; a disk fills from the hour on until it is cleared. */
function pointsAt(nowMs: number): Point[] {
  const at = nowMs - startMs
  const isOut = at >= 40 * minute && at < 70 * minute
  const wave = Math.sin(nowMs / (7 * minute)) * 20
  const timeNs = BigInt(nowMs) * 1_000_000n
  const used = at < hour ? 40 : at < 100 * minute ? 40 + (at - hour) / minute : 20
  const fields = { latency: (isOut ? 900 : 100) + wave, errors: isOut ? 4 : 0, requests: at > 60 * minute && at < 65 * minute ? 0 : 10 }
  return [
    { measurement: 'http', tags: { host: 'a' }, fields, timeNs },
    { measurement: 'http', tags: { host: 'b' }, fields: { latency: 120 + wave, errors: 0, requests: 10 }, timeNs },
    {
      measurement: 'disk',
      tags: { host: 'a' },
      fields: { used, mode: Math.floor(at / (30 * minute)), version: `1.${at < hour ? 4 : 5}` },
      timeNs,
    },
  ]
}

const before = (forMs: number): Point[] => {
  const points: Point[] = []
  for (let at = -forMs; at < 0; at += 2 * minute) points.push(...pointsAt(startMs + at))
  return points
}

const nightOf = (rules: string, historyMs: number): Night => ({
  ...{ config: configFor(rules), startMs, lastedMs, stepMs: 30 * second, pointsAt, before: before(historyMs) },
  async actAt(at, { deployments }) {
    const of = { service: 'shop', environment: 'production', actor: 'jane' } as const
    if (at === 5 * minute) await deployments.record({ ...of, version: '1', status: 'succeeded' })
    if (at === 36 * minute) running = (await deployments.record({ ...of, version: '2', status: 'running' })).id
    // It ends while its effect is already to be seen.
    if (at === 44 * minute) await deployments.finish(running, { status: 'succeeded' })
  },
})
let running = ''

describe.each(['memory', 'duckdb'] as const)('on the store %s a replay sends what was sent by rules of the kind', (kind) => {
  let store: Store
  beforeEach(() => {
    store = replayStores[kind]()
  })
  afterEach(async () => {
    await store.stop()
    removeFolders()
  })

  test.each(kind === 'memory' ? Object.keys(kinds) : ['anomaly', 'changed, of text'])('%s', async (name) => {
    const night = nightOf(kinds[name] ?? '', 3 * day + hour)
    const { doors, order, sent } = await live(store, night)
    const report = await replay(doors, { ...quiet, order, config: night.config })
    expect(report.messages).toEqual(sent)
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set(['firing', 'resolved']))
    expect([report.failures, report.shortHistory]).toEqual([[], []])
  })
})

test('rules that look back further than anything is stored are named, with since when there is something', async () => {
  const store = replayStores.memory()
  const night = nightOf([kinds.anomaly, kinds.burn_rate, kinds.forecast, kinds.changed].join('\n  - '), 2 * hour)
  const { doors, order } = await live(store, night)
  const report = await replay(doors, { ...quiet, order, config: night.config })
  const begins = new Date(startMs - 2 * hour).toISOString()
  expect(report.shortHistory).toEqual([
    { rule: 'Unusual', measurement: 'http', looksBackTo: new Date(startMs - 3 * day - hour / 2).toISOString(), beginsAt: begins },
    { rule: 'Burns', measurement: 'http', looksBackTo: new Date(startMs - day).toISOString(), beginsAt: begins },
  ])
  expect(toReplayText(report)).toContain('Burns: back to 2026-01-11 10:00:00, but http begins 2026-01-12 08:00:00')
  await store.stop()
})

test('a rule that fires for a changed text says from what to what, and any other kind that names text says that it cannot', async () => {
  const store = replayStores.memory()
  const night = nightOf(
    [kinds['changed, of text'], '{ name: Wrong, source: { measurement: disk, field: version }, condition: { above: 1 } }'].join('\n  - '),
    hour,
  )
  const { doors, order, sent } = await live(store, night)
  expect(sent.flatMap(({ alerts }) => alerts).find(({ rule }) => rule === 'Rolled')?.annotations.summary).toContain(
    'disk.version changed from 1.4 to 1.5 (',
  )
  const failing = 'Wrong: the field version that rule Wrong looks at holds text; only rules of the kind changed can look at text'
  expect((await replay(doors, { ...quiet, order, config: night.config })).failures).toEqual([failing])
  await store.stop()
})
