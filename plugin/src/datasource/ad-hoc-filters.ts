import type { AdHocVariableFilter } from '@grafana/data'
import { anyOf } from './interpolate.ts'
import type { TagFilter, TidewatchQuery } from './query-model.ts'

/** The lists of our own kinds that a filter on a tag of that name narrows. */
const lists = { component: 'components', environment: 'environments', service: 'services', severity: 'severities' } as const

const listsOfKind: Readonly<Record<string, readonly string[]>> = {
  health: ['component', 'environment'],
  alerts: ['severity'],
  deployments: ['service', 'environment'],
}

/** Adds the dashboard's ad-hoc filters to a query. Throws a sentence for an operator it cannot keep. */
export function withAdHocFilters(query: TidewatchQuery, filters: readonly AdHocVariableFilter[] = []): TidewatchQuery {
  const complete = filters.filter(({ key, operator }) => key !== '' && operator !== '')
  if (complete.length === 0) return query
  if (query.kind === 'metrics') return { ...query, where: [...(query.where ?? []), ...complete.map(toTagFilter)] }
  return complete.reduce(narrowList, query)
}

/** A filter on a tag that health, alerts or deployments do not have is about other panels. */
function narrowList(query: TidewatchQuery, filter: AdHocVariableFilter): TidewatchQuery {
  if (!listsOfKind[query.kind]?.includes(filter.key)) return query
  const asked = toTagFilter(filter)
  if (asked.op !== '=' && asked.op !== 'in') {
    throw new Error(`The filter "${filter.key} ${filter.operator} ${filter.value}" cannot be used on ${query.kind}. Use = or "one of".`)
  }
  const name = lists[filter.key as keyof typeof lists]
  return { ...query, [name]: [asked.value].flat() }
}

function toTagFilter({ key, operator, value, values = [] }: AdHocVariableFilter): TagFilter {
  switch (operator) {
    case '=':
    case '!=':
    case '=~':
    case '!~':
      return { tag: key, op: operator, value }
    case '=|':
      return { tag: key, op: 'in', value: values.length > 0 ? values : [value] }
    case '!=|':
      return { tag: key, op: '!~', value: anyOf(values.length > 0 ? values : [value]) }
    default:
      throw new Error(`The filter "${key} ${operator} ${value}" cannot be used: tags know =, !=, =~, !~ and "one of".`)
  }
}
