import { createAlerts } from '../alerts/engine.ts'
import { createPastStore, type PastStore } from '../alerts/replay/past-store.ts'
import { createRecorder, type Recorder } from '../alerts/replay/recorder.ts'
import { createReplayClock, type ReplayClock } from '../alerts/replay/replay-clock.ts'
import { toReport } from '../alerts/replay/report.ts'
import { shortHistory } from '../alerts/replay/short-history.ts'
import { storedSamples } from '../alerts/replay/stored-samples.ts'
import { seriesKindOf } from '../alerts/rules/definition/kind-of.ts'
import type { LastChange } from '../alerts/rules/definition/rule.ts'
import type { Config } from '../config/config.ts'
import type { Coarse, ReplayOrder, ReplayReport } from '../contract/replay.ts'
import { createBatchBuilder, resetBuilder, toWholeBatch } from '../ingest/batch-builder.ts'
import { appendPoints } from '../ingest/points.ts'
import { createSeriesTable, fieldOf } from '../ingest/series-table.ts'
import { AppError } from '../lib/errors.ts'
import { silentLog } from '../lib/log.ts'
import { createLive } from '../live/create-live.ts'
import type { Live } from '../live/live.ts'
import type { Cause } from '../model/alert.ts'
import type { Point, Tags } from '../model/point.ts'
import type { Silence } from '../model/silence.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { openState } from '../state/state.ts'
import { toAlertsSettings } from './alerting-parts.ts'

export type ReplayDoors = {
  readonly store: PastStore
  readonly silences: () => readonly Silence[]
  readonly causeOf: (atMs: number, labels: Tags) => Cause | null
  readonly lastChange: LastChange
  readonly externalUrl: string
}

export type ReplayRun = {
  readonly order: ReplayOrder & { readonly to: number }
  readonly config: Config
  readonly signal: AbortSignal
  readonly onProgress: (done: number) => void
}

const dayMs = 86_400_000
const rangeMaxMs = 62 * dayMs

/**
 * What these rules and routes would have sent in a time that is past: the same engine on the samples
 * as they are stored, on a clock of its own, with a state of its own that is thrown away.
 *
 * It begins with nothing active, as a collector does that starts at that time with its windows filled.
 * Each sample comes at its own time; receivers take everything at once; nobody acknowledges.
 */
export async function replay(doors: ReplayDoors, { order, config, signal, onProgress }: ReplayRun): Promise<ReplayReport> {
  const range = { from: order.from, to: order.to }
  const spanMs = range.to - range.from
  if (spanMs > rangeMaxMs)
    throw new AppError(
      'QUERY_INVALID',
      `A replay spans 62 days at most, and this is ${Math.ceil(spanMs / dayMs)}. Begin later, or end sooner.`,
    )
  let clock: ReplayClock | undefined
  const nowMs = (): number => clock?.now() ?? range.from
  const past = createPastStore(doors.store, nowMs)
  clock = createReplayClock(range.from, past.pending, signal)
  const recorder = createRecorder(nowMs)
  const lastChange = asOf(nowMs, doors.lastChange)
  const live = createLive({ clock, log: silentLog })
  const state = openState({ path: ':memory:', log: silentLog })
  const { alerts: records, notifications, audit, transaction } = createAlertingRecords(state.db)
  let counter = 0
  const alerts = createAlerts({
    ...{ ...doors, lastChange, clock, records, notifications, transaction, audit, log: silentLog, samples: live, store: past.store },
    ...(order.movers && { causeStore: past.store }),
    ...settingsOf(config, recorder),
    silenceRecords: { silences: () => (order.silences ? doors.silences() : []), save() {}, prune() {} },
    emit: recorder.onEvent,
    push: async () => {},
    random: () => 1,
    newId: () => `replay-${counter++}`,
  })
  const coarse: Coarse[] = []
  try {
    const short = await shortHistory({ rules: config.rules, store: doors.store, lastChange, range, signal })
    await alerts.start()
    const selectors = config.rules.flatMap((rule) => seriesKindOf(rule)?.inputs(rule.options).selectors ?? [])
    const samples = storedSamples({ store: doors.store, selectors, range, signal, onProgress, onCoarse: (one) => coarse.push(one) })
    const count = await drive(samples, live, clock, recorder)
    await clock.to(range.to)
    const { alerts: fired } = alerts.list({ past: true, fired: true, limit: Number.MAX_SAFE_INTEGER })
    const failures = alerts.rules().flatMap(({ name, lastError }) => (lastError === null ? [] : [`${name}: ${lastError}`]))
    return toReport({
      range,
      messages: recorder.messages(),
      alerts: fired,
      suppressedBy: recorder.suppressedBy,
      samples: count,
      coarse,
      shortHistory: short,
      failures,
    })
  } finally {
    await alerts.stop()
    state.close()
  }
}

/** A deployment that was under way at that time had not ended yet. */
function asOf(nowMs: () => number, lastChange: LastChange): LastChange {
  return (...wanted) => {
    const change = lastChange(...wanted)
    return change && (change.finishedMs ?? 0) > nowMs() ? { ...change, finishedMs: null } : change
  }
}

/** Every receiver only keeps what it is sent. A heartbeat tells nothing of the past. */
function settingsOf(config: Config, { receiver }: Recorder) {
  const { heartbeat: _, ...settings } = toAlertsSettings(config, new Map(config.receivers.map(({ name }) => [name, receiver])))
  return settings
}

/** Brings each moment's samples when its time has come. */
async function drive(moments: ReturnType<typeof storedSamples>, live: Live, clock: ReplayClock, recorder: Recorder): Promise<number> {
  const table = createSeriesTable()
  const builder = createBatchBuilder((id) => fieldOf(table, id))
  let count = 0
  for await (const { timeMs, points, samples } of moments) {
    await clock.to(timeMs)
    live.accept(toBatch(points))
    recorder.check()
    count += samples
  }
  return count

  function toBatch(points: readonly Point[]) {
    // Nobody keeps a batch: what rules look at is copied.
    resetBuilder(builder)
    appendPoints(points, table, builder, { nowNs: BigInt(clock.now()) * 1_000_000n })
    return toWholeBatch(builder)
  }
}
