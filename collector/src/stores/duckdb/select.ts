import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import type { FieldValue } from '../../model/point.ts'
import type { Frame } from '../../model/query.ts'
import { type BucketFrames, type Cell, createBucketFrames } from '../shared/bucket-frames.ts'
import type { StoredSeries } from '../shared/dictionary.ts'
import { compareText } from '../shared/group-set.ts'
import type { Plan } from '../shared/plan.ts'
import { createRawFrames } from '../shared/raw-frames.ts'
import type { LastValues } from './last/last-values.ts'
import { asksForLast, takeLast } from './last/take-last.ts'
import { hasOneSeriesEach, type Pick, type Picks, partOf, pickFields } from './picks.ts'
import type { RelationOf } from './relation.ts'
import { toAggregateSql, toRawSql } from './sql.ts'

/** Lends a connection for as long as the work runs. */
type UseConnection = <Answer>(work: (connection: DuckDBConnection) => Promise<Answer>) => Promise<Answer>

export type SelectDoors = { readonly use: UseConnection; readonly relationOf: RelationOf; readonly last: LastValues }

type ReadDoors = { readonly connection: DuckDBConnection; readonly relationOf: RelationOf }

/** Runs a query on the series its filters let through. */
export async function selectFrames(doors: SelectDoors, plan: Plan, series: readonly StoredSeries[]): Promise<Frame[]> {
  const { use, relationOf, last } = doors
  if (plan.query.aggregate === 'none') return use((connection) => selectRaw({ connection, relationOf }, plan, series))
  const frames = createBucketFrames(plan)
  const picks = pickFields(plan, series, frames.groups)
  const left = asksForLast(plan) && last.isComplete() ? takeLast(picks, plan, frames, last) : picks
  if (left.size > 0) await use((connection) => readBuckets({ connection, relationOf }, plan, left, frames))
  return frames.frames()
}

async function readBuckets({ connection, relationOf }: ReadDoors, plan: Plan, left: Picks, frames: BucketFrames): Promise<void> {
  const width = plan.columns.length
  for (const [type, picks] of left) {
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
}

async function selectRaw({ connection, relationOf }: ReadDoors, plan: Plan, series: readonly StoredSeries[]): Promise<Frame[]> {
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
