import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../src/lib/clock.ts'
import { startWebhook } from './alertmanager.ts'
import { newFolder, type Running, startCollector } from './collector.ts'
import { hasInfluxd, type Influxd, startInfluxd } from './influxd.ts'

const [minute, hour] = [60_000, 3_600_000]
const count = 50

type Timer = { readonly dueMs: number; readonly run: () => void; cancel: () => void }

/** Goes as ours does, and further when it is told to: an outage need not last as long here. */
function createHastenedClock() {
  const startMs = Date.now()
  const timers = new Set<Timer>()
  let skippedMs = 0
  const monotonic = () => performance.now() + skippedMs
  function wait(timer: Timer): void {
    timer.cancel = systemClock.after(timer.dueMs - monotonic(), () => {
      timers.delete(timer)
      timer.run()
    })
  }
  const beganMs = monotonic()
  return {
    now: () => startMs + Math.round(monotonic() - beganMs),
    monotonic,
    after(delayMs: number, run: () => void) {
      const timer: Timer = { dueMs: monotonic() + delayMs, run, cancel: () => {} }
      timers.add(timer)
      wait(timer)
      return () => {
        timers.delete(timer)
        timer.cancel()
      }
    },
    skip(ms: number): void {
      skippedMs += ms
      for (const timer of [...timers].sort((one, other) => one.dueMs - other.dueMs)) {
        timer.cancel()
        wait(timer)
      }
    },
  } satisfies Clock & { skip(ms: number): void }
}

/** Fifty rules that ask the store how it was an hour ago, and one that only looks at what comes. */
const yaml = (url: string, influx: string) => `
presets: []
sources: []
store: { type: influxdb, url: '${influx}', timeout: 1m }
receivers: [{ name: ops, type: webhook, url: '${url}' }]
route: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 5s, repeat_interval: 1d }
rules:
  - { name: Hot, source: { measurement: load, field: value }, condition: { above: 90 }, every: 1s }
${Array.from({ length: count }, (_, index) => `  - { name: Grew${index}, kind: compare, source: { measurement: load, field: value }, aggregate: mean, offset: 1h, window: 1m, as: ratio, condition: { above: 2 }, every: 1s }`).join('\n')}
`

describe.skipIf(!hasInfluxd)('an InfluxDB that is gone for ten minutes', () => {
  let influxd: Influxd
  let clock: ReturnType<typeof createHastenedClock>
  let collector: Running
  let webhook: Awaited<ReturnType<typeof startWebhook>>
  let settings: Parameters<typeof startCollector>[0]
  let feeding: Promise<void>
  let isOver = false

  beforeEach(async () => {
    ;[influxd, webhook, clock, isOver] = [await startInfluxd(), await startWebhook(), createHastenedClock(), false]
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
  /** Second by second, and none without its sample: a busy machine takes longer, and sees the same. */
  async function passes(ms: number): Promise<void> {
    for (const untilMs = clock.now() + ms; clock.now() < untilMs; clock.skip(1000)) await write([95, clock.now()])
  }
  async function states(): Promise<Record<string, number>> {
    const { alerts } = (await (await fetch(`${collector.url}/api/v1/alerts?limit=200`)).json()) as { alerts: { state: string }[] }
    return Object.fromEntries([...Map.groupBy(alerts, ({ state }) => state)].map(([state, all]) => [state, all.length]))
  }

  it('ends no alert: one message says that fifty rules cannot be evaluated, and one that they can again, also over a restart', async () => {
    const startMs = clock.now()
    await write(...Array.from({ length: 540 }, (_, index) => [10, startMs - 30 * minute - index * 10_000] as const))
    feeding = feed()
    await expect.poll(() => webhook.told.length).toBe(count + 1)
    expect(new Set(webhook.told.splice(0))).toEqual(new Set(['ops: a']))

    await influxd.kill('SIGKILL')
    await expect.poll(() => webhook.told.length).toBe(1)
    await passes(10 * minute)
    expect(webhook.told.splice(0)).toEqual(['ops: RuleEvaluationFailing'])
    expect(await states()).toEqual({ firing: count + 2 })

    await collector.stop()
    collector = await startCollector(settings)
    await passes(2 * minute)
    expect([webhook.told.splice(0), await states()]).toEqual([[], { firing: count + 2 }])

    await influxd.restart()
    await expect.poll(() => webhook.told.length).toBe(1)
    await passes(10_000)
    expect(webhook.told).toEqual(['ops: RuleEvaluationFailing resolved'])
    expect(await states()).toEqual({ firing: count + 1 })
    expect(clock.now() - startMs).toBeLessThan(hour)
  })
})
