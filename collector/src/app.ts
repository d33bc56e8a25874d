import { readFile, statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createAlerts } from './alerts/engine.ts'
import { createKinds } from './app/create-kinds.ts'
import { prepareDataDir } from './app/data-dir.ts'
import { createOwnStats } from './app/own-stats.ts'
import { createSelfChecks } from './app/self-checks.ts'
import type { Config } from './config/config.ts'
import { createDeployments } from './deployments/engine.ts'
import { createHealth } from './health/create-health.ts'
import type { HttpDeps, Phase } from './http/deps.ts'
import { createEvents } from './http/events.ts'
import { createRegistry } from './http/http-metrics.ts'
import { type Listener, listen } from './http/listen.ts'
import { createHttp } from './http/server.ts'
import { createIngest } from './ingest/accept.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { createLive } from './live/create-live.ts'
import type { Point } from './model/point.ts'
import { createAlertRecords } from './state/alert-records.ts'
import { createAuditLog } from './state/audit-log.ts'
import { createDeploymentRecords } from './state/deployment-records.ts'
import { createHealthRecords } from './state/health-records.ts'
import { createNotificationRecords } from './state/notification-records.ts'
import { openState } from './state/state.ts'

export type AppDoors = { readonly log: Log; readonly clock: Clock; readonly fetch: typeof fetch; readonly version: string }

export type App = {
  /** Resolves when rules and state are loaded; rejects with a sentence when it cannot start. */
  start(): Promise<{ url: string }>
  /** Takes no more, finishes what is under way, and closes everything. */
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

/** Wires the whole collector by hand: the only place that knows every room. */
export function createApp(config: Config, { log, clock, fetch, version }: AppDoors): App {
  const dataDir = prepareDataDir(config.data)
  const state = openState({ path: join(dataDir, 'state.sqlite'), log })
  const startedAt = new Date(clock.now()).toISOString()
  const events = createEvents(log)
  let phase: Phase = 'starting'
  let listener: Listener | undefined

  const kinds = createKinds(config, { log, clock, fetch, dataDir })
  const { store } = kinds
  const live = createLive({ clock, log })
  const ingest = createIngest({ store, live, clock, log })
  const push = async (points: readonly Point[]) => void (await ingest.points(points))
  const selfChecks = createSelfChecks({ store, dataDir, version })
  const ownStats = createOwnStats({ ingest })
  const sources = kinds.sources({ push, readFile: (path) => readFile(path, 'utf8'), statfs, hostname: hostname(), ownStats })

  const health = createHealth({
    components: config.components,
    probeFor: kinds.probeFor(selfChecks),
    clock,
    random: Math.random,
    records: createHealthRecords(state.db),
    emit: events.emit,
    push,
    log,
  })
  const audit = createAuditLog(state.db)
  const deployments = createDeployments({ records: createDeploymentRecords(state.db), clock, log, emit: events.emit, push })
  const alerts = createAlerts({
    rules: config.rules,
    route: config.route,
    receivers: kinds.receivers,
    samples: live,
    store,
    records: createAlertRecords(state.db),
    notifications: createNotificationRecords(state.db),
    audit,
    clock,
    log,
    emit: events.emit,
    push,
    causeOf: deployments.lastChange,
    externalUrl: config.server.externalUrl ?? `http://${config.server.host}:${config.server.port}`,
  })
  const http = createHttp({
    options: httpOptions(config),
    ingest,
    store,
    health,
    alerts,
    deployments,
    subscribe: events.subscribe,
    phase: () => phase,
    registry: createRegistry(version),
    log,
    clock,
    version,
    startedAt,
  })

  return {
    async start() {
      // First the port, so that /livez answers while a large store opens, and a taken port is told at once.
      listener = await listen(http.app, { ...config.server, hasTokens: config.tokens.length > 0, limits: config.limits })
      await store.start()
      await alerts.start()
      health.start()
      for (const source of sources) source.start()
      phase = 'ready'
      await deployments.recordOwnStart({ version })
      log.info({ url: listener.url, store: store.kind, rules: config.rules.length, version }, 'started')
      return { url: listener.url }
    },
    async stop() {
      phase = 'stopping'
      http.closeStreams()
      await Promise.all([listener?.stop(config.limits.stopGraceMs), health.stop(), ...sources.map((source) => source.stop())])
      await alerts.stop()
      await ingest.stop()
      await store.stop()
      state.close()
      log.info({}, 'stopped')
    },
  }
}

function httpOptions({ tokens, limits, server }: Config): HttpDeps['options'] {
  return {
    tokens,
    limits,
    ...(server.externalUrl !== undefined && { externalUrl: server.externalUrl }),
    viewerDir: join(root, 'viewer/dist'),
    pluginDir: join(root, 'plugin/dist'),
    dashboardsDir: join(root, 'dashboards'),
  }
}
