import { type Interval, subtract, windowsOf } from '../../shared/rollups/intervals.ts'
import { type LevelName, levels } from '../../shared/rollups/levels.ts'

/** How far one level has come. */
export type LevelState = {
  /** Windows before this time were looked at; left out before the first round. */
  readonly examinedMs?: number
  /** Windows the table holds, dirty ones included. */
  readonly covered: readonly Interval[]
}

export type States = ReadonlyMap<LevelName, LevelState>

/** Where roll-ups stand in for the raw values. */
export type Coverage = ReturnType<typeof createCoverage>

/**
 * What is rolled, and the units that late data made stale since.
 *
 * A unit is dirty from before the commit of the late values until it has been rolled anew, so a query
 * planned at any time reads raw what it cannot trust.
 */
export function createCoverage() {
  let states: States = new Map(levels.map(({ name }) => [name, { covered: [] }]))
  const dirty = new Set<number>()
  const usable = new Map<LevelName, readonly Interval[]>()
  let version = 0

  function changed(): void {
    version++
    usable.clear()
  }

  return {
    states: () => states,
    dirtyUnits: (): ReadonlySet<number> => dirty,
    /** Another number whenever a plan made before may no longer hold. */
    version: () => version,
    /** The windows of a level that are true as they stand. */
    usable(name: LevelName, widthMs: number): readonly Interval[] {
      let known = usable.get(name)
      if (known === undefined) {
        known = windowsOf(dirty, widthMs).reduce(subtract, states.get(name)?.covered ?? [])
        usable.set(name, known)
      }
      return known
    },
    mark(unit: number): void {
      if (dirty.has(unit)) return
      dirty.add(unit)
      changed()
    },
    /** After a round was committed: how far all levels are, and the units that are true again. */
    become(next: States, clean: Iterable<number>): void {
      states = next
      for (const unit of clean) dirty.delete(unit)
      changed()
    },
  }
}
