import type { Frame, QueryRequest, QueryResponse, QueryResult } from '../../../collector/src/contract/query.ts'
import type { Changed } from './live.ts'

type Query = QueryRequest['queries'][number]

/** After more changes than this, all is asked for: the answer is hardly longer, and looks at each alert once. */
const changedMax = 200

/** What earlier answers held, by refId; of lists of alerts only, for nothing else is asked for in part. */
export type Earlier = ReadonlyMap<string, Frame>

/** The queries as they need to be asked after a change: of alerts that were listed before, only those that changed. */
export function toChangedQueries(queries: readonly Query[], changed: Changed, earlier: Earlier): Query[] {
  const ids = changed.size > 0 ? (changed.get('alerts') ?? new Set<string>()) : 'any'
  if (ids === 'any' || ids.size > changedMax) return [...queries]
  return queries.map((query) => (query.kind === 'alerts' && earlier.has(query.refId) ? { ...query, ids: [...ids] } : query))
}

/** The answer to such queries as if everything had been asked for. */
export function mergeAnswers(asked: readonly Query[], { results }: QueryResponse, earlier: Earlier): QueryResponse {
  const merged = asked.map((query): [string, QueryResult | undefined] => {
    const result = results[query.refId]
    const before = earlier.get(query.refId)
    const [frame] = result?.frames ?? []
    if (query.kind !== 'alerts' || query.ids === undefined || !before || !frame) return [query.refId, result]
    return [query.refId, { frames: [mergeFrame(before, frame, new Set(query.ids))] }]
  })
  return {
    results: { ...results, ...Object.fromEntries(merged.filter((entry): entry is [string, QueryResult] => entry[1] !== undefined)) },
  }
}

/** Lists of alerts that changes may be put into: those that are whole. */
export function toEarlier(queries: readonly Query[], { results }: QueryResponse): Earlier {
  return new Map(
    queries.flatMap((query): [string, Frame][] => {
      const [frame] = results[query.refId]?.frames ?? []
      if (query.kind !== 'alerts' || !(query.view === 'active' || query.view === 'all') || !frame) return []
      const isWhole = (frame.fields[0]?.values.length ?? 0) < (query.limit ?? 0)
      return isWhole ? [[query.refId, frame]] : []
    }),
  )
}

/** The rows of the changed alerts as they are now, and after them all others as they were. */
function mergeFrame(before: Frame, fresh: Frame, ids: ReadonlySet<string>): Frame {
  const known = before.fields.find(({ name }) => name === 'id')?.values ?? []
  const kept = known.flatMap((id, row) => (ids.has(String(id)) ? [] : [row]))
  const fields = fresh.fields.map((field) => {
    const old = before.fields.find(({ name }) => name === field.name)?.values ?? []
    return { ...field, values: [...field.values, ...kept.map((row) => old[row] ?? null)] }
  })
  return { ...fresh, fields }
}
