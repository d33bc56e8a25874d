import type { Column } from '../../model/batch.ts'
import { pickRows, type Rows } from './append.ts'
import type { NewestTimes } from './newest-times.ts'
import type { Values } from './tables.ts'

/** A column of a batch, told apart: what can only be new, and what may rewrite a stored value. */
export type SplitColumn = { readonly fresh: Rows; readonly late: Rows }

export function splitColumn(
  column: Column<Values>,
  fidOf: Int32Array,
  rejectedLines: ReadonlySet<number>,
  newest: NewestTimes,
): SplitColumn {
  const { length, times, values } = column
  const halves = new Int32Array(times.buffer, times.byteOffset, length * 2)
  const fids = new Int32Array(length)
  const fresh: number[] = []
  const late: number[] = []
  for (let i = 0; i < length; i++) {
    if (rejectedLines.size > 0 && rejectedLines.has(column.lines[i] ?? 0)) continue
    const fid = fidOf[column.fields[i] ?? 0] ?? 0
    fids[i] = fid
    // A 64-bit number in memory has its low half first on every machine Node runs on.
    if (newest.advance(fid, halves[i * 2 + 1] ?? 0, (halves[i * 2] ?? 0) >>> 0)) fresh.push(i)
    else late.push(i)
  }
  const all: Rows = { length, times, fids, values }
  if (fresh.length === length) return { fresh: all, late: pickRows(all, new Int32Array(0)) }
  return { fresh: pickRows(all, Int32Array.from(fresh)), late: pickRows(all, lastOfEach(all, late)) }
}

/** Of several values for one field and time, the last. */
function lastOfEach({ fids, times }: Rows, places: readonly number[]): Int32Array {
  const last = new Map<string, number>()
  for (const place of places) last.set(`${fids[place]}/${times[place]}`, place)
  return Int32Array.from(last.values())
}
