import type { FieldValue } from '../../../model/point.ts'
import type { Rows } from '../append.ts'

/**
 * The newest time and value of each field, as they are committed.
 *
 * What dashboards ask most is "what is it now", and no table answers that as fast as an array. Times
 * are kept as two 32-bit halves, as in `NewestTimes`, and strings apart from numbers.
 */
export type LastValues = ReturnType<typeof createLastValues>

/** Integers are rounded to doubles and booleans are 0 or 1, as aggregates give them. */
export type LastValue = { readonly timeNs: bigint; readonly value: number | string }

const noHigh = -(2 ** 31)

export function createLastValues() {
  let high = new Int32Array(1024).fill(noHigh)
  let low = new Uint32Array(1024)
  let numbers = new Float64Array(1024)
  const texts = new Map<number, string>()
  let complete = false
  let forgottenNs: bigint | undefined

  function makeRoom(fid: number): void {
    if (fid < high.length) return
    const size = Math.max(fid + 1, high.length * 2)
    high = grow(high, new Int32Array(size).fill(noHigh))
    low = grow(low, new Uint32Array(size))
    numbers = grow(numbers, new Float64Array(size))
  }

  /** Whether the time is the field's newest, which it then becomes. At an equal time the later write wins. */
  function advance(fid: number, timeHigh: number, timeLow: number): boolean {
    makeRoom(fid)
    const newestHigh = high[fid] ?? 0
    if (timeHigh < newestHigh || (timeHigh === newestHigh && timeLow < (low[fid] ?? 0))) return false
    high[fid] = timeHigh
    low[fid] = timeLow
    return true
  }

  function keep(fid: number, value: FieldValue): void {
    if (typeof value === 'string') texts.set(fid, value)
    else numbers[fid] = Number(value)
  }

  const has = (fid: number) => fid < high.length && (high[fid] !== noHigh || low[fid] !== 0)
  const timeOf = (fid: number) => (BigInt(high[fid] ?? 0) << 32n) | BigInt(low[fid] ?? 0)

  return {
    /** Takes rows that were committed, in the order in which they were written. */
    note({ length, times, fids, values }: Rows): void {
      const halves = new Int32Array(times.buffer, times.byteOffset, length * 2)
      for (let i = 0; i < length; i++) {
        const fid = fids[i] ?? 0
        // A 64-bit number in memory has its low half first on every machine Node runs on.
        if (advance(fid, halves[i * 2 + 1] ?? 0, (halves[i * 2] ?? 0) >>> 0)) keep(fid, values[i] ?? 0)
      }
    },
    /** Takes what the store held at the start, which gives way to everything written since. */
    found(fid: number, timeNs: bigint, value: FieldValue): void {
      makeRoom(fid)
      if ((has(fid) && timeOf(fid) >= timeNs) || (forgottenNs !== undefined && timeNs < forgottenNs)) return
      advance(fid, Number(timeNs >> 32n), Number(timeNs & 0xffff_ffffn))
      keep(fid, value)
    },
    /** Says that all the store held was found. */
    complete(): void {
      complete = true
    },
    /** Until then only the store itself knows. */
    isComplete: () => complete,
    /** The store deletes points before this time: those of some fields, or all. */
    forgetBefore(timeNs: bigint, fids?: ReadonlySet<number>): void {
      if (fids === undefined) forgottenNs = timeNs
      for (let fid = 0; fid < high.length; fid++) {
        if (!has(fid) || timeOf(fid) >= timeNs || (fids && !fids.has(fid))) continue
        high[fid] = noHigh
        low[fid] = 0
        texts.delete(fid)
      }
    },
    of(fid: number): LastValue | undefined {
      return has(fid) ? { timeNs: timeOf(fid), value: texts.get(fid) ?? numbers[fid] ?? 0 } : undefined
    },
  }
}

function grow<Numbers extends Int32Array | Uint32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}
