import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../src/lib/clock.ts'
import { startWebhook } from './alertmanager.ts'
import { newFolder, type Running, startCollector } from './collector.ts'
import { hasInfluxd, type Influxd, startInfluxd } from './influxd.ts'

const [minute, hour] = [60_000, 3_600_000]
const count = 50

/** Goes as ours does, or a minute in each second of ours: an outage need not last as long here. */
function createPacedClock() {
  const startMs = Date.now()
  let [passedMs, sinceMs, speed] = [0, performance.now(), 1]
  const monotonic = () => passedMs + (performance.now() - sinceMs) * speed
  return {
    now: () => startMs + Math.round(monotonic()),
    monotonic,
    after: (delayMs: number, run: () => void) => systemClock.after(delayMs / speed, run),
    goAt(next: number): void {
      ;[passedMs, sinceMs, speed] = [monotonic(), performance.now(), next]
    },
  } satisfies Clock & { goAt(speed: number): void }
}

/** Fifty rules that ask the store how it was an hour ago, and one that only looks at what comes. */
const yaml = (url: string, influx: string) => `
presets: []
sources: []
store: { type: influxdb, url: '${influx}', timeout: 2s }
receivers: [{ name: ops, type: webhook, url: '${url}' }]
route: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 5s, repeat_interval: 1d }
rules:
  - { name: Hot, source: { measurement: load, field: value }, condition: { above: 90 }, every: 1s }
${Array.from({ length: count }, (_, index) => `  - { name: Grew${index}, kind: compare, source: { measurement: load, field: value }, aggregate: mean, offset: 1h, window: 1m, as: ratio, condition: { above: 2 }, every: 1s }`).join('\n')}
`

describe.skipIf(!hasInfluxd)('an InfluxDB that is gone for ten minutes', () => {
  let influxd: Influxd
  let clock: ReturnType<typeof createPacedClock>
  let collector: Running
  let webhook: Awaited<ReturnType<typeof startWebhook>>
  let settings: Parameters<typeof startCollector>[0]
  let feeding: Promise<void>
  let isOver = false

  beforeEach(async () => {
    ;[influxd, webhook, clock, isOver] = [await startInfluxd(), await startWebhook(), createPacedClock(), false]
    settings = { store: 'influxdb', yaml: yaml(webhook.url, influxd.url), dataDir: newFolder(), clock }
    collector = await startCollector(settings)
  })
  afterEach(async () => {
    isOver = true
    await feeding
    await collector.stop()
    await influxd.stop()
    webhook.stop()
  })

  const write = (...samples: readonly (readonly [value: number, atMs: number])[]) => {
    const body = samples.map(([value, atMs]) => `load,host=a value=${value} ${atMs}`).join('\n')
    return fetch(`${collector.url}/write?db=tidewatch&precision=ms`, { method: 'POST', body })
  }

  /** Samples that are too high, for as long as the test lasts. */
  async function feed(): Promise<void> {
    while (!isOver) {
      await write([95, clock.now()]).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  async function passes(ms: number): Promise<void> {
    const untilMs = clock.now() + ms
    await expect.poll(() => clock.now()).toBeGreaterThan(untilMs)
  }
  async function states(): Promise<Record<string, number>> {
    const { alerts } = (await (await fetch(`${collector.url}/api/v1/alerts?limit=200`)).json()) as { alerts: { state: string }[] }
    return Object.fromEntries([...Map.groupBy(alerts, ({ state }) => state)].map(([state, all]) => [state, all.length]))
  }

  it('ends no alert: one message says that fifty rules cannot be evaluated, and one that they can again, also over a restart', {
    timeout: 180_000,
  }, async () => {
    const startMs = clock.now()
    await write(...Array.from({ length: 540 }, (_, index) => [10, startMs - 30 * minute - index * 10_000] as const))
    feeding = feed()
    await expect.poll(() => webhook.told.length).toBe(count + 1)
    expect(new Set(webhook.told.splice(0))).toEqual(new Set(['ops: a']))

    await influxd.kill('SIGKILL')
    await expect.poll(() => webhook.told.length).toBe(1)
    clock.goAt(60)
    await passes(10 * minute)
    expect(webhook.told.splice(0)).toEqual(['ops: RuleEvaluationFailing'])
    expect(await states()).toEqual({ firing: count + 2 })

    await collector.stop()
    collector = await startCollector(settings)
    await passes(2 * minute)
    expect([webhook.told.splice(0), await states()]).toEqual([[], { firing: count + 2 }])

    clock.goAt(1)
    await influxd.restart()
    await expect.poll(() => webhook.told.length).toBe(1)
    await passes(10_000)
    expect(webhook.told).toEqual(['ops: RuleEvaluationFailing resolved'])
    expect(await states()).toEqual({ firing: count + 1 })
    expect(clock.now() - startMs).toBeLessThan(hour)
  })
})
