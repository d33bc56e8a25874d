import { byteOf } from './bytes.ts'

/** The ends of the 64-bit ranges as `head * 1e9 + tail`. */
export const int64HeadMax = 9_223_372_036
export const int64TailMax = 854_775_807
export const uint64HeadMax = 18_446_744_073
export const uint64TailMax = 709_551_615

/** The number that the digits of `bytes[from, to)` make; inexact, but too large for any range, when they are many. */
export function digitsBetween(bytes: Uint8Array, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + ((bytes[at] as number) - byteOf.zero)
  return number
}
