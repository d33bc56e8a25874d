import { afterEach, expect, test } from 'vitest'
import { changesOf, compareReplays } from '../alerts/replay/comparison.ts'
import { toComparisonText } from '../alerts/replay/comparison-text.ts'
import type { Point } from '../model/point.ts'
import { withParts } from './alerting-config.ts'
import { noParts } from './given-parts.ts'
import { replay } from './replay.ts'
import { configOf, live, minute, removeFolders, replayStores, second } from './replay-scenario.ts'

const startMs = Date.UTC(2026, 0, 5, 10)
const yaml = `
presets: []
receivers: [{ name: ops, type: log }, { name: pager, type: log }]
rules:
  - { name: Slow, source: { measurement: http, field: latency }, condition: { above: 500 }, severity: critical }
  - { name: Failing, source: { measurement: http, field: errors }, condition: { above: 3 } }
  - { name: Gone, kind: absent, source: { measurement: http, field: latency, where: { host: c }, group_by: [host] }, window: 4m }
route: { receiver: ops, group_by: [alertname, host], group_wait: 0s }
`
const config = configOf(yaml)
afterEach(removeFolders)

/** a is slow for 20 minutes and b for a minute, a fails for 20 minutes later on, c is silent in between. */
function pointsAt(nowMs: number): Point[] {
  const at = (nowMs - startMs) / minute
  return ['a', 'b', 'c'].flatMap((host) => {
    if (host === 'c' && at >= 20 && at < 30) return []
    const isSlow = (host === 'a' && at >= 5 && at < 25) || (host === 'b' && at >= 40 && at < 41)
    const fields = { latency: isSlow ? 900 : 100, errors: host === 'a' && at >= 40 && at < 60 ? 5 : 0 }
    return [{ measurement: 'http', tags: { host }, fields, timeNs: BigInt(nowMs) * 1_000_000n }]
  })
}

async function compare(parts: Record<string, unknown>) {
  const { doors, order } = await live(replayStores.memory(), { config, startMs, lastedMs: 80 * minute, stepMs: 30 * second, pointsAt })
  const proposed = withParts(config, { ...noParts, parts })
  const call = { order, signal: new AbortController().signal, onProgress() {} }
  const comparison = compareReplays(await replay(doors, { ...call, config }), await replay(doors, { ...call, config: proposed }))
  return { comparison, text: toComparisonText(comparison, 'try.yaml', changesOf(config.rules, proposed.rules)) }
}

const slow = { name: 'Slow', source: { measurement: 'http', field: 'latency' }, condition: { above: 500 }, severity: 'critical' }
const failing = { name: 'Failing', source: { measurement: 'http', field: 'errors' }, condition: { above: 3 } }
const gone = {
  ...{ name: 'Gone', kind: 'absent', window: '4m' },
  source: { measurement: 'http', field: 'latency', where: { host: 'c' }, group_by: ['host'] },
}

test('says what other rules would change: what is missed, new, later and told to others', async () => {
  const jumps = { name: 'Jumps', kind: 'changed', source: { measurement: 'http', field: 'errors' }, window: '5m', severity: 'info' }
  const { text } = await compare({
    rules: [{ ...slow, for: '3m' }, failing, jumps],
    route: {
      ...{ receiver: 'ops', group_by: ['alertname', 'host'], group_wait: '0s' },
      routes: [{ matchers: ['alertname="Failing"'], receiver: 'pager' }],
    },
  })
  expect(text).toBe(`2026-01-05 10:00:00 to 2026-01-05 11:20:00 UTC, 920 samples: the rules in force → try.yaml

Rules:
  gone: Gone
  new: Jumps
  changed: Slow

In all:
  messages  8 → 8
  alerts    4 → 4

Messages by receiver:
  ops    8 → 6 (−2)
  pager  0 → 2 (+2)

Messages and alerts by rule:
  Failing  2 → 2       1 → 1
  Gone     2 → 0 (−2)  1 → 0 (−1)
  Jumps    0 → 4 (+4)  0 → 2 (+2)
  Slow     4 → 2 (−2)  2 → 1 (−1)

Missed: 2 alerts of which somebody heard, and nobody would:
  2026-01-05 10:23:40  WARNING Gone host=c, for 6m20s, to ops
  2026-01-05 10:40:00  CRITICAL Slow host=b, for 1m, to ops

New: 2 alerts of which somebody would hear, and nobody did:
  2026-01-05 10:40:00  INFO Jumps host=a, for 4m40s, to ops
  2026-01-05 11:00:00  INFO Jumps host=a, for 4m40s, to ops

Told at another time:
  Slow host=a: 2026-01-05 10:05:00 → 2026-01-05 10:08:00 (3m later)

Told to others:
  2026-01-05 10:40:00  Failing host=a: ops → pager

Rules that look back further than what is stored:
  Slow: back to 2026-01-05 09:55:00, but http begins 2026-01-05 10:00:00
  Failing: back to 2026-01-05 09:55:00, but http begins 2026-01-05 10:00:00
  Jumps: back to 2026-01-05 09:55:00, but http begins 2026-01-05 10:00:00`)
})

test('of the same rules says that nothing changes', async () => {
  const { text, comparison } = await compare({ rules: [slow, failing, gone] })
  expect(text).toContain('The same alerts are told to the same receivers at the same times.')
  expect(comparison).toMatchObject({ missed: [], added: [], moved: [], rerouted: [], messages: { before: 8, after: 8 } })
})

test('takes a rule of another name, or grouped in another way, for what it is about', async () => {
  const { comparison } = await compare({
    rules: [
      { ...slow, name: 'SlowAnswers' },
      { ...failing, aggregate: 'max', window: '1m', source: { ...failing.source, group_by: [] } },
      gone,
    ],
  })
  expect(comparison).toMatchObject({ missed: [], added: [] })
})

test('says of what is missed that it fires and is kept back', async () => {
  const interval = { name: 'always', time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }] }
  const { comparison, text } = await compare({
    time_intervals: [interval],
    route: {
      ...{ receiver: 'ops', group_by: ['alertname', 'host'], group_wait: '0s' },
      routes: [{ matchers: ['alertname="Gone"'], receiver: 'ops', mute_time_intervals: ['always'] }],
    },
  })
  expect(comparison.missed).toMatchObject([{ alert: { rule: 'Gone' }, receivers: ['ops'], untold: { suppressedBy: ['muted by always'] } }])
  expect(text).toContain('Gone host=c, for 6m20s, to ops; there it fires and is not told: muted by always')
})
