import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import type { Rows } from '../append.ts'
import type { RelationOf } from '../relation.ts'
import { createCoverage, type States } from './coverage.ts'
import { type Interval, subtract } from './intervals.ts'
import { newestMsOf, unitsBefore } from './late-units.ts'
import { ceilTo, floorTo, type LevelName, levels, unitMs } from './levels.ts'
import { firstTimeMs, type Job, type Rolled, roll } from './roll.ts'
import { deleteDirty, loadStates, saveDirty, saveRawFrom, saveStates } from './state-tables.ts'
import { toNs } from './window-rows.ts'

export type RollupPace = {
  /** How long new values may come before their unit is rolled; later ones make it stale. */
  readonly lagMs: number
  /**
   * A level is only kept where it has at most a fifth of the values' rows: a window is about four
   * times as wide as a value, so one that hardly joins any costs more to read than what it stands for.
   */
  readonly valuesPerWindowMin: number
}

export const defaultPace: RollupPace = { lagMs: 120_000, valuesPerWindowMin: 5 }

const everyMs = 15_000
const keepEveryMs = 3_600_000
/** About as many values are rolled in one transaction. */
const valuesAtOnce = 2_000_000
const hourMs = 3_600_000

export type RollupDoors = {
  /** A connection of its own. */
  readonly connection: DuckDBConnection
  readonly relationOf: RelationOf
  /** Runs work while no write is under way. */
  readonly betweenWrites: <Answer>(work: () => Promise<Answer>) => Promise<Answer>
  readonly clock: Clock
  readonly log: Log
  readonly pace: RollupPace
  /** How long each level is kept; left out: for ever. */
  readonly keepMs: Readonly<Partial<Record<LevelName, number | undefined>>>
}

export type Rollups = Awaited<ReturnType<typeof createRollups>>

/**
 * Keeps windows of each numeric field beside its values, made in the background.
 *
 * What is rolled and how far that is are committed together, and so are late values and the units
 * they make stale: killed at any time, the store never takes an old window for a true one.
 */
