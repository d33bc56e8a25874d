import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../../lib/clock.ts'
import type { Interval } from '../../shared/rollups/intervals.ts'
import { ceilTo, floorTo, type LevelName, unitMs } from '../../shared/rollups/levels.ts'
import type { RelationOf } from '../relation.ts'
import type { Coverage, States } from './coverage.ts'
import { firstTimeMs, type Rolled, roll } from './roll.ts'
import { deleteDirty, saveStates } from './state-tables.ts'

export type RollupPace = {
  /** How long new values may come before their unit is rolled; later ones make it stale. */
  readonly lagMs: number
  /**
   * A level is only kept where it has at most a fifth of the values' rows: a window is about four
   * times as wide as a value, so one that hardly joins any costs more to read than what it stands for.
   */
  readonly valuesPerWindowMin: number
}

export type StepDoors = {
  readonly connection: DuckDBConnection
  readonly relationOf: RelationOf
  readonly betweenWrites: <Answer>(work: () => Promise<Answer>) => Promise<Answer>
  readonly clock: Clock
  readonly pace: RollupPace
  readonly coverage: Coverage
  /** What the store was told of values: the newest, and the oldest that are sure to be there. */
  readonly seen: { readonly newestMs: number | undefined; readonly rawFromMs: number }
}

/** About as many values are rolled in one transaction. */
const valuesAtOnce = 2_000_000
const hourMs = 3_600_000
const earliestMs = -9_000_000_000_000

/**
 * Rolls a stretch at a time, each in a transaction of its own.
 *
 * It begins and ends while no write is under way, so that every value is either seen by it or heard
 * of in `touch`; the work itself goes on beside the writes.
 */
export function createSteps({ connection, relationOf, betweenWrites, clock, pace, coverage, seen }: StepDoors) {
  let unitsAtOnce = hourMs / unitMs
  let wasEmpty = true
  let left: ReadonlySet<LevelName> = new Set()
  /** The end of what is being rolled, and the units that were written to since that began. */
  let underWay: { readonly toMs: number; readonly touched: Set<number> } | undefined

  const examinedMs = () => coverage.states().get('5m')?.examinedMs

  const limitOfFresh = () => floorTo(Math.min(clock.now(), seen.newestMs ?? clock.now()) - pace.lagMs, unitMs)

  /** At rest nothing is to be rolled for minutes on end, and the database is left alone. */
  function mayHaveFresh(): boolean {
    const from = examinedMs()
    return from === undefined || from < limitOfFresh()
  }

  /** What can be rolled next: within the hour, so that coarser windows find finer ones. */
  async function nextFresh(): Promise<Interval | undefined> {
    const limit = limitOfFresh()
    let from = examinedMs()
    if (from !== undefined && from >= limit) return undefined
    if (from === undefined || wasEmpty) {
      const first = await firstTimeMs({ connection, relationOf }, { from: from ?? earliestMs, to: limit })
      if (first === undefined) return from === undefined ? undefined : { from, to: limit }
      if (from !== undefined && first - from >= hourMs) return { from, to: floorTo(first, unitMs) }
      from ??= floorTo(first, unitMs)
    }
    return { from, to: Math.min(limit, ceilTo(from + 1, hourMs), from + unitsAtOnce * unitMs) }
  }

  function learn({ densities, values }: Rolled, fresh: Interval): void {
    const units = (fresh.to - fresh.from) / unitMs
    wasEmpty = values === 0
    if (values > 0) unitsAtOnce = Math.max(1, Math.min(hourMs / unitMs, Math.floor((valuesAtOnce / values) * units)))
    const density = densities.get('5m')
    if (density !== undefined) left = new Set(density / 5 < pace.valuesPerWindowMin ? ['1m' as const] : [])
  }

  async function begin(stale: readonly number[]): Promise<Interval | undefined> {
    await connection.run('BEGIN')
    // The transaction sees what is there at its first statement.
    await connection.run('SELECT count(*) FROM rollup_state')
    const fresh = stale.length > 0 ? undefined : await nextFresh()
    underWay = { toMs: fresh?.to ?? Number.NEGATIVE_INFINITY, touched: new Set() }
    return fresh
  }

  async function finish(states: States, stale: readonly number[]): Promise<void> {
    await saveStates(connection, states)
    await deleteDirty(connection, stale)
    await connection.run('COMMIT')
    const clean = stale.filter((unit) => !underWay?.touched.has(unit))
    coverage.become(states, clean)
  }

  async function rollBackOnError<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work()
    } catch (thrown) {
      await connection.run('ROLLBACK').catch(() => undefined)
      throw thrown
    } finally {
      underWay = undefined
    }
  }

  return {
    /** Rolls these units anew, or else what is new; false when there is nothing to do. */
    step: async (stale: readonly number[]): Promise<boolean> => {
      if (stale.length === 0 && !mayHaveFresh()) return false
      return rollBackOnError(async () => {
        const fresh = await betweenWrites(() => begin(stale))
        if (stale.length === 0 && !fresh) {
          await connection.run('ROLLBACK')
          return false
        }
        const { valuesPerWindowMin } = pace
        const job = { states: coverage.states(), fresh, stale, rawFromMs: seen.rawFromMs, left, valuesPerWindowMin }
        const rolled = await roll({ connection, relationOf }, job)
        await betweenWrites(() => finish(rolled.states, stale))
        if (fresh) learn(rolled, fresh)
        return true
      })
    },
    /** Runs statements that change what is covered, which `change` returns. */
    change: (change: () => Promise<States>): Promise<void> =>
      rollBackOnError(() =>
        betweenWrites(async () => {
          await connection.run('BEGIN')
          await finish(await change(), [])
        }),
      ),
    /** Values before this time make their unit stale. */
    limitMs: () => Math.max(examinedMs() ?? Number.NEGATIVE_INFINITY, underWay?.toMs ?? Number.NEGATIVE_INFINITY),
    touch: (unit: number): void => void underWay?.touched.add(unit),
  }
}
