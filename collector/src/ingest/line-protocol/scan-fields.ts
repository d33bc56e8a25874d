import { append } from '../batch-builder.ts'
import { startsWithEntry } from '../byte-table.ts'
import { unescapeString } from '../escape.ts'
import { booleanType, fieldIdOf, likelySlot, nameOf, rememberOrder, slotOf, stringType } from '../field-table.ts'
import { byteOf, isControl, isValueEnd } from './bytes.ts'
import { scanNumber } from './scan-number.ts'
import { fail, refuse, type Scan } from './scan-state.ts'

/** `key=value,key=value` into the columns. */
export function scanFields(scan: Scan, series: number): boolean {
  const { bytes, limits } = scan
  while (bytes[scan.position] === byteOf.space || bytes[scan.position] === byteOf.tab) scan.position++
  let slot = -1
  for (let count = 1; ; count++) {
    slot = scanKey(scan, series, slot)
    if (slot < 0 || !scanValue(scan, slot)) return false
    if (bytes[scan.position] !== byteOf.comma) return true
    if (count === limits.fieldsMax) return fail(scan, `the point has more than ${limits.fieldsMax} fields`)
    scan.position++
  }
}

/** A field key and its equals sign; the slot of the field, or -1. */
function scanKey(scan: Scan, series: number, before: number): number {
  const { bytes, position } = scan
  const table = scan.table.fields
  const likely = likelySlot(table, series, before)
  if (likely >= 0) {
    const name = table.slotNames[likely] as number
    const end = position + (table.names.lengths[name] as number)
    if (startsWithEntry(table.names, name, bytes, position) && bytes[end] === byteOf.equals) {
      scan.position = end + 1
      return likely
    }
  }
  const end = findKeyEnd(scan)
  if (end < 0) return -1
  const name = nameOf(table, bytes, position, end)
  if (!isTakenName(scan, series, table.nameTexts[name] as string)) return -1
  const slot = slotOf(table, series, name)
  rememberOrder(table, series, before, slot)
  scan.position = end + 1
  return slot
}

/** InfluxDB's separator between the two parts of a key counts for its limit. */
const keySeparatorBytes = 4

function isTakenName(scan: Scan, series: number, name: string): boolean {
  const { key = '', measurement } = scan.table.series[series] ?? {}
  if (name === 'time') return refuse(scan, `invalid field name: input field "time" on measurement "${measurement}" is invalid`)
  const keyBytes = Buffer.byteLength(key) + keySeparatorBytes + Buffer.byteLength(name)
  const { keyBytesMax } = scan.limits
  return keyBytes <= keyBytesMax || fail(scan, `max key length exceeded: ${keyBytes} > ${keyBytesMax}`)
}

function findKeyEnd(scan: Scan): number {
  const { bytes, position } = scan
  for (let at = position; ; at++) {
    const byte = bytes[at] as number
    if (byte === byteOf.backslash && isEscapable(bytes[at + 1])) at++
    else if (byte === byteOf.equals && at > position) return at
    else if (byte === byteOf.equals || byte === byteOf.comma || byte === byteOf.space || isControl(byte)) {
      fail(scan, keyProblem(byte, at - position))
      return -1
    }
  }
}

const isEscapable = (byte: number | undefined) => byte === byteOf.comma || byte === byteOf.equals || byte === byteOf.space

function keyProblem(byte: number, length: number): string {
  if (byte === byteOf.newline || byte === byteOf.return) return length === 0 ? 'missing fields' : 'invalid field format'
  if (isControl(byte)) return 'control character in a name'
  return length === 0 ? 'missing field key' : 'invalid field format'
}

function scanValue(scan: Scan, slot: number): boolean {
  const { bytes, position } = scan
  const byte = bytes[position] as number
  if (byte === byteOf.quote) return scanString(scan, slot)
  if ((byte >= byteOf.zero && byte <= byteOf.zero + 9) || byte === byteOf.minus || byte === byteOf.dot) return scanNumber(scan, slot)
  return isValueEnd(bytes, position) ? fail(scan, 'missing field value') : scanBoolean(scan, slot)
}

function scanString(scan: Scan, slot: number): boolean {
  const { bytes, end, limits } = scan
  const start = scan.position + 1
  let at = start
  let newlines = 0
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === byteOf.quote) break
    if (byte === byteOf.newline) newlines++
    else if (byte === byteOf.backslash && (bytes[at + 1] === byteOf.quote || bytes[at + 1] === byteOf.backslash)) at++
  }
  if (at >= end) return fail(scan, 'unbalanced quotes')
  if (!isValueEnd(bytes, at + 1)) return fail(scan, 'unbalanced quotes')
  if (at - start > limits.stringBytesMax) return fail(scan, `a string has ${at - start} bytes, at most ${limits.stringBytesMax} are taken`)
  scan.position = at + 1
  scan.line += newlines
  const { strings } = scan.builder
  const index = append(strings, fieldIdOf(scan.table.fields, slot, stringType, scan.table.series), scan.pointLine)
  strings.values[index] = unescapeString(scan.text.toString('utf8', start, at))
  return true
}

const trueSpellings = ['t', 'T', 'true', 'True', 'TRUE']
const falseSpellings = ['f', 'F', 'false', 'False', 'FALSE']
const spellingBytesMax = 5

function scanBoolean(scan: Scan, slot: number): boolean {
  const start = scan.position
  let at = start
  while (at - start <= spellingBytesMax && !isValueEnd(scan.bytes, at)) at++
  const word = scan.text.toString('latin1', start, at)
  const isTrue = trueSpellings.includes(word)
  if (!isTrue && !falseSpellings.includes(word)) return fail(scan, /^[tTfF]/.test(word) ? 'invalid boolean' : 'invalid number')
  scan.position = at
  const { booleans } = scan.builder
  const index = append(booleans, fieldIdOf(scan.table.fields, slot, booleanType, scan.table.series), scan.pointLine)
  booleans.values[index] = isTrue ? 1 : 0
  return true
}
