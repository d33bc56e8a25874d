import { byteOf } from './bytes.ts'

/**
 * Where a bad line ends: at the first newline that is not inside a quoted value.
 *
 * What stands in quotes was never meant as a line, so it must not become one because the line
 * around it is bad.
 */
export function findLineEnd(bytes: Uint8Array, start: number): { at: number; newlines: number } {
  const last = bytes.length - 1
  let newlines = 0
  let inFields = false
  let inQuotes = false
  for (let at = start; at < last; at++) {
    const byte = bytes[at]
    if (byte === byteOf.backslash && bytes[at + 1] !== byteOf.newline) at++
    else if (byte === byteOf.newline && !inQuotes) return { at, newlines }
    else if (byte === byteOf.newline) newlines++
    else if (byte === byteOf.space) inFields = true
    else if (byte === byteOf.quote && (inQuotes || (inFields && bytes[at - 1] === byteOf.equals))) inQuotes = !inQuotes
  }
  return { at: last, newlines }
}
