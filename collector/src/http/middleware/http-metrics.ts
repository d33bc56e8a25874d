import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { HttpDeps } from '../deps.ts'
import type { HttpEnv } from '../env.ts'

/** A registry with the process's own metrics. At 100 ms the event loop's delay costs 0.25 % of a core. */
export function createRegistry(version: string): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  const build = new Gauge({ name: 'tidewatch_build_info', help: 'Always 1.', labelNames: ['version', 'node'], registers: [registry] })
  build.set({ version, node: process.version }, 1)
  return registry
}

/** Counts and times requests by route template, never by path: paths are without end. */
export function httpMetrics(registry: Registry): MiddlewareHandler<HttpEnv> {
  const labelNames = ['method', 'route', 'status'] as const
  const registers = [registry]
  const requests = new Counter({ name: 'tidewatch_http_requests_total', help: 'Requests answered.', labelNames, registers })
  const seconds = new Histogram({
    name: 'tidewatch_http_request_duration_seconds',
    help: 'From the first byte of a request to its answer.',
    labelNames: ['route'] as const,
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  return async (c, next) => {
    const startedAt = performance.now()
    await next()
    // The last one that was entered: the one that answered.
    const template = routePath(c)
    const route = template === '/*' || template === '*' ? 'other' : template
    requests.inc({ method: c.req.method, route, status: c.res.status })
    seconds.observe({ route }, (performance.now() - startedAt) / 1000)
  }
}

/** What the collector knows of its own work, read when somebody asks. */
export function registerOwnMetrics(deps: Pick<HttpDeps, 'registry' | 'ingest' | 'alerts' | 'health'>, streamClients: () => number): void {
  const registers = [deps.registry]
  registerIngestMetrics(deps)
  new Gauge({
    name: 'tidewatch_stream_clients',
    help: 'Listeners of the event stream.',
    registers,
    collect() {
      this.set(streamClients())
    },
  })
  new Gauge({
    name: 'tidewatch_alerts',
    help: 'Active alerts by state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset()
      for (const { state, count } of deps.alerts.count({})) this.inc({ state }, count)
    },
  })
  new Gauge({
    name: 'tidewatch_components',
    help: 'Watched components by state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset()
      for (const component of deps.health.components()) this.inc({ state: component.state })
    },
  })
}

function registerIngestMetrics({ registry, ingest }: Pick<HttpDeps, 'registry' | 'ingest'>): void {
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  counter('tidewatch_points_accepted_total', 'Points that were made durable since the start.', () => ingest.acceptedTotal)
  counter('tidewatch_points_rejected_total', 'Points and lines that were not valid or of another type.', () => ingest.rejectedTotal)
  gauge('tidewatch_series', 'Series met since the start.', () => ingest.series().met)
  gauge('tidewatch_series_max', 'Series that may be met until the next start; new ones are refused then.', () => ingest.series().max)
  gauge('tidewatch_spool_bytes', 'Bytes on disk that wait for the store.', () => ingest.spool().bytes)
  gauge('tidewatch_spool_bytes_max', 'Bytes that may wait; then writes are refused.', () => ingest.spool().bytesMax)
  gauge(
    'tidewatch_spool_age_seconds',
    'Since when the oldest point waits for the store; 0 when none does.',
    () => ingest.spool().ageSeconds,
  )
  gauge('tidewatch_quarantine_files', 'Files of points that the store refused for good.', () => ingest.spool().quarantined)
  gauge('tidewatch_spool_damaged_files', 'Files of the spool that could not be read whole.', () => ingest.spool().damaged)
}
