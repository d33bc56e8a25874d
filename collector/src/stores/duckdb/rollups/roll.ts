import type { DuckDBConnection } from '@duckdb/node-api'
import { add, type Interval, intersect, subtract, windowsOf } from '../../shared/rollups/intervals.ts'
import { floorTo, type Level, type LevelName, levels, numericTypes, unitMs } from '../../shared/rollups/levels.ts'
import { coverRange, type Segment } from '../../shared/rollups/segments.ts'
import type { RelationOf } from '../relation.ts'
import { fromRaw, fromWindows, rawColumns, windowColumns } from './build-sql.ts'
import type { LevelState, States } from './coverage.ts'
import { tableOf } from './table-of.ts'
import { toNs, windowRows } from './window-rows.ts'

/** What to roll: what is new, or units that late data made stale. */
export type Job = {
  readonly states: States
  /** Whole units that follow on what was examined. */
  readonly fresh?: Interval
  readonly stale: readonly number[]
  /** Values before this time may have been deleted, so nothing can be rolled from them. */
  readonly rawFromMs: number
  /** Levels that are expected to hold too many rows, and so are not even tried. */
  readonly left: ReadonlySet<LevelName>
  readonly valuesPerWindowMin: number
}

export type Rolled = { readonly states: States; readonly densities: ReadonlyMap<LevelName, number>; readonly values: number }

export type RollDoors = { readonly connection: DuckDBConnection; readonly relationOf: RelationOf }

/** Rolls level by level, each from the finer ones, within the connection's open transaction. */
export async function roll(doors: RollDoors, job: Job): Promise<Rolled> {
  const states = new Map<LevelName, LevelState>(job.states)
  const densities = new Map<LevelName, number>()
  let values = 0
  for (const level of levels) {
    const state = states.get(level.name) ?? { covered: [] }
    const fresh = freshOf(level, state, job)
    const stale = staleOf(level, state, job)
    for (const range of stale) await doors.connection.run(`DELETE FROM "${tableOf(level)}" WHERE ${within(range)}`)
    let covered = stale.reduce(subtract, state.covered)
    for (const range of [...stale, ...fresh]) {
      const segments = coverRange(range, finerThan(level), ({ name }) => states.get(name)?.covered ?? [])
      if (job.left.has(level.name) || segments.some((one) => !one.level && one.from < job.rawFromMs)) continue
      const found = await rollRange(doors, level, range, segments, job.valuesPerWindowMin)
      if (found.windows > 0) densities.set(level.name, found.values / found.windows)
      if (level.widthMs === unitMs) values += found.values
      if (found.kept) covered = add(covered, range)
    }
    states.set(level.name, { examinedMs: fresh[0]?.to ?? state.examinedMs, covered })
  }
  return { states, densities, values }
}

const finerThan = ({ widthMs }: Level) => levels.filter((other) => other.widthMs < widthMs)

/** The windows of a level that the new units complete. */
function freshOf({ widthMs }: Level, { examinedMs }: LevelState, { fresh }: Job): readonly Interval[] {
  if (!fresh) return []
  const range = { from: examinedMs ?? floorTo(fresh.from, widthMs), to: floorTo(fresh.to, widthMs) }
  return range.from < range.to ? [range] : []
}

/** Windows that were not examined yet hold no stale rows, and are rolled when they are complete. */
function staleOf({ widthMs }: Level, { examinedMs }: LevelState, { stale }: Job): readonly Interval[] {
  return examinedMs === undefined ? [] : intersect(windowsOf(stale, widthMs), { from: Number.NEGATIVE_INFINITY, to: examinedMs })
}

async function rollRange(doors: RollDoors, level: Level, range: Interval, segments: readonly Segment[], valuesPerWindowMin: number) {
  const isRaw = segments.every((segment) => !segment.level)
  const rows = await windowRows(doors, segments, { types: numericTypes, columns: isRaw ? rawColumns : windowColumns })
  const { connection } = doors
  await connection.run(`CREATE OR REPLACE TEMP TABLE rolled AS ${(isRaw ? fromRaw : fromWindows)(rows, level, range.from)}`)
  const counted = await connection.runAndReadAll('SELECT count(*)::DOUBLE, coalesce(sum(count), 0)::DOUBLE FROM rolled')
  const [windows, values] = counted.getRows()[0] as [number, number]
  const kept = windows === 0 || values / windows >= valuesPerWindowMin
  // A field's windows lie side by side, so that a question about one field reads few of the others'.
  if (kept) await connection.run(`INSERT INTO "${tableOf(level)}" SELECT * FROM rolled ORDER BY fid, time`)
  await connection.run('DROP TABLE rolled')
  return { windows, values, kept }
}

/** The first time at or after `from` at which there is a value, in milliseconds rounded down. */
export async function firstTimeMs({ connection, relationOf }: RollDoors, range: Interval): Promise<number | undefined> {
  let first: bigint | undefined
  for (const type of numericTypes) {
    const { sql } = await relationOf(connection, { type, range })
    const reader = await connection.runAndReadAll(`SELECT min(time) FROM ${sql} WHERE ${within(range)}`)
    const time = (reader.getRows()[0]?.[0] ?? undefined) as bigint | undefined
    if (time !== undefined && (first === undefined || time < first)) first = time
  }
  return first === undefined ? undefined : Math.floor(Number(first / 1000n) / 1000)
}

const within = ({ from, to }: Interval) => `time >= ${toNs(from)} AND time < ${toNs(to)}`
