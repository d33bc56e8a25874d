import { wordsOf } from '../../lib/int64.ts'
import type { Rows } from './append.ts'
import type { NewestTimes } from './newest-times.ts'
import type { OpenRows } from './row-set.ts'

/** Begin and end of rows that lie side by side. */
type Run = [begin: number, end: number]

/**
 * Takes the rows out that may rewrite a stored value, and leaves those that can only be new.
 *
 * Both keep their order. That a late row now comes after fresh ones it came before changes nothing:
 * a fresh one is after everything before it, so it rewrites none.
 */
export function takeLate(rows: OpenRows, newest: NewestTimes): Rows {
  const runs = findLate(rows, newest)
  const late = copyRuns(rows, runs)
  closeRuns(rows, runs)
  return late
}

function findLate({ length, fids, times }: OpenRows, newest: NewestTimes): Run[] {
  const words = wordsOf(times)
  const runs: Run[] = []
  for (let i = 0; i < length; i++) {
    // A 64-bit number in memory has its low half first on every machine Node runs on.
    if (newest.advance(fids[i] as number, words[i * 2 + 1] as number, (words[i * 2] as number) >>> 0)) continue
    const run = runs.at(-1)
    if (run?.[1] === i) run[1] = i + 1
    else runs.push([i, i + 1])
  }
  return runs
}

type Copied = { set(from: Copied, at: number): void; subarray(begin: number, end: number): Copied }

function copyRuns({ times, fids, values }: OpenRows, runs: readonly Run[]): Rows {
  const length = runs.reduce((sum, [begin, end]) => sum + end - begin, 0)
  const copy = <Column>(from: Column): Column => {
    const to = new (from as { constructor: new (length: number) => unknown }).constructor(length) as Column
    let at = 0
    for (const [begin, end] of runs) {
      ;(to as Copied).set((from as Copied).subarray(begin, end), at)
      at += end - begin
    }
    return to
  }
  const taken = Array.isArray(values) ? runs.flatMap(([begin, end]) => values.slice(begin, end)) : copy(values)
  return { length, times: copy(times), fids: copy(fids), values: taken }
}

/** Moves what lies behind each run to the front. */
function closeRuns(rows: OpenRows, runs: readonly Run[]): void {
  let at = runs[0]?.[0] ?? rows.length
  runs.forEach(([, end], index) => {
    const next = runs[index + 1]?.[0] ?? rows.length
    for (const column of [rows.times, rows.fids, rows.values]) column.copyWithin(at, end, next)
    at += next - end
  })
  rows.length = at
}
