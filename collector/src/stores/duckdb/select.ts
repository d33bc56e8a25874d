import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import type { FieldType, FieldValue } from '../../model/point.ts'
import type { Frame } from '../../model/query.ts'
import { type BucketFrames, type Cell, createBucketFrames } from '../shared/bucket-frames.ts'
import type { StoredSeries } from '../shared/dictionary.ts'
import { compareText } from '../shared/group-set.ts'
import type { Plan } from '../shared/plan.ts'
import { createRawFrames } from '../shared/raw-frames.ts'
import { numericTypes } from '../shared/rollups/levels.ts'
import { planSegments, type Segment } from '../shared/rollups/segments.ts'
import type { LastValues } from './last/last-values.ts'
import { asksForLast, takeLast } from './last/take-last.ts'
import { hasOneSeriesEach, type Pick, type Picks, partOf, pickedRows, pickFields } from './picks.ts'
import type { RelationOf } from './relation.ts'
import type { Coverage } from './rollups/coverage.ts'
import { columnsOf, toWindowsSql } from './rollups/read-sql.ts'
import { windowRows } from './rollups/window-rows.ts'
import { toAggregateSql, toRawSql } from './sql.ts'

/** Lends a connection for as long as the work runs. */
type UseConnection = <Answer>(work: (connection: DuckDBConnection) => Promise<Answer>) => Promise<Answer>

export type SelectDoors = {
  readonly use: UseConnection
  readonly relationOf: RelationOf
  readonly last: LastValues
  readonly coverage: Coverage
}

type ReadDoors = { readonly connection: DuckDBConnection; readonly relationOf: RelationOf }

/** Runs a query on the series its filters let through. */
export async function selectFrames(doors: SelectDoors, plan: Plan, series: readonly StoredSeries[]): Promise<Frame[]> {
  const { use, relationOf, last } = doors
  if (plan.query.aggregate === 'none') return use((connection) => selectRaw({ connection, relationOf }, plan, series))
  const frames = createBucketFrames(plan)
  const picks = pickFields(plan, series, frames.groups)
  const left = asksForLast(plan) && last.isComplete() ? takeLast(picks, plan, frames, last) : picks
  if (left.size > 0) await readBuckets(doors, plan, left, frames)
  return frames.frames()
}

/** A query is planned anew when late values made a roll-up stale while it ran, and the last time reads raw. */
const plansMax = 3

async function readBuckets({ use, relationOf, coverage }: SelectDoors, plan: Plan, left: Picks, frames: BucketFrames): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const version = coverage.version()
    const segments = attempt < plansMax ? planSegments(plan, ({ name, widthMs }) => coverage.usable(name, widthMs)) : undefined
    await use(async (connection) => {
      for (const [type, picks] of left) {
        const doors = { connection, relationOf }
        const isRead = segments && numericTypes.includes(type) && (await readWindows(doors, plan, type, picks, segments, frames))
        if (!isRead) await readValues(doors, plan, type, picks, frames)
      }
    })
    if (!segments || coverage.version() === version) return
  }
}

async function readValues(doors: ReadDoors, plan: Plan, type: FieldType, picks: readonly Pick[], frames: BucketFrames): Promise<void> {
  const width = plan.columns.length
  const { connection, relationOf } = doors
  const relation = await relationOf(connection, { type, range: plan.range, fids: picks.map(({ fid }) => fid) })
  const sql = toAggregateSql({ type, sql: pickedRows(relation.sql, picks, width) }, plan, hasOneSeriesEach(picks, width))
  await readRows(connection, sql, (chunk) => takeBuckets(chunk, width, frames))
}

/** False when the roll-ups lack what the query asks for. */
async function readWindows(
  doors: ReadDoors,
  plan: Plan,
  type: FieldType,
  picks: readonly Pick[],
  segments: readonly Segment[],
  frames: BucketFrames,
): Promise<boolean> {
  const width = plan.columns.length
  const wanted = { types: [type], fids: picks.map(({ fid }) => fid), columns: columnsOf(plan) }
  const rowsOf = async (some: readonly Segment[]) => pickedRows(await windowRows(doors, some, wanted), picks, width)
  let isKnown = true
  await readRows(doors.connection, await toWindowsSql(rowsOf, segments, plan, hasOneSeriesEach(picks, width)), (chunk) => {
    isKnown &&= chunk.columnCount < 4 || !chunk.getColumnValues(3).includes(true)
    if (isKnown) takeBuckets(chunk, width, frames)
  })
  return isKnown
}

function takeBuckets(chunk: DuckDBDataChunk, width: number, frames: BucketFrames): void {
  const { rowCount } = chunk
  const [parts, buckets, values] = [0, 1, 2].map((column) => chunk.getColumnVector(column))
  for (let row = 0; row < rowCount; row++) {
    const part = Number(parts?.getItem(row))
    frames.set(Math.floor(part / width), part % width, Number(buckets?.getItem(row)), (values?.getItem(row) ?? null) as Cell | null)
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

/** Chunks of 2,048 rows that are taken in one turn of the event loop: a few milliseconds' work. */
const chunksAtOnce = 8

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Reads an answer of buckets, whose number is bounded, in one call: each call waits for a thread twice. */
async function readRows(connection: DuckDBConnection, sql: string, read: (chunk: DuckDBDataChunk) => void): Promise<void> {
  const result = await connection.run(sql)
  const { chunkCount } = result
  for (let i = 0; i < chunkCount; i++) {
    read(result.getChunk(i))
    if ((i + 1) % chunksAtOnce === 0) await breathe()
  }
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
