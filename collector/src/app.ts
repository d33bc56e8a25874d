import { randomBytes, randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createAlerts } from './alerts/engine.ts'
import { addressOf } from './app/address.ts'
import { withParts } from './app/alerting-config.ts'
import { toAlertsSettings } from './app/alerting-parts.ts'
import { createKinds, createReceivers } from './app/create-kinds.ts'
import { prepareDataDir, spoolFolder } from './app/data-dir.ts'
import { lockDataDir } from './app/data-dir-lock.ts'
import { partsOfRequest } from './app/given-parts.ts'
import { createOwnStats } from './app/own-stats.ts'
import { createReload } from './app/reload.ts'
import { replay } from './app/replay.ts'
import type { Config } from './config/config.ts'
import { configJsonSchema } from './config/json-schema.ts'
import type { ReloadStatus } from './contract/reload.ts'
import { createChangeNotices } from './deployments/change-notices.ts'
import { createDeployments } from './deployments/engine.ts'
import { createGates } from './deployments/gate/engine.ts'
import { createHealth } from './health/create-health.ts'
import type { HttpDeps, Phase } from './http/deps.ts'
import { createEvents } from './http/events.ts'
import { type Listener, listen } from './http/listen.ts'
import { createRegistry } from './http/middleware/http-metrics.ts'
import { createHttp, type Http } from './http/server.ts'
import { createIngest } from './ingest/accept.ts'
import { createPushGroups } from './ingest/exposition/push-groups.ts'
import { readPage } from './ingest/exposition/read.ts'
import { createIdempotency } from './ingest/idempotency.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { createLive } from './live/create-live.ts'
import type { Source } from './model/kinds.ts'
import type { Point } from './model/point.ts'
import { createSelfChecks } from './probes/self/checks.ts'
import { createAlertingRecords } from './state/alerting-records.ts'
import { createChangeNoticeRecords } from './state/change-notice-records.ts'
import { createDeploymentRecords } from './state/deployment-records.ts'
import { createGateRecords } from './state/gate-records.ts'
import { createHealthRecords } from './state/health-records.ts'
import { createIdempotencyRecords } from './state/idempotency-records.ts'
import { loadSigningKey } from './state/signing-key.ts'
import { openState, type State } from './state/state.ts'

export type AppDoors = {
  readonly log: Log
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly version: string
  /** The configuration as the file has it now, for a reload. */
  readonly readConfig: () => Config
}

export type App = {
  /** Resolves when rules and state are loaded; rejects with a sentence when it cannot start. */
  start(): Promise<{ url: string }>
  /** Takes no more, finishes what is under way, and closes everything. */
  stop(): Promise<void>
  /** Reads rules, routes and receivers again; with an error in them everything stays as it was. */
  reload(actor: string): Promise<ReloadStatus>
}

type Rooms = Pick<HttpDeps, 'store' | 'ingest' | 'health' | 'alerts' | 'reload'> & {
  readonly state: State
  /** Gives the data directory to whoever comes next. */
  readonly unlock: () => void
  readonly sources: readonly Source[]
  readonly http: Http
  readonly deployments: ReturnType<typeof createDeployments>
  readonly changeNotices: ReturnType<typeof createChangeNotices>
  readonly gates: ReturnType<typeof createGates>
}

/** A message names no more verdicts than these. */
const gatesToldMax = 10

const root = join(import.meta.dirname, '../..')

/** The whole collector, ready to start. */
export function createApp(config: Config, doors: AppDoors): App {
  const { log, version } = doors
  let phase: Phase = 'starting'
  let listener: Listener | undefined
  const { state, unlock, sources, http, store, ingest, health, alerts, deployments, changeNotices, gates, reload } = wire(
    config,
    doors,
    () => phase,
  )

  async function start(): Promise<{ url: string }> {
    // First the port, so that /livez answers while a large store opens, and a taken port is told at once.
    listener = await listen(http.app, { ...config.server, hasTokens: config.tokens.length > 0, limits: config.limits })
    // The spool before the store: points that come while that opens are kept.
    await ingest.start()
    await store.start()
    await alerts.start()
    health.start()
    changeNotices.start()
    gates.start()
    for (const source of sources) source.start()
    phase = 'ready'
    await deployments.recordOwnStart({ version })
    log.info({ url: listener.url, store: store.kind, rules: config.rules.length, version }, 'started')
    return { url: listener.url }
  }

  /** From the outside in: whoever still writes stops before what it writes to. */
  async function stop(): Promise<void> {
    phase = 'stopping'
    ingest.hurry()
    http.closeStreams()
    // Whoever waits for a gate hears how it stands, and keeps nothing waiting.
    gates.stop()
    await Promise.all([listener?.stop(config.limits.stopGraceMs), health.stop(), ...sources.map((source) => source.stop())])
    await Promise.all([alerts.stop(), changeNotices.stop()])
    await ingest.stop()
    await store.stop()
    state.close()
    unlock()
    log.info({}, 'stopped')
  }

  return { start, stop, reload }
}

