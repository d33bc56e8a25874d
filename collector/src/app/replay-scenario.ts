import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlerts } from '../alerts/engine.ts'
import { createPastStore } from '../alerts/replay/past-store.ts'
import { createRecorder } from '../alerts/replay/recorder.ts'
import { createReplayClock } from '../alerts/replay/replay-clock.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import type { ReplayedMessage, ReplayOrder } from '../contract/replay.ts'
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
import { toAlertsSettings } from './alerting-parts.ts'
import type { ReplayDoors } from './replay.ts'

export const second = 1000
export const minute = 60_000

/** A time that is lived through with real rooms, and may be replayed after. */
export type Night = {
  readonly config: Config
  readonly startMs: number
  readonly lastedMs: number
  readonly stepMs: number
  readonly movers?: boolean
  /** What was stored before it. */
  readonly before?: readonly Point[]
  readonly pointsAt: (nowMs: number) => Point[]
  /** What people and pipelines did at some step of it. */
  readonly actAt?: (sinceStartMs: number, rooms: Pick<ReturnType<typeof createRooms>, 'alerts' | 'deployments'>) => Promise<unknown>
}

export type Lived = {
  readonly doors: ReplayDoors
  readonly order: ReplayOrder & { to: number }
  readonly sent: readonly ReplayedMessage[]
}

export const configOf = (yaml: string): Config =>
  loadConfig({ flags: { config: 'x' }, env: {}, files: { exists: () => true, read: () => yaml } })

const dataDirs: string[] = []

function folder(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `tidewatch-${name}-`))
  dataDirs.push(path)
  return path
}

export function removeFolders(): void {
  for (const path of dataDirs.splice(0)) rmSync(path, { recursive: true, force: true })
}

const doorsOf = (dataDir: string) => ({ clock: systemClock, log: silentLog, fetch, dataDir })

export const replayStores = {
  memory: (): Store => memory.create(memory.schema.parse({ type: 'memory' }), doorsOf('')),
  duckdb: (): Store => duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), doorsOf(folder('replay'))),
}

function createRooms(store: Store, { config, startMs, movers }: Night) {
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
  const recorder = createRecorder(nowMs)
  let counter = 0
  const alerts = createAlerts({
    ...toAlertsSettings(config, new Map(config.receivers.map(({ name }) => [name, recorder.receiver]))),
    ...{ clock, live, log: silentLog, samples: live, store: past.store, silenceRecords: records.silences },
    ...(movers && { causeStore: past.store }),
    ...{ records: records.alerts, notifications: records.notifications, audit: records.audit },
    causeOf: deployments.lastChange,
    lastChange: deployments.lastOf,
    emit() {},
    push: async () => {},
    externalUrl: 'http://127.0.0.1',
    newId: () => `live-${counter++}`,
  })
  const ingest = createIngest({
    ...{ store, live, clock: systemClock, log: silentLog },
    spool: { bytesMax: 1e9, quarantineBytesMax: 1e8, slowAfterMs: 60_000, directory: folder('spool'), random: () => 1 },
  })
  return { clock, alerts, deployments, ingest, recorder, silences: records.silences }
}

/** Lives through it, and gives back what was sent and what a replay of it needs. */
export async function live(store: Store, night: Night): Promise<Lived> {
  const { startMs, lastedMs, movers = false } = night
  const rooms = createRooms(store, night)
  const { clock, alerts, deployments, ingest, recorder, silences } = rooms
  await ingest.start()
  await store.start()
  if (night.before) await ingest.points(night.before)
  await alerts.start()
  for (let at = 0; at < lastedMs; at += night.stepMs) {
    await clock.to(startMs + at)
    await night.actAt?.(at, rooms)
    await ingest.points(night.pointsAt(clock.now()))
  }
  await clock.to(startMs + lastedMs)
  await alerts.stop()
  await ingest.stop()
  const doors = {
    store,
    silences: () => silences.silences(),
    causeOf: deployments.lastChange,
    lastChange: deployments.lastOf,
    externalUrl: 'http://127.0.0.1',
  }
  return { doors, order: { from: startMs, to: startMs + lastedMs, config: {}, silences: true, movers }, sent: recorder.messages() }
}