export async function createRollups({ connection, relationOf, betweenWrites, clock, log, keepMs, pace }: RollupDoors) {
  const coverage = createCoverage()
  const stored = await loadStates(connection)
  coverage.become(stored.states, [])
  stored.dirty.forEach(coverage.mark)
  let rawFromMs = stored.rawFromMs
  let newestMs: number | undefined
  let unitsAtOnce = hourMs / unitMs
  let wasEmpty = true
  let left: ReadonlySet<LevelName> = new Set()
  /** What a job under way reads: its end, and the units that were written to since it began. */
  let underWay: { readonly toMs: number; readonly touched: Set<number> } | undefined
  let stopped = false
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()
  let current: Promise<unknown> = Promise.resolve()
  let keptAtMs = Number.NEGATIVE_INFINITY

  const examinedMs = () => coverage.states().get('5m')?.examinedMs

  /** Late units are rolled a day at a time: they share its widest window. */
  function nextStale(): readonly number[] {
    const units = [...coverage.dirtyUnits()].sort((a, b) => a - b)
    const day = floorTo(units[0] ?? 0, 24 * hourMs)
    return units.filter((unit) => unit < day + 24 * hourMs)
  }

  /** What can be rolled next of what is new: within the hour, so that coarser windows find finer ones. */
  async function nextFresh(): Promise<Interval | undefined> {
    const limit = floorTo(Math.min(clock.now(), newestMs ?? clock.now()) - pace.lagMs, unitMs)
    let from = examinedMs()
    if (from !== undefined && from >= limit) return undefined
    if (from === undefined || wasEmpty) {
      const first = await firstTimeMs({ connection, relationOf }, { from: from ?? -9_000_000_000_000, to: limit })
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

  /** One transaction of work; false when there is nothing to do. */
  async function step(): Promise<boolean> {
    const stale = nextStale()
    try {
      const fresh = await betweenWrites(() => begin(stale))
      if (stale.length === 0 && !fresh) {
        await connection.run('ROLLBACK')
        return false
      }
      const job: Job = { states: coverage.states(), fresh, stale, rawFromMs, left, valuesPerWindowMin: pace.valuesPerWindowMin }
      const rolled = await roll({ connection, relationOf }, job)
      await betweenWrites(() => finish(rolled.states, stale))
      if (fresh) learn(rolled, fresh)
      return true
    } catch (thrown) {
      await connection.run('ROLLBACK').catch(() => undefined)
      throw thrown
    } finally {
      underWay = undefined
    }
  }

  async function finish(states: States, stale: readonly number[]): Promise<void> {
    await saveStates(connection, states)
    await deleteDirty(connection, stale)
    await connection.run('COMMIT')
    coverage.become(
      states,
      stale.filter((unit) => !underWay?.touched.has(unit)),
    )
  }

  /** Drops windows that are older than their level is kept. */
  async function dropOld(): Promise<void> {
    if (clock.now() - keptAtMs < keepEveryMs) return
    keptAtMs = clock.now()
    const states = new Map(coverage.states())
    await betweenWrites(async () => {
      await connection.run('BEGIN')
      for (const { name, table, widthMs } of levels) {
        const keptMs = keepMs[name]
        const state = states.get(name)
        if (keptMs === undefined || !state) continue
        const before = floorTo(clock.now() - keptMs, widthMs)
        states.set(name, { ...state, covered: subtract(state.covered, { from: Number.NEGATIVE_INFINITY, to: before }) })
        await connection.run(`DELETE FROM "${table}" WHERE time < ${toNs(before)}`)
      }
      await finish(states, [])
    })
  }

  async function rollAll(): Promise<void> {
    for (let more = true; more && !stopped; ) {
      const taken = step()
      current = taken
      more = await taken
    }
    if (!stopped) await dropOld()
  }

  function wait(): void {
    cancel = clock.after(everyMs, () => {
      running = running.then(round)
    })
  }

  async function round(): Promise<void> {
    try {
      await rollAll()
    } catch (err) {
      if (!stopped) log.warn({ err }, 'duckdb: roll-ups were not made; queries read raw values, and the next try is soon')
    }
    if (!stopped) wait()
  }

  return {
    coverage,
    /** Hears of rows within the transaction that writes them, and says in it what they make stale. */
    async note(writing: DuckDBConnection, written: readonly Rows[]): Promise<void> {
      const limitMs = Math.max(examinedMs() ?? Number.NEGATIVE_INFINITY, underWay?.toMs ?? Number.NEGATIVE_INFINITY)
      const units = new Set<number>()
      for (const rows of written) {
        if (rows.length === 0 || rows.values instanceof Uint8Array || Array.isArray(rows.values)) continue
        newestMs = Math.max(newestMs ?? Number.NEGATIVE_INFINITY, newestMsOf(rows))
        if (Number.isFinite(limitMs)) for (const unit of unitsBefore(limitMs, rows)) if (unit >= rawFromMs) units.add(unit)
      }
      if (units.size === 0) return
      for (const unit of units) {
        coverage.mark(unit)
        underWay?.touched.add(unit)
      }
      await saveDirty(writing, units)
    },
    /** To be told before values are deleted, within the same transaction: windows of values that are gone are never rolled anew. */
    async willDeleteBefore(writing: DuckDBConnection, timeNs: bigint): Promise<void> {
      rawFromMs = Math.max(rawFromMs, Number(timeNs / 1_000_000n) + 1)
      await saveRawFrom(writing, rawFromMs)
    },
    /** Resolves when the transaction under way, if any, has ended. */
    async stepEnded(): Promise<void> {
      await Promise.allSettled([current])
    },
    start(): void {
      wait()
    },
    /** Rolls all that can be rolled now. */
    roll(): Promise<void> {
      running = running.then(rollAll)
      return running
    },
    async stop(): Promise<void> {
      stopped = true
      cancel()
      connection.interrupt()
      await running
      connection.closeSync()
    },
  }
}
