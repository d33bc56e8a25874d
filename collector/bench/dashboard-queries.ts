import { hostOf, seriesCount } from './workload.ts'

/** A request that one peer answers, and how many values must come back for the comparison to be one. */
export type Request = { readonly path: string; readonly body?: string }

export type DashboardQuery = {
  readonly name: string
  /** What the collector and InfluxDB give back, which is exactly the same. VictoriaMetrics looks at windows that end at each step. */
  readonly requests: { readonly tidewatch: Request; readonly influxdb: Request; readonly victoriametrics?: Request }
}

export type Range = { readonly fromMs: number; readonly toMs: number }

const hourMs = 3_600_000
const hundredHosts = Array.from({ length: 100 }, (_, i) => hostOf((i * 7) % seriesCount))

/** The queries that the dashboards ask most, in the words of each peer. */
export function dashboardQueries({ fromMs, toMs }: Range): DashboardQuery[] {
  const whole = { fromMs, toMs }
  const lastFiveMinutes = { fromMs: toMs - 300_000, toMs }
  const hosts = hundredHosts.join('|')
  return [
    {
      name: 'one series, mean by 5 min',
      requests: {
        tidewatch: spec(whole, { aggregate: 'mean', every: '5m', where: [{ tag: 'host', op: '=', value: 'server-7' }] }),
        influxdb: influxql(whole, 'mean', `AND host = 'server-7' GROUP BY time(5m)`),
        victoriametrics: steps(whole, 300, `avg_over_time(cpu_usage_user{host="server-7"}[5m])`),
      },
    },
    {
      name: '100 hosts, mean by 5 min',
      requests: {
        tidewatch: spec(whole, {
          aggregate: 'mean',
          ...{ every: '5m', where: [{ tag: 'host', op: 'in', value: hundredHosts }], groupBy: ['host'], limit: 100_000 },
        }),
        influxdb: influxql(whole, 'mean', `AND host =~ /^(${hosts})$/ GROUP BY time(5m), host`),
        victoriametrics: steps(whole, 300, `avg_over_time(cpu_usage_user{host=~"${hosts}"}[5m])`),
      },
    },
    {
      name: 'last of 1,000 series, whole range',
      requests: {
        tidewatch: spec(whole, { aggregate: 'last', every: 'all', groupBy: ['host'] }),
        influxdb: influxql(whole, 'last', 'GROUP BY host'),
        victoriametrics: instant(toMs, `last_over_time(cpu_usage_user[${(toMs - fromMs) / hourMs}h])`),
      },
    },
    {
      name: 'last of 1,000 series, 5 min',
      requests: {
        tidewatch: spec(lastFiveMinutes, { aggregate: 'last', every: 'all', groupBy: ['host'] }),
        influxdb: influxql(lastFiveMinutes, 'last', 'GROUP BY host'),
        victoriametrics: instant(toMs, 'last_over_time(cpu_usage_user[5m])'),
      },
    },
    {
      // VictoriaMetrics has no percentile over the samples of several series.
      name: 'p95 over 1 h by service',
      requests: {
        tidewatch: spec({ fromMs: toMs - hourMs, toMs }, { aggregate: 'p95', every: 'all', groupBy: ['service'] }),
        influxdb: influxql({ fromMs: toMs - hourMs, toMs }, 'percentile', 'GROUP BY service'),
      },
    },
    {
      name: 'hourly means by service',
      requests: {
        tidewatch: spec(whole, { aggregate: 'mean', every: '1h', groupBy: ['service'] }),
        influxdb: influxql(whole, 'mean', 'GROUP BY time(1h), service'),
        victoriametrics: steps(whole, 3600, 'avg(avg_over_time(cpu_usage_user[1h])) by (service)'),
      },
    },
  ]
}

function spec({ fromMs, toMs }: Range, query: object): Request {
  const asked = { refId: 'A', kind: 'metrics', measurement: 'cpu', fields: ['usage_user'], ...query }
  return { path: '/api/v1/query', body: JSON.stringify({ range: { from: fromMs, to: toMs }, queries: [asked] }) }
}

function influxql({ fromMs, toMs }: Range, aggregate: string, rest: string): Request {
  const value = aggregate === 'percentile' ? 'percentile(usage_user, 95)' : `${aggregate}(usage_user)`
  const q = `SELECT ${value} FROM cpu WHERE time >= ${fromMs}ms AND time < ${toMs}ms ${rest}`
  return { path: `/query?${new URLSearchParams({ db: 'bench', epoch: 'ms', q })}` }
}

/** Without its cache of earlier answers, which the others do not have. */
function steps({ fromMs, toMs }: Range, stepSeconds: number, query: string): Request {
  const times = { start: String(fromMs / 1000 + stepSeconds), end: String(toMs / 1000), step: `${stepSeconds}s` }
  return { path: `/api/v1/query_range?${new URLSearchParams({ query, ...times, nocache: '1' })}` }
}

function instant(timeMs: number, query: string): Request {
  return { path: `/api/v1/query?${new URLSearchParams({ query, time: String(timeMs / 1000), nocache: '1' })}` }
}
