import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../../lib/clock.ts'
import type { Log } from '../../../lib/log.ts'
import { subtract } from '../../shared/rollups/intervals.ts'
import { floorTo, type LevelName, levels } from '../../shared/rollups/levels.ts'
import type { Rows } from '../append.ts'
import type { RelationOf } from '../relation.ts'
import { createBurst } from './burst.ts'
import { createCoverage, type States } from './coverage.ts'
import { newestMsOf, unitsBefore } from './late-units.ts'
import { loadStates, saveDirty, saveRawFrom } from './state-tables.ts'
import { createSteps, type RollupPace } from './steps.ts'
import { tableOf } from './table-of.ts'
import { toNs } from './window-rows.ts'

export type { RollupPace } from './steps.ts'

export const defaultPace: RollupPace = { lagMs: 120_000, valuesPerWindowMin: 5 }

const everyMs = 15_000
/** Late values come many after another. A unit is rolled when no more came for a round, and once a minute where they do not end. */
const staleEveryMs = 60_000
const dropEveryMs = 3_600_000
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
  readonly keepMs: KeepMs
}

type KeepMs = Readonly<Partial<Record<LevelName, number | undefined>>>

export type Rollups = Awaited<ReturnType<typeof createRollups>>

/**
 * Keeps windows of each numeric field beside its values, made in the background.
 *
 * What is rolled and how far that is are committed together, and so are late values and the units
 * they make stale: killed at any time, the store never takes an old window for a true one.
 */
export async function createRollups({ keepMs, log, ...doors }: RollupDoors) {
  const { connection, clock } = doors
  const stored = await loadStates(connection)
  const coverage = createCoverage()
  coverage.become(stored.states, [])
  stored.dirty.forEach(coverage.mark)
  const seen: { newestMs: number | undefined; rawFromMs: number } = { newestMs: undefined, rawFromMs: stored.rawFromMs }
  const steps = createSteps({ ...doors, coverage, seen })
  const due = { staleMs: Number.NEGATIVE_INFINITY, dropMs: Number.NEGATIVE_INFINITY }
  const burst = createBurst(clock)
  /** Units that late values came for since the last round. */
  const lately = new Set<number>()
  let stopped = false
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()
  let current: Promise<unknown> = Promise.resolve()

  const take = <Answer>(step: Promise<Answer>): Promise<Answer> => {
    current = step
    return step
  }

  async function rollUnits(units: Iterable<number>): Promise<void> {
    for (const ofHour of byHour(units)) if (!stopped) await take(steps.step(ofHour))
    while (!stopped && (await take(steps.step([]))));
  }

  /** The units that are stale and at rest; all that are stale once a minute. */
  function unitsToRoll(): readonly number[] {
    const isDue = clock.now() >= due.staleMs
    if (isDue) due.staleMs = clock.now() + staleEveryMs
    const units = [...coverage.dirtyUnits()].filter((unit) => isDue || !lately.has(unit))
    lately.clear()
    return units
  }

  async function round(): Promise<void> {
    if (burst.shouldWait()) return wait()
    try {
      await rollUnits(unitsToRoll())
      if (!stopped && clock.now() >= due.dropMs) {
        due.dropMs = clock.now() + dropEveryMs
        await take(steps.change(() => dropOld(connection, coverage.states(), keepMs, clock.now())))
      }
    } catch (err) {
      if (!stopped) log.warn({ err }, 'duckdb: roll-ups were not made; queries read raw values, and the next try is soon')
    }
    if (!stopped) wait()
  }

  function wait(): void {
    cancel = clock.after(everyMs, () => {
      running = running.then(round)
    })
  }

  return {
    coverage,
    /** Hears of rows within the transaction that writes them, and says in it what they make stale. */
    async note(writing: DuckDBConnection, written: readonly Rows[]): Promise<void> {
      const limitMs = steps.limitMs()
      const units = new Set<number>()
      for (const rows of written.filter(isNumeric)) {
        burst.note(rows.length)
        seen.newestMs = Math.max(seen.newestMs ?? Number.NEGATIVE_INFINITY, newestMsOf(rows))
        if (Number.isFinite(limitMs)) for (const unit of unitsBefore(limitMs, rows)) if (unit >= seen.rawFromMs) units.add(unit)
      }
      if (units.size === 0) return
      for (const unit of units) {
        coverage.mark(unit)
        lately.add(unit)
        steps.touch(unit)
      }
      await saveDirty(writing, units)
    },
    /** To be told before values are deleted, within the same transaction: windows of values that are gone are never rolled anew. */
    async willDeleteBefore(writing: DuckDBConnection, timeNs: bigint): Promise<void> {
      seen.rawFromMs = Math.max(seen.rawFromMs, Number(timeNs / 1_000_000n) + 1)
      await saveRawFrom(writing, seen.rawFromMs)
    },
    /** Resolves when the transaction under way, if any, has ended. */
    async stepEnded(): Promise<void> {
      await Promise.allSettled([current])
    },
    start: wait,
    /** Rolls all that can be rolled now. */
    roll(): Promise<void> {
      const rolled = running.then(() => rollUnits(coverage.dirtyUnits()))
      running = rolled.catch(() => undefined)
      return rolled
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

const isNumeric = ({ length, values }: Rows) => length > 0 && !(values instanceof Uint8Array) && !Array.isArray(values)

/** Units are rolled an hour at a time, so that a month that comes late does not have to fit into memory. */
function byHour(units: Iterable<number>): Iterable<readonly number[]> {
  return Map.groupBy(
    [...units].sort((a, b) => a - b),
    (unit) => floorTo(unit, hourMs),
  ).values()
}

/** Deletes the windows that are older than their level is kept. */
async function dropOld(connection: DuckDBConnection, states: States, keepMs: KeepMs, nowMs: number): Promise<States> {
  const kept = new Map(states)
  for (const level of levels) {
    const { name, widthMs } = level
    const [keptMs, state] = [keepMs[name], states.get(name)]
    if (keptMs === undefined || !state) continue
    const before = floorTo(nowMs - keptMs, widthMs)
    kept.set(name, { ...state, covered: subtract(state.covered, { from: Number.NEGATIVE_INFINITY, to: before }) })
    await connection.run(`DELETE FROM "${tableOf(level)}" WHERE time < ${toNs(before)}`)
  }
  return kept
}
