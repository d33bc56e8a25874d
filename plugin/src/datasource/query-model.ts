import type { DataQuery, DataSourceJsonData } from '@grafana/schema'
import type { MetricsQueryInput } from '../../../collector/src/contract/query.ts'

export type QueryKind = 'metrics' | 'health' | 'alerts' | 'deployments'
export type TagFilter = NonNullable<MetricsQueryInput['where']>[number]
export type Aggregate = NonNullable<MetricsQueryInput['aggregate']>
export type Fill = NonNullable<MetricsQueryInput['fill']>

/**
 * What a dashboard keeps of a query: the collector's own query, and a few things only Grafana needs.
 *
 * One flat object, so that changing the kind and back loses nothing.
 */
export interface TidewatchQuery extends DataQuery {
  kind: QueryKind
  measurement?: string
  fields?: string[]
  aggregate?: Aggregate
  /** A duration, `all` for one value over the range, or nothing for Grafana's interval. */
  every?: string
  where?: TagFilter[]
  groupBy?: string[]
  fill?: Fill
  order?: 'asc' | 'desc'
  limit?: number
  /** Name of a series: `{{field}}` and `{{tag}}` stand for what they say. */
  alias?: string
  view?: 'current' | 'history' | 'active' | 'all' | 'count' | 'noise'
  components?: string[]
  environments?: string[]
  services?: string[]
  states?: string[]
  severities?: string[]
  text?: string
  /** Asks again as soon as the collector tells of a change. */
  live?: boolean
}

export interface TidewatchOptions extends DataSourceJsonData {
  /** Where Grafana's server reaches the collector. */
  url?: string
  /** The shortest bucket of a time series; the host source reads every ten seconds. */
  minInterval?: string
}

export interface TidewatchSecrets {
  readToken?: string
  operateToken?: string
}

export const defaultQuery = { kind: 'metrics', aggregate: 'mean', fill: 'none' } as const satisfies Partial<TidewatchQuery>

/** How many alerts a query asks for that says nothing of it. */
export const alertsLimit = 1000

/** Whether a query says enough to be sent. */
export function isRunnable(query: TidewatchQuery): boolean {
  if (query.kind !== 'metrics') return query.kind !== undefined
  return Boolean(query.measurement) && (query.fields ?? []).some((field) => field !== '')
}

/** One line for collapsed query rows and the history. */
export function toDisplayText(query: TidewatchQuery): string {
  if (query.kind === 'metrics') return toMetricsText(query)
  const narrowed = [...(query.services ?? []), ...(query.components ?? []), ...(query.environments ?? []), ...(query.severities ?? [])]
  const view = query.view === undefined ? '' : ` (${query.view})`
  return `${query.kind}${view}${narrowed.length > 0 ? ` of ${narrowed.join(', ')}` : ''}`
}

function toMetricsText(query: TidewatchQuery): string {
  const { measurement, fields = [], aggregate = 'mean', where = [], groupBy = [] } = query
  if (!measurement) return 'metrics: choose a measurement'
  const what = aggregate === 'none' ? fields.join(', ') : `${aggregate}(${fields.join(', ')})`
  const filters = where.map(({ tag, op, value }) => `${tag} ${op} ${[value].flat().join('|')}`)
  return [
    `${what} of ${measurement}`,
    filters.length > 0 ? `where ${filters.join(' and ')}` : '',
    groupBy.length > 0 ? `by ${groupBy.join(', ')}` : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}
