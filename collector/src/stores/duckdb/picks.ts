import type { FieldType } from '../../model/point.ts'
import type { StoredSeries } from '../shared/dictionary.ts'
import { type GroupSet, getOrAdd, tagOf } from '../shared/group-set.ts'
import type { Plan } from '../shared/plan.ts'

/** One field of one series that a query reads. */
export type Pick = {
  readonly fid: number
  readonly series: StoredSeries
  readonly group: number
  readonly column: number
  readonly rank: number
}

/** The fields that a query reads, by the type of their values. */
export type Picks = ReadonlyMap<FieldType, readonly Pick[]>

export function pickFields({ columns, groupBy }: Plan, series: readonly StoredSeries[], groups: GroupSet): Picks {
  const picks = new Map<FieldType, Pick[]>()
  series.forEach((one, rank) => {
    const group = groups.indexOf(groupBy.map((tag) => tagOf(one.tags, tag)))
    columns.forEach(({ name, stored }, column) => {
      const fid = one.fields.get(name)
      if (fid !== undefined && stored) getOrAdd(picks, stored, () => []).push({ fid, series: one, group, column, rank })
    })
  })
  return picks
}

/** A part is one column of one label set. */
export const partOf = ({ group, column }: Pick, width: number) => group * width + column

export function hasOneSeriesEach(picks: readonly Pick[], width: number): boolean {
  return new Set(picks.map((pick) => partOf(pick, width))).size === picks.length
}

/**
 * SQL that stands after FROM: the rows of the picked fields, each with its `part`.
 *
 * A single field is a literal, which DuckDB compares while it reads; of more it makes a hash table.
 * Their numbers are this program's own, and one text of digits costs less to parse than as many literals.
 */
export function pickedRows(rows: string, picks: readonly Pick[], width: number): string {
  const [only] = picks
  if (only && picks.length === 1) return `(SELECT ${partOf(only, width)} AS part, * FROM ${rows} WHERE fid = ${only.fid})`
  const fids = picks.map(({ fid }) => fid)
  const parts = picks.map((pick) => partOf(pick, width))
  return `(${rows} JOIN (SELECT ${unnested(fids)} AS fid, ${unnested(parts)} AS part) USING (fid))`
}

const unnested = (numbers: readonly number[]) => `unnest(string_split('${numbers.join(',')}', ',')::INTEGER[])`
