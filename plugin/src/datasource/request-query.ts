import type { Query } from '../../../collector/src/contract/query.ts'
import { alertsLimit, type TidewatchQuery } from './query-model.ts'

/** A query as the collector takes it: only what its kind knows, and nothing left empty. */
export function toRequestQuery(query: TidewatchQuery, intervalMs: number): Query {
  const { refId } = query
  const limit = query.limit === undefined ? {} : { limit: query.limit }
  switch (query.kind) {
    case 'health':
      return {
        refId,
        kind: 'health',
        view: query.view === 'history' ? 'history' : 'current',
        components: filled(query.components),
        environments: filled(query.environments),
        ...limit,
      }
    case 'alerts':
      return {
        refId,
        kind: 'alerts',
        view: toAlertsView(query.view),
        states: filled(query.states),
        severities: filled(query.severities),
        text: query.text ?? '',
        limit: query.limit ?? alertsLimit,
      }
    case 'deployments':
      return { refId, kind: 'deployments', services: filled(query.services), environments: filled(query.environments), ...limit }
    default:
      return toMetricsRequest(query, intervalMs)
  }
}

/** What a query shows of alerts; one that came from another kind shows those that are active. */
export function toAlertsView(view: TidewatchQuery['view']): 'active' | 'all' | 'count' | 'noise' {
  return view === 'all' || view === 'count' || view === 'noise' ? view : 'active'
}

function toMetricsRequest(query: TidewatchQuery, intervalMs: number): Query {
  const { refId, measurement = '', aggregate = 'mean', every, fill = 'none', order, limit } = query
  return {
    refId,
    kind: 'metrics',
    measurement,
    fields: filled(query.fields),
    aggregate,
    ...(aggregate !== 'none' && { every: every || `${Math.max(1, Math.round(intervalMs))}ms` }),
    where: (query.where ?? []).filter(({ tag, value }) => tag !== '' && value !== undefined),
    groupBy: filled(query.groupBy),
    fill,
    ...(order !== undefined && { order }),
    ...(limit !== undefined && { limit }),
  }
}

function filled(names: readonly string[] = []): string[] {
  return names.filter((name) => name !== '')
}
