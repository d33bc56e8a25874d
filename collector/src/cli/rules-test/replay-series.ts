import type { Rule } from '../../alerts/rules/definition/rule.ts'
import type { Transition } from '../../alerts/rules/evaluation/evaluate.ts'
import { createRoster } from '../../alerts/rules/evaluation/roster.ts'
import { createPastQueries } from '../../alerts/rules/samples/past.ts'
import { createBatchBuilder, toWholeBatch } from '../../ingest/batch-builder.ts'
import { appendPoints } from '../../ingest/points.ts'
import { createSeriesTable, fieldOf } from '../../ingest/series-table.ts'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { createLive } from '../../live/create-live.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import type { Point } from '../../model/point.ts'
import { memory } from '../../stores/memory/memory.ts'
import type { NamedSeries, Step } from './notation.ts'

/** An alert that is over: when it was pending or fired, and when that ended. */
export type Over = {
  readonly rule: string
  readonly labels: AlertInstance['labels']
  readonly annotations: AlertInstance['annotations']
  readonly sinceMs: number | null
  readonly firedAtMs: number | null
  readonly endedAtMs: number
}

export type Played = NamedSeries & { readonly steps: readonly Step[] }

/** Rules at work on series that are given step by step, on a clock that goes as fast as it can. */
export function createReplay(
  rules: readonly Rule[],
  series: readonly Played[],
  { startMs, intervalMs }: { startMs: number; intervalMs: number },
) {
  const clock = createFakeClock(startMs)
  const live = createLive({ clock, log: silentLog })
  const store = memory.create(memory.schema.parse({ type: 'memory' }), { clock, log: silentLog, fetch, dataDir: '' })
  const table = createSeriesTable()
  const past = createPastQueries({ store, clock })
  const over = new Map<string, Over>()
  const roster = createRoster({ samples: live, past, lastChange: () => undefined, clock, log: silentLog, publish })
  let step = 0

  function publish(transitions: readonly Transition[]): readonly [] {
    for (const { to, before } of transitions) {
      if (to !== 'ok') continue
      const { id, rule, labels, annotations, activeSinceMs: sinceMs, firedAtMs } = before
      over.set(id, { rule, labels, annotations, sinceMs, firedAtMs, endedAtMs: clock.now() })
    }
    return []
  }

  async function push(points: readonly Point[]): Promise<void> {
    if (points.length === 0) return
    const builder = createBatchBuilder((id) => fieldOf(table, id))
    appendPoints(points, table, builder, { nowNs: BigInt(clock.now()) * 1_000_000n })
    const batch = toWholeBatch(builder)
    await store.write(batch)
    live.accept(batch)
  }

  /** What each series has at a step. */
  async function take(at: number): Promise<void> {
    const now = series.map((one) => ({ ...one, value: one.steps[at] ?? 'missing' }))
    const ended = now.filter(({ value }) => value === 'stale' || Number.isNaN(value))
    const points = now.flatMap(({ measurement, tags, field, value }) =>
      typeof value === 'number' && !Number.isNaN(value)
        ? [{ measurement, tags, fields: { [field]: value }, timeNs: BigInt(clock.now()) * 1_000_000n }]
        : [],
    )
    live.end(ended, clock.now())
    await push(points)
  }

  return {
    start(): void {
      roster.fill(rules, [])
      for (const runner of roster.runners()) {
        // There was nothing before the first step, and that is known.
        runner.seed(0, [], Number.NEGATIVE_INFINITY)
        runner.start()
      }
    },
    /** Plays what comes up to that time, the step at that time included. */
    async to(timeMs: number): Promise<void> {
      for (; startMs + step * intervalMs <= timeMs; step++) {
        await clock.advance(startMs + step * intervalMs - clock.now())
        await take(step)
      }
      await clock.advance(timeMs - clock.now())
    },
    alerts: (): readonly AlertInstance[] => roster.active(),
    /** The last of each that is over. */
    over: (): readonly Over[] => [...over.values()],
    failures: () => roster.runners().flatMap(({ rule, status }) => (status().lastError ? [`${rule.name}: ${status().lastError}`] : [])),
  }
}
