/**
 * 64-bit numbers without a BigInt per value.
 *
 * A value is `head * 1e9 + tail`: two doubles that are exact on their own. It is written as two
 * 32-bit words into the memory behind a `BigInt64Array`, because making a BigInt costs more than
 * scanning the digits did.
 */

/** Where the low word of a 64-bit number lies in its pair: machines differ. */
const low = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1
const high = 1 - low

const wordSize = 4_294_967_296
const halfWordSize = 65_536
const billion = 1_000_000_000

/** Writes `±(head * 1e9 + tail)` at `index`. `head` stays under 2^35 and `tail` under 1e9; the caller checks the range. */
export function writeInt64(words: Int32Array, index: number, head: number, tail: number, negative: boolean): void {
  // head * 1e9 may need 64 bits, so head is taken apart: every product below stays under 2^53.
  const headHigh = Math.floor(head / halfWordSize)
  const upper = headHigh * billion
  const upperHigh = Math.floor(upper / halfWordSize)
  const lower = (upper - upperHigh * halfWordSize) * halfWordSize + (head - headHigh * halfWordSize) * billion + tail
  const carry = Math.floor(lower / wordSize)
  let lowWord = (lower - carry * wordSize) | 0
  let highWord = (upperHigh + carry) | 0
  if (negative) {
    lowWord = -lowWord | 0
    highWord = lowWord === 0 ? -highWord | 0 : ~highWord
  }
  words[2 * index + low] = lowWord
  words[2 * index + high] = highWord
}

/** Copies one 64-bit value from `from[fromIndex]` to `to[toIndex]`. */
export function copyInt64(from: Int32Array, fromIndex: number, to: Int32Array, toIndex: number): void {
  to[2 * toIndex] = from[2 * fromIndex] as number
  to[2 * toIndex + 1] = from[2 * fromIndex + 1] as number
}

/** The words of a column of 64-bit numbers, two for each; they share its memory. */
export const wordsOf = (values: BigInt64Array | BigUint64Array) => new Int32Array(values.buffer, values.byteOffset, values.length * 2)

/** The signed value at `index`, rounded to the nearest double. */
export function readInt64(words: Int32Array, index: number): number {
  return (words[2 * index + high] as number) * wordSize + ((words[2 * index + low] as number) >>> 0)
}

/** The unsigned value at `index`, rounded to the nearest double. */
export function readUint64(words: Int32Array, index: number): number {
  return ((words[2 * index + high] as number) >>> 0) * wordSize + ((words[2 * index + low] as number) >>> 0)
}

const nsPerMs = 1_000_000
const wordMs = 4294
const wordRestNs = wordSize - wordMs * nsPerMs

/**
 * The nanoseconds at `index` as milliseconds: exact when they are whole, else to a quarter of a
 * microsecond.
 */
export function readMilliseconds(words: Int32Array, index: number): number {
  const upper = words[2 * index + high] as number
  // The high word counts 2^32 ns, which is 4294 whole milliseconds and a rest: no sum passes 2^53.
  return upper * wordMs + (upper * wordRestNs + ((words[2 * index + low] as number) >>> 0)) / nsPerMs
}
