/** The bytes that mean something in line protocol. */
export const byteOf = {
  tab: 9,
  newline: 10,
  return: 13,
  space: 32,
  quote: 34,
  hash: 35,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  zero: 48,
  equals: 61,
  upperE: 69,
  backslash: 92,
  lowerE: 101,
  lowerI: 105,
  lowerU: 117,
  delete: 127,
} as const

/** Whether a measurement, tag or field key may not hold this byte: ASCII's control characters. */
export const isControl = (byte: number) => byte < byteOf.space || byte === byteOf.delete

/** Whether a byte is a decimal digit. */
export const isDigit = (byte: number) => byte >= 48 && byte <= 57

/** Whether a field's value ends at `at`: before a comma, a space, a newline or a return and a newline. */
export function isValueEnd(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] as number
  return (
    byte === byteOf.comma ||
    byte === byteOf.space ||
    byte === byteOf.newline ||
    (byte === byteOf.return && bytes[at + 1] === byteOf.newline)
  )
}
