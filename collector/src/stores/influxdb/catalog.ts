import type { FieldType } from '../../model/point.ts'
import type { TagFilter } from '../../model/query.ts'
import type { FieldInfo } from '../../model/store.ts'
import { compareText } from '../shared/group-set.ts'
import { fromClause, quoteName, type Source, toTagConditions } from './influxql.ts'
import type { SeriesPiece } from './read-series.ts'
import type { RunQuery } from './run-query.ts'

export type Catalog = ReturnType<typeof createCatalog>

/** What a database holds. */
export function createCatalog(source: Source, runQuery: RunQuery) {
  async function show(text: string, parameters: Record<string, string>, signal?: AbortSignal): Promise<SeriesPiece[]> {
    const pieces: SeriesPiece[] = []
    for await (const piece of runQuery({ text, parameters }, { epoch: 'ms', signal })) pieces.push(piece)
    return pieces
  }

  /** The distinct texts of one column of an answer, sorted. */
  async function list(statement: string, column: number, parameters: Record<string, string>, signal?: AbortSignal): Promise<string[]> {
    const series = await show(statement, parameters, signal)
    return [...new Set(series.flatMap(({ values }) => values.map((row) => String(row[column]))))].sort(compareText)
  }

  const from = (measurement: string | undefined) => (measurement === undefined ? '' : fromClause(measurement, source))

  return {
    async seriesCount(signal?: AbortSignal): Promise<number | undefined> {
      const [series] = await show('SHOW SERIES CARDINALITY', {}, signal)
      const count = series?.values[0]?.[0]
      return typeof count === 'number' ? count : undefined
    },
    measurements: async (signal?: AbortSignal) => list('SHOW MEASUREMENTS', 0, {}, signal),
    async fields(measurement: string, signal?: AbortSignal): Promise<FieldInfo[]> {
      const series = await show(`SHOW FIELD KEYS ${from(measurement)}`, {}, signal)
      // A field whose type differs from shard to shard is listed once for each; the first one holds.
      const types = new Map<string, FieldType>()
      for (const [name, type] of series.flatMap(({ values }) => values))
        if (!types.has(String(name))) types.set(String(name), type as FieldType)
      return [...types].map(([name, type]) => ({ name, type })).sort((a, b) => compareText(a.name, b.name))
    },
    tags: async (measurement: string | undefined, signal?: AbortSignal) => list(`SHOW TAG KEYS ${from(measurement)}`, 0, {}, signal),
    async tagValues(measurement: string | undefined, tag: string, where: readonly TagFilter[], signal?: AbortSignal): Promise<string[]> {
      const parameters: Record<string, string> = {}
      const conditions = toTagConditions(where, parameters)
      if (!conditions) return []
      const filter = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
      return list(`SHOW TAG VALUES ${from(measurement)} WITH KEY = ${quoteName(tag)} ${filter}`, 1, parameters, signal)
    },
  }
}
