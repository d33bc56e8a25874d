/**
 * For each field, a time that no stored value lies after.
 *
 * A value after it cannot be a rewrite and is appended without a look at the table. The bound may
 * be too late, which costs time and never truth. Times are kept as two 32-bit halves: comparing
 * bigints would make one object a value.
 */
export type NewestTimes = ReturnType<typeof createNewestTimes>

const never = -(2n ** 63n)

export function createNewestTimes() {
  let high = new Int32Array(1024).fill(-(2 ** 31))
  let low = new Uint32Array(1024)

  function makeRoom(fid: number): void {
    if (fid < high.length) return
    const size = Math.max(fid + 1, high.length * 2)
    const largerHigh = new Int32Array(size).fill(-(2 ** 31))
    const largerLow = new Uint32Array(size)
    largerHigh.set(high)
    largerLow.set(low)
    high = largerHigh
    low = largerLow
  }

  return {
    set(fid: number, timeNs: bigint | undefined): void {
      makeRoom(fid)
      const time = timeNs ?? never
      high[fid] = Number(time >> 32n)
      low[fid] = Number(time & 0xffff_ffffn)
    },
    get(fid: number): bigint {
      return fid < high.length ? (BigInt(high[fid] ?? 0) << 32n) | BigInt(low[fid] ?? 0) : never
    },
    /** Whether the time is after the field's newest, which it then becomes. */
    advance(fid: number, timeHigh: number, timeLow: number): boolean {
      makeRoom(fid)
      const newestHigh = high[fid] ?? 0
      if (timeHigh < newestHigh || (timeHigh === newestHigh && timeLow <= (low[fid] ?? 0))) return false
      high[fid] = timeHigh
      low[fid] = timeLow
      return true
    },
  }
}
