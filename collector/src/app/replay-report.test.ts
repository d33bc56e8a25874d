import { afterEach, expect, test } from 'vitest'
import { toReplayText } from '../alerts/replay/report-text.ts'
import type { Point } from '../model/point.ts'
import { replay } from './replay.ts'
import { configOf, live, minute, removeFolders, replayStores, second } from './replay-scenario.ts'

const startMs = Date.UTC(2026, 0, 5, 10)
const config = configOf(`
presets: []
receivers: [{ name: ops, type: log }]
rules: [{ name: Slow, source: { measurement: http, field: latency }, condition: { above: 500 }, on_no_data: 'no_data' }]
route: { receiver: ops, group_by: [host], group_wait: 0s }
`)
afterEach(removeFolders)

/** a is slow until it dies after ten minutes, b is well until it dies with it. */
function pointsAt(nowMs: number): Point[] {
  if (nowMs >= startMs + 10 * minute) return []
  return [
    { host: 'a', latency: 900 },
    { host: 'b', latency: 100 },
  ].map(({ host, latency }) => ({ measurement: 'http', tags: { host }, fields: { latency }, timeNs: BigInt(nowMs) * 1_000_000n }))
}

test('an alert that fired and then lost its data stands in the report; one that only lost its data does not', async () => {
  const night = { config, startMs, lastedMs: 20 * minute, stepMs: 30 * second, pointsAt }
  const { doors, order } = await live(replayStores.memory(), night)
  const report = await replay(doors, { order, config, signal: new AbortController().signal, onProgress() {} })
  expect(report.alerts).toMatchObject([{ rule: 'Slow', labels: { host: 'a' }, endsAt: null }])
  expect(toReplayText(report)).toContain('Slow: 1 alert, 1 message, firing for 20m')
})
