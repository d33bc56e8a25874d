import type { Clock } from '../../../lib/clock.ts'
import { add, type Interval, intersect, inward, subtract } from '../../shared/rollups/intervals.ts'
import { ceilTo, floorTo, type Level, unitMs } from '../../shared/rollups/levels.ts'
import type { RollupOptions } from './options.ts'
import { loadState, saveState } from './state-file.ts'

/** More stale stretches than this are joined with what lies between them, which is then made anew as well. */
const staleMax = 1000
/** A write may have been under way when the process was killed; what it may have changed is rolled again. */
const againMs = 3_600_000

export type ProgressDoors = { readonly path: string; readonly source: string; readonly clock: Clock; readonly options: RollupOptions }

export type Progress = ReturnType<typeof createProgress>

/** What is rolled, and the stretches that late points made stale since; it outlives the process in a small file. */
export function createProgress({ path, source, clock, options }: ProgressDoors) {
  let covered: Interval = { from: 0, to: 0 }
  let stale: readonly Interval[] = []
  /** What is being made at this moment. It may not be read, and points that come for it make it stale. */
  let underWay: Interval | undefined
  let excluded: readonly string[] = []
  let saving: Promise<void> = Promise.resolve()

  function save(): Promise<void> {
    const saved = saving.then(() => {
      const all = underWay ? add(stale, underWay) : stale
      return saveState(path, { source, ...covered, stale: intersect(all, covered).slice(), excluded: [...excluded] })
    })
    saving = saved.catch(() => undefined)
    return saved
  }

  function mark(range: Interval): void {
    stale = add(stale, range)
    if (stale.length > staleMax) stale = joinNearest(stale)
  }

  return {
    isExcluded: (measurement: string) => excluded.includes(measurement),
    exclude(measurement: string): void {
      excluded = [...excluded, measurement]
    },
    covered: () => covered,
    stale: () => stale,
    async load(): Promise<void> {
      const state = await loadState(path, source)
      if (!state) return
      covered = { from: state.from, to: state.to }
      stale = state.stale
      excluded = state.excluded
      if (covered.from < covered.to) mark({ from: Math.max(covered.from, covered.to - againMs), to: covered.to })
    },
    /** Forgets all, and begins at a time. */
    begin(from: number): void {
      covered = { from, to: from }
      stale = []
      excluded = []
    },
    /** The windows of a level that are true as they stand. */
    usable({ name, widthMs }: Level): readonly Interval[] {
      const keptMs = options.retention[name]
      const from = keptMs === undefined ? covered.from : Math.max(covered.from, clock.now() - keptMs)
      const holes = (underWay ? add(stale, underWay) : stale).map((one) => outward(one, widthMs))
      return holes.reduce<readonly Interval[]>(subtract, from < covered.to ? inward({ from, to: covered.to }, widthMs) : [])
    },
    /** Hears of units that points are written to, before the write and after it; resolves when it is on disk what they make stale. */
    async note(units: Iterable<number>): Promise<void> {
      const before = stale
      const limitMs = Math.max(covered.to, underWay?.to ?? covered.to)
      for (const from of units) {
        const isKnown = stale.some((one) => one.from <= from && from + unitMs <= one.to)
        if (from < limitMs && from + unitMs > covered.from && !isKnown) mark({ from, to: from + unitMs })
      }
      if (stale !== before) await save()
    },
    /** Stale stretches in which nothing is left to read. */
    forgetBefore(timeMs: number): void {
      stale = subtract(stale, { from: Number.NEGATIVE_INFINITY, to: timeMs })
    },
    /** Makes the windows of a stretch; it is stale again when that fails, unless it is new. */
    async make(range: Interval, work: () => Promise<void>): Promise<void> {
      stale = subtract(stale, range)
      underWay = range
      try {
        await work()
        covered = { from: covered.from, to: Math.max(covered.to, range.to) }
      } catch (thrown) {
        if (range.from < covered.to) mark(range)
        throw thrown
      } finally {
        underWay = undefined
      }
      await save()
    },
  }
}

const outward = ({ from, to }: Interval, widthMs: number): Interval => ({ from: floorTo(from, widthMs), to: ceilTo(to, widthMs) })

function joinNearest(list: readonly Interval[]): readonly Interval[] {
  let nearest = 1
  const gap = (i: number) => (list[i]?.from ?? 0) - (list[i - 1]?.to ?? 0)
  for (let i = 2; i < list.length; i++) if (gap(i) < gap(nearest)) nearest = i
  return add(list, { from: list[nearest - 1]?.to ?? 0, to: list[nearest]?.from ?? 0 })
}
