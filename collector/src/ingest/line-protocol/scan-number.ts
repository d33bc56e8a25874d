import { writeInt64 } from '../../lib/int64.ts'
import { append } from '../batch-builder.ts'
import { fieldIdOf, floatType, integerType, unsignedType } from '../field-table.ts'
import { byteOf, isDigit, isValueEnd } from './bytes.ts'
import { digitsBetween, int64HeadMax, int64TailMax, uint64HeadMax, uint64TailMax } from './digits.ts'
import { fail, type Scan } from './scan-state.ts'

/** Digits that a double holds exactly, whatever they are. */
const exactDigits = 15
const powersOfTen = Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power)

/** A float, or an integer with `i` or `u` behind it. Refuses NaN and infinity, which are not digits. */
export function scanNumber(scan: Scan, slot: number): boolean {
  const { bytes, position } = scan
  let at = position
  if (bytes[at] === byteOf.minus) at++
  const first = at
  let mantissa = 0
  let byte = bytes[at] as number
  for (; isDigit(byte); byte = bytes[++at] as number) mantissa = mantissa * 10 + (byte - byteOf.zero)
  if (byte === byteOf.lowerI || byte === byteOf.lowerU) return scanInteger(scan, slot, first, at)
  let digits = at - first
  let decimals = 0
  if (byte === byteOf.dot) {
    byte = bytes[++at] as number
    const point = at
    for (; isDigit(byte); byte = bytes[++at] as number) mantissa = mantissa * 10 + (byte - byteOf.zero)
    decimals = at - point
    digits += decimals
  }
  if (digits === 0) return fail(scan, 'invalid number')
  if (digits > exactDigits || byte === byteOf.lowerE || byte === byteOf.upperE) return scanLongFloat(scan, slot, at)
  if (!isValueEnd(bytes, at)) return fail(scan, 'invalid number')
  // Both are exact and so is the power, hence the quotient is the nearest double: what Number() gives.
  const value = mantissa / (powersOfTen[decimals] as number)
  scan.position = at
  return pushFloat(scan, slot, first > position ? -value : value)
}

/** A float with an exponent or many digits; `at` is behind the digits. */
function scanLongFloat(scan: Scan, slot: number, behindDigits: number): boolean {
  const { bytes, position } = scan
  let at = behindDigits
  if (bytes[at] === byteOf.lowerE || bytes[at] === byteOf.upperE) {
    at++
    if (bytes[at] === byteOf.plus || bytes[at] === byteOf.minus) at++
    if (!isDigit(bytes[at] as number)) return fail(scan, 'invalid number')
    while (isDigit(bytes[at] as number)) at++
  }
  if (!isValueEnd(bytes, at)) return fail(scan, 'invalid number')
  const value = Number(scan.text.toString('latin1', position, at))
  if (!Number.isFinite(value)) return fail(scan, 'invalid float')
  scan.position = at
  return pushFloat(scan, slot, value)
}

function pushFloat(scan: Scan, slot: number, value: number): boolean {
  const { floats } = scan.builder
  const index = append(floats, fieldIdOf(scan.table.fields, slot, floatType, scan.table.series), scan.pointLine)
  floats.values[index] = value
  return true
}

function scanInteger(scan: Scan, slot: number, first: number, suffix: number): boolean {
  const { bytes, position } = scan
  const negative = first > position
  const isUnsigned = bytes[suffix] === byteOf.lowerU
  if (first === suffix || (isUnsigned && negative) || !isValueEnd(bytes, suffix + 1)) return fail(scan, 'invalid number')
  const tailStart = Math.max(first, suffix - 9)
  const head = digitsBetween(bytes, first, tailStart)
  const tail = digitsBetween(bytes, tailStart, suffix)
  const headMax = isUnsigned ? uint64HeadMax : int64HeadMax
  const tailMax = isUnsigned ? uint64TailMax : int64TailMax + (negative ? 1 : 0)
  if (head > headMax || (head === headMax && tail > tailMax)) {
    const kind = isUnsigned ? 'unsigned' : 'integer'
    return fail(scan, `unable to parse ${kind} ${scan.text.toString('latin1', position, suffix)}: value out of range`)
  }
  scan.position = suffix + 1
  const column = isUnsigned ? scan.builder.unsigned : scan.builder.integers
  const type = isUnsigned ? unsignedType : integerType
  const index = append(column, fieldIdOf(scan.table.fields, slot, type, scan.table.series), scan.pointLine)
  writeInt64(column.valueWords, index, head, tail, negative)
  return true
}