/** Wires the collector by hand: the only place that knows every room. */
function wire(config: Config, { log, clock, fetch, version, readConfig }: AppDoors, phase: () => Phase): Rooms {
  const dataDir = prepareDataDir(config.data)
  const unlock = lockDataDir(dataDir, { pid: process.pid, host: hostname(), since: new Date(clock.now()).toISOString() })
  const state = openState({ path: join(dataDir, 'state.sqlite'), log })
  const { emit, subscribe } = createEvents(log)
  const doors = { log, clock, fetch, dataDir }
  const kinds = createKinds(config, doors)
  const { store } = kinds
  const live = createLive({ clock, log })
  const ingest = createIngest({
    limits: { seriesMax: config.limits.seriesMax },
    spool: { ...config.spool, directory: spoolFolder(config), random: Math.random },
    ...{ store, live, clock, log },
  })
  const push = async (points: readonly Point[]) => void (await ingest.points(points))
  const selfChecks = createSelfChecks({ dataDir, storeStatus: () => store.status() })
  const ownStats = createOwnStats({ ingest })
  // /proc never waits for a disk: reading it directly costs a third of a trip through the thread pool.
  const readFile = async (path: string) => readFileSync(path, 'utf8')
  const sources = kinds.sources({
    push: async (points) => (await ingest.points(points)).rejected,
    end: live.end,
    listFiles: async (pattern) => globSync(pattern),
    ...{ readPage, readFile, statfs, ownStats, hostname: hostname() },
  })

  const health = createHealth({
    components: config.components,
    probeFor: kinds.probeFor(selfChecks),
    random: Math.random,
    records: createHealthRecords(state.db),
    ...{ clock, emit, push, log },
  })
  const deploymentRecords = createDeploymentRecords(state.db)
  const deployments = createDeployments({
    records: deploymentRecords,
    templates: config.deployments,
    owe: (change) => changeNotices.owe(change),
    ...{ clock, log, emit, push },
  })
  const { alerts: records, notifications, audit, silences: silenceRecords, transaction } = createAlertingRecords(state.db)
  let receivers = createReceivers(config.receivers, doors)
  const alerts = createAlerts({
    ...toAlertsSettings(config, receivers),
    ...{ samples: live, records, notifications, transaction, audit, silenceRecords, store, clock, log, emit, push },
    signingKey: loadSigningKey(state.db, () => randomBytes(32)),
    foreignSources: config.hooks.filter((hook) => hook.type !== 'github'),
    causeOf: deployments.lastChange,
    causeStore: store,
    lastChange: deployments.lastOf,
    externalUrl: addressOf(config.server),
  })
  const inForce = createReload({
    ...{ config, readConfig, audit, clock, log },
    async apply(next) {
      const fresh = createReceivers(next.receivers, doors, { options: inForce.config().receivers, receivers })
      const done = await alerts.reconfigure(toAlertsSettings(next, fresh))
      receivers = fresh
      return done
    },
  })
  const { reload, lastReload } = inForce
  const gateRecords = createGateRecords(state.db)
  const gates = createGates({
    judged: alerts,
    gates: () => inForce.config().gates,
    deployment: deployments.get,
    records: gateRecords,
    owe: (id) => changeNotices.owe(deployments.get(id)),
    ...{ audit, clock, log, emit },
  })
  const changeNotices = createChangeNotices({
    records: createChangeNoticeRecords(state.db),
    receivers: () => receivers,
    changeOf: deploymentRecords.get,
    gatesOf: (deploymentId) => gateRecords.list({ deploymentId, limit: gatesToldMax }).results,
    watch: alerts.receiverWatch,
    templates: config.deployments,
    externalUrl: addressOf(config.server),
    ...{ deliveries: notifications, clock, log, random: Math.random, newId: randomUUID },
  })
  subscribe((event) => {
    if (event.type === 'deployment' && event.deployment.finishedAt !== null) alerts.silences.endWith(event.deployment.id)
  })
  const replayDoors = { store, silences: () => alerts.silences.list(), causeOf: deployments.lastChange, lastChange: deployments.lastOf }
  const http = createHttp({
    replay: async (order, call) =>
      replay(
        { ...replayDoors, externalUrl: addressOf(config.server) },
        { ...call, order, config: withParts(inForce.config(), partsOfRequest(order)) },
      ),
    end: live.end,
    pushGroups: createPushGroups({ ingest, end: live.end, clock }),
    options: httpOptions(config),
    registry: createRegistry(version),
    startedAt: new Date(clock.now()).toISOString(),
    idempotency: createIdempotency({ records: createIdempotencyRecords(state.db), clock, limits: config.limits }),
    ...{ ingest, store, health, alerts, deployments, gates, reload, lastReload, audit, subscribe, phase, log, clock, version },
  })
  return { state, unlock, sources, http, store, ingest, health, alerts, deployments, changeNotices, gates, reload }
}

function httpOptions({ tokens, limits, server, hooks }: Config): HttpDeps['options'] {
  return {
    tokens,
    limits,
    hooks,
    ...(server.externalUrl !== undefined && { externalUrl: server.externalUrl }),
    viewerDir: join(root, 'viewer/dist'),
    pluginDir: join(root, 'plugin/dist'),
    dashboardsDir: join(root, 'dashboards'),
    configSchema: configJsonSchema,
  }
}
