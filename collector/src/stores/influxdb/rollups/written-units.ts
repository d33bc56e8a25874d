import type { Batch, Column } from '../../../model/batch.ts'
import { unitMs } from '../../shared/rollups/levels.ts'

const unitNs = unitMs * 1_000_000
/** A double holds nanoseconds of today to within 256; a value this near to a border counts for both units. */
const blurNs = 1024

/** The units of 5 minutes that a batch's numbers fall into. Read at once: its memory may be used again after the write. */
export function writtenUnits({ floats, integers, unsigned }: Batch): ReadonlySet<number> {
  const units = new Set<number>()
  for (const column of [floats, integers, unsigned]) addUnits(column, units)
  return units
}

function addUnits({ length, times }: Column<unknown>, units: Set<number>): void {
  const low = new Uint32Array(times.buffer, times.byteOffset, length * 2)
  const high = new Int32Array(times.buffer, times.byteOffset, length * 2)
  let known = { from: 0, to: 0 }
  for (let i = 0; i < length; i++) {
    const timeNs = (high[i * 2 + 1] ?? 0) * 2 ** 32 + (low[i * 2] ?? 0)
    if (timeNs >= known.from && timeNs < known.to) continue
    const unit = Math.floor((timeNs - blurNs) / unitNs)
    units.add(unit * unitMs)
    units.add(Math.floor((timeNs + blurNs) / unitNs) * unitMs)
    known = { from: unit * unitNs + blurNs, to: (unit + 1) * unitNs - blurNs }
  }
}
