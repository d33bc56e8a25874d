import { floorTo, unitMs } from '../../shared/rollups/levels.ts'
import type { Rows } from '../append.ts'
import { toNs } from './window-rows.ts'

/**
 * The units before `limitMs` that rows fall into.
 *
 * Nearly all values are new, so each is compared by the upper half of its time alone, and the others
 * with both.
 */
export function unitsBefore(limitMs: number, { length, times }: Rows): ReadonlySet<number> {
  const units = new Set<number>()
  const limitNs = toNs(limitMs)
  const limitHigh = Number(limitNs >> 32n)
  const halves = new Int32Array(times.buffer, times.byteOffset, length * 2)
  for (let i = 0; i < length; i++) {
    if ((halves[i * 2 + 1] ?? 0) > limitHigh) continue
    const time = times[i] ?? 0n
    if (time < limitNs) units.add(unitOf(time))
  }
  return units
}

/** Rounded down as a bigint: a double of nanoseconds is too coarse at the border of a unit. */
function unitOf(timeNs: bigint): number {
  const ms = timeNs / 1_000_000n
  return floorTo(Number(timeNs < 0n && ms * 1_000_000n !== timeNs ? ms - 1n : ms), unitMs)
}

/** The newest time of rows in milliseconds, to within 5 s. */
export function newestMsOf({ length, times }: Rows): number {
  let high = -(2 ** 31)
  const halves = new Int32Array(times.buffer, times.byteOffset, length * 2)
  for (let i = 0; i < length; i++) high = Math.max(high, halves[i * 2 + 1] ?? high)
  return (high * 2 ** 32) / 1_000_000
}
