import { Registry } from 'prom-client'
import type { AlertFilter, CountFilter, NamedDelivery } from '../../alerts/alerts.ts'
import type { RuleNoise } from '../../alerts/history/noise.ts'
import type { ReloadStatus } from '../../contract/reload.ts'
import type { IngestResult, Precision } from '../../ingest/ingest.ts'
import { createFakeClock, type FakeClock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import { silentLog } from '../../lib/log.ts'
import type { Alert } from '../../model/alert.ts'
import type { AuditEntry } from '../../model/audit.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { ComponentHealth } from '../../model/health.ts'
import type { Point, SeriesName } from '../../model/point.ts'
import type { Frame, MetricsQuery } from '../../model/query.ts'
import type { HttpDeps, HttpLimits, HttpOptions, Phase } from '../deps.ts'
import { createFakeDeployments } from './fake-deployments.ts'
import { createFakeGates } from './fake-gates.ts'
import { createFakeSilences } from './fake-silences.ts'

/** Doors for tests of the routes: they remember what came through and answer what they are told. */
export type FakeDoors = HttpDeps & {
  readonly clock: FakeClock
  readonly written: { text: string; precision: Precision }[]
  readonly points: Point[]
  readonly ended: (SeriesName & { timeMs: number })[]
  readonly queries: { query: MetricsQuery; signal?: AbortSignal }[]
  readonly alertFilters: AlertFilter[]
  readonly alertCounts: CountFilter[]
  readonly acts: unknown[]
  readonly audited: AuditEntry[]
  /** What the next write answers. */
  nextIngest: IngestResult | AppError | undefined
  answerQuery: (query: MetricsQuery, signal?: AbortSignal) => Promise<readonly Frame[]>
  /** What the next reload answers. */
  reloaded: ReloadStatus
  /** What the next replay answers. */
  replayed: HttpDeps['replay']
  setPhase(phase: Phase): void
  tell(event: StreamEvent): void
  listeners(): number
}

/** The body of an answer, in the shape the test expects. */
export async function readJson<Shape>(answer: Response | Promise<Response>): Promise<Shape> {
  return (await (await answer).json()) as Shape
}

export const smallLimits: HttpLimits = {
  ingestBodyBytesMax: 10_000,
  requestBodyBytesMax: 5000,
  headerBytesMax: 16_384,
  connectionsMax: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  queryTimeoutMs: 10_000,
  seriesPerQueryMax: 100,
  bucketsPerQueryMax: 11_000,
  streamClientsMax: 2,
  streamQueueMax: 5,
}

export const anAlert: Alert = {
  id: 'a1',
  rule: 'cpu-high',
  severity: 'critical',
  state: 'firing',
  labels: { host: 'web-1' },
  annotations: { summary: 'CPU of web-1 is at 97 %' },
  value: 97,
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: null,
  acknowledgedBy: null,
  acknowledgedUntil: null,
  acknowledgeComment: null,
  resolvedBy: null,
  cause: { summary: 'deployment of api 1.4.2' },
}

const aRuleNoise: RuleNoise = {
  rule: 'cpu-high',
  severity: 'critical',
  episodes: 4,
  firingMs: 60_000,
  flaps: 1,
  notifications: 5,
  notified: 2,
  actedOn: 1,
  useful: 1,
  notUseful: 0,
  precision: 1,
  actedOnShare: 0.5,
}

export const aDelivery: NamedDelivery = {
  atMs: Date.UTC(2026, 0, 1),
  receiver: 'ops',
  groupKey: 'g',
  reason: 'first notification',
  status: 'firing',
  alertIds: ['a1'],
  rules: ['cpu-high'],
  attempt: 1,
  outcome: 'sent',
  message: '',
  idempotencyKey: 'k1',
  durationMs: 12,
}

export const aComponent: ComponentHealth = {
  name: 'api',
  environment: 'production',
  state: 'up',
  since: '2026-01-01T00:00:00.000Z',
  latencyMs: 12,
  message: '200 OK',
  probe: 'http',
  critical: true,
  lastCheckedAt: '2026-01-01T00:00:30.000Z',
}

export function createFakeDoors(options: Partial<HttpOptions> = {}): FakeDoors {
  const clock = createFakeClock()
  const listeners = new Set<(event: StreamEvent) => void>()
  let phase: Phase = 'ready'

  const known = (id: string): Alert => {
    if (id !== anAlert.id) throw new AppError('NOT_FOUND', `There is no alert "${id}".`)
    return anAlert
  }
  const take = (accepted: number): IngestResult => {
    const next = doors.nextIngest
    doors.nextIngest = undefined
    if (next instanceof AppError) throw next
    return next ?? { accepted, rejected: [] }
  }

  const doors: FakeDoors = {
    options: {
      tokens: [],
      limits: smallLimits,
      viewerDir: '/nonexistent',
      pluginDir: '/nonexistent',
      dashboardsDir: '/nonexistent',
      hooks: [],
      configSchema: () => ({ title: 'a schema' }),
      ...options,
    },
    end: (series, timeMs) => void doors.ended.push(...series.map((one) => ({ ...one, timeMs }))),
    ended: [],
    pushGroups: { push: async () => ({ accepted: 0 }), remove: () => undefined },
    clock,
    log: silentLog,
    registry: new Registry(),
    version: '0.0.0-test',
    startedAt: '2026-01-01T00:00:00.000Z',
    phase: () => phase,
    reload: async () => doors.reloaded,
    lastReload: () => null,
    replay: (order, call) => doors.replayed(order, call),
    replayed: async ({ from, to }) => ({
      ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString() },
      ...{ messages: [], alerts: [], rules: [], receivers: [], samples: 0, coarse: [], shortHistory: [], failures: [] },
    }),
    reloaded: { ok: true, at: '2026-01-01T00:00:00.000Z', message: 'done' },
    setPhase: (next) => {
      phase = next
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(event) {
      for (const listener of listeners) listener(event)
    },
    listeners: () => listeners.size,
    written: [],
    points: [],
    queries: [],
    alertFilters: [],
    alertCounts: [],
    acts: [],
    audited: [],
    audit: { record: (entry) => void doors.audited.push(entry), list: () => doors.audited },
    nextIngest: undefined,
    answerQuery: async () => [],
    ingest: {
      acceptedTotal: 7,
      rejectedTotal: 2,
      series: () => ({ met: 3, max: 1000 }),
      async start() {},
      hurry() {},
      spool: () => ({ bytes: 0, bytesMax: 1000, ageSeconds: 0, quarantined: 0, damaged: 0 }),
      async lineProtocol(body, { precision }) {
        const text = Buffer.from(body).toString('utf8')
        doors.written.push({ text, precision })
        return take(text.split('\n').filter((line) => line.trim() !== '').length)
      },
      async points(points) {
        doors.points.push(...points)
        return take(points.length)
      },
      async stop() {},
    },
    idempotency: { once: async (_key, _body, work) => ({ ...(await work(clock.now())), replayed: false }) },
    store: {
      kind: 'fake',
      async start() {},
      async stop() {},
      write: async () => ({ rejected: [] }),
      query(query, _range, signal) {
        doors.queries.push({ query, signal })
        return doors.answerQuery(query, signal)
      },
      measurements: async () => ['cpu', 'mem'],
      fields: async () => [{ name: 'usage_user', type: 'float' }],
      tags: async () => ['host'],
      tagValues: async (_measurement, tag, where = []) => [tag, ...where.map((filter) => `${filter.tag}${filter.op}${filter.value}`)],
      status: async () => ({ ok: true, message: 'in memory', seriesCount: 2 }),
    },
    health: {
      start() {},
      async stop() {},
      overall: () => 'HEALTHY',
      components: () => [aComponent],
      heartbeat(name, beat) {
        if (name !== 'worker') throw new AppError('NOT_FOUND', `There is no heartbeat component "${name}".`)
        doors.acts.push({ heartbeat: name, ...beat })
      },
    },
    alerts: {
      async start() {},
      async stop() {},
      reconfigure: async () => ({ unseeded: [] }),
      rules: () => [],
      outlines: () => [],
      judge: () => [],
      list(filter) {
        doors.alertFilters.push(filter)
        return { alerts: [anAlert], total: 1 }
      },
      count(filter) {
        doors.alertCounts.push(filter)
        return [{ severity: 'critical', state: 'firing', count: 1 }]
      },
      async acknowledge(id, by) {
        doors.acts.push({ ack: id, ...by })
        return known(id)
      },
      async acknowledgeAll(ids, by) {
        for (const id of ids) doors.acts.push({ ack: id, ...by })
        return ids.filter((id) => id === anAlert.id).map(known)
      },
      async unacknowledge(id, by) {
        doors.acts.push({ unack: id, ...by })
        return known(id)
      },
      async resolve(id, by) {
        doors.acts.push({ resolve: id, ...by })
        return known(id)
      },
      async mark(id, wish) {
        doors.acts.push({ mark: id, ...wish })
        return { ...known(id), useful: wish.useful ?? undefined }
      },
      noise: () => [aRuleNoise],
      receive(source, alerts) {
        doors.acts.push({ receive: source, alerts })
        return { began: alerts.length, ended: 0, unchanged: 0, refused: 0 }
      },
      silences: createFakeSilences(),
      receivers: () => ['ops'],
      receiverWatch: { onSent() {}, onFailure() {} },
      checkAcknowledgeLink: (token) =>
        token === 'good' ? { ok: true, groupKey: 'g' } : { ok: false, reason: token === 'old' ? 'expired' : 'forged' },
      deliveries: (filter) => ({ deliveries: filter.receiver === 'nobody' ? [] : [aDelivery], total: 1 }),
      groups: () => [{ receiver: 'ops', labels: { alertname: anAlert.rule }, alerts: [anAlert] }],
      firingIn: () => [anAlert],
      async testReceiver(name, actor, change) {
        doors.acts.push({ test: name, actor, ...(change && { change }) })
        return { ok: true, message: 'sent' }
      },
    },
    deployments: createFakeDeployments((act) => doors.acts.push(act)),
    gates: createFakeGates((act) => doors.acts.push(act)),
  }
  return doors
}
