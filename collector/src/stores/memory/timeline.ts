import type { FieldValue } from '../../model/point.ts'

/** The values of one field of one series, in the order of time. */
export type Timeline = ReturnType<typeof createTimeline>

export function createTimeline() {
  const times: bigint[] = []
  const values: FieldValue[] = []

  /** The first place whose time is not before `timeNs`. */
  function placeOf(timeNs: bigint): number {
    let low = 0
    let high = times.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((times[middle] ?? 0n) < timeNs) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    times: times as readonly bigint[],
    values: values as readonly FieldValue[],
    placeOf,
    /** The last write of a time wins. */
    set(timeNs: bigint, value: FieldValue): void {
      const place = placeOf(timeNs)
      const replaced = times[place] === timeNs ? 1 : 0
      times.splice(place, replaced, timeNs)
      values.splice(place, replaced, value)
    },
    dropBefore(timeNs: bigint): void {
      const count = placeOf(timeNs)
      times.splice(0, count)
      values.splice(0, count)
    },
  }
}
