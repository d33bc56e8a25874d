import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import type { FieldType, FieldValue } from '../../model/point.ts'
import type { Frame } from '../../model/query.ts'
import { type Cell, createBucketFrames } from '../shared/bucket-frames.ts'
import type { StoredSeries } from '../shared/dictionary.ts'
import { compareText, type GroupSet, getOrAdd, tagOf } from '../shared/group-set.ts'
import type { Plan } from '../shared/plan.ts'
import { createRawFrames } from '../shared/raw-frames.ts'
import type { RelationOf } from './relation.ts'
import { toAggregateSql, toRawSql } from './sql.ts'

/** One field of one series that a query reads. */
type Pick = { readonly fid: number; readonly series: StoredSeries; readonly group: number; readonly column: number; readonly rank: number }

type SelectDoors = { readonly connection: DuckDBConnection; readonly relationOf: RelationOf }

/** Runs a query on the series its filters let through. */
export async function selectFrames(doors: SelectDoors, plan: Plan, series: readonly StoredSeries[]): Promise<Frame[]> {
  return plan.query.aggregate === 'none' ? selectRaw(doors, plan, series) : selectBuckets(doors, plan, series)
}

async function selectBuckets({ connection, relationOf }: SelectDoors, plan: Plan, series: readonly StoredSeries[]): Promise<Frame[]> {
  const frames = createBucketFrames(plan)
  const width = plan.columns.length
  for (const [type, picks] of pickFields(plan, series, frames.groups)) {
    const relation = await relationOf(connection, { type, range: plan.range, fids: picks.map(({ fid }) => fid) })
    const sql = toAggregateSql(relation, plan, hasOneSeriesEach(picks, width))
    await readChunks(connection, sql, toLists(picks, width), (chunk) => {
      const [parts, buckets, values] = [0, 1, 2].map((column) => chunk.getColumnVector(column))
      for (let row = 0; row < chunk.rowCount; row++) {
        const part = Number(parts?.getItem(row))
        frames.set(Math.floor(part / width), part % width, Number(buckets?.getItem(row)), (values?.getItem(row) ?? null) as Cell | null)
      }
    })
  }
  return frames.frames()
}

async function selectRaw({ connection, relationOf }: SelectDoors, plan: Plan, series: readonly StoredSeries[]): Promise<Frame[]> {
  const frames = createRawFrames(plan)
  const width = plan.columns.length
  const sorted = series.toSorted((a, b) => compareText(a.key, b.key))
  for (const [type, picks] of pickFields(plan, sorted, frames.groups)) {
    const byFid = new Map(picks.map((pick) => [pick.fid, { ...pick, ofKey: frames.seriesOf(pick.series.key) }]))
    const relation = await relationOf(connection, { type, range: plan.range, fids: [...byFid.keys()] })
    const sql = toRawSql(relation, plan, new Set(picks.map((pick) => partOf(pick, width))).size === 1)
    const lists = { ...toLists(picks, width), ranks: picks.map(({ rank }) => rank).join(',') }
    await readChunks(connection, sql, lists, (chunk) => {
      const [fids, times, values] = [0, 1, 2].map((column) => chunk.getColumnVector(column))
      for (let row = 0; row < chunk.rowCount; row++) {
        const pick = byFid.get(Number(fids?.getItem(row)))
        if (pick) frames.set(pick.group, pick.column, pick.ofKey, times?.getItem(row) as bigint, values?.getItem(row) as FieldValue)
      }
    })
  }
  return frames.frames()
}

/** The fields to read, by the table that holds them. */
function pickFields({ columns, groupBy }: Plan, series: readonly StoredSeries[], groups: GroupSet): Map<FieldType, Pick[]> {
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

const partOf = ({ group, column }: Pick, width: number) => group * width + column

function hasOneSeriesEach(picks: readonly Pick[], width: number): boolean {
  return new Set(picks.map((pick) => partOf(pick, width))).size === picks.length
}

function toLists(picks: readonly Pick[], width: number): Record<string, string> {
  return { fids: picks.map(({ fid }) => fid).join(','), parts: picks.map((pick) => partOf(pick, width)).join(',') }
}

/** Reads an answer chunk by chunk, so that a million rows never block the process in one piece. */
async function readChunks(
  connection: DuckDBConnection,
  sql: string,
  parameters: Record<string, string>,
  read: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  const result = await connection.stream(sql, parameters)
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) read(chunk)
}
