import { copyInt64, writeInt64 } from '../../lib/int64.ts'
import type { Precision } from '../ingest.ts'
import { byteOf, isDigit } from './bytes.ts'
import { digitsBetween, int64HeadMax, int64TailMax } from './digits.ts'
import { fail, type Scan } from './scan-state.ts'

type Unit = Exclude<Precision, 'auto'>

/** How many of a time's digits are below the second, and how many seconds its unit has. */
const units: Readonly<Record<Unit, { decimals: number; seconds: number; ns: bigint }>> = {
  ns: { decimals: 9, seconds: 1, ns: 1n },
  us: { decimals: 6, seconds: 1, ns: 1000n },
  ms: { decimals: 3, seconds: 1, ns: 1_000_000n },
  s: { decimals: 0, seconds: 1, ns: 1_000_000_000n },
  m: { decimals: 0, seconds: 60, ns: 60_000_000_000n },
  h: { decimals: 0, seconds: 3600, ns: 3_600_000_000_000n },
}

/** InfluxDB keeps the two outermost nanoseconds of the range for itself. */
const tailMax = int64TailMax - 1

const outOfRange = 'time outside range -9223372036854775806 - 9223372036854775806'

export function setDefaultTime(scan: Scan, nowNs: bigint): void {
  const unit = units[scan.precision === 'auto' ? 'ns' : scan.precision].ns
  new BigInt64Array(scan.defaultTime.buffer)[0] = nowNs - (((nowNs % unit) + unit) % unit)
}

/** The time, or none, and the end of the line. */
export function scanTime(scan: Scan): boolean {
  const { bytes } = scan
  let at = skipBlanks(bytes, scan.position)
  if (isLineEnd(bytes, at)) {
    scan.verbatim = false
    copyInt64(scan.defaultTime, 0, scan.time, 0)
    return endPoint(scan, at)
  }
  if (at === scan.position) return fail(scan, 'invalid field format')
  const negative = bytes[at] === byteOf.minus
  if (negative) at++
  const first = at
  while (isDigit(bytes[at] as number)) at++
  const behind = skipSpaces(bytes, at)
  if (at === first || !isLineEnd(bytes, behind)) return fail(scan, 'bad timestamp')
  return setTime(scan, first, at, negative) ? endPoint(scan, behind) : false
}

function setTime(scan: Scan, first: number, end: number, negative: boolean): boolean {
  const { decimals, seconds } = units[scan.precision === 'auto' ? unitBySize(digitsBetween(scan.bytes, first, end)) : scan.precision]
  const split = Math.max(first, end - decimals)
  const head = digitsBetween(scan.bytes, first, split) * seconds
  const tail = digitsBetween(scan.bytes, split, end) * 10 ** (9 - decimals)
  if (head > int64HeadMax || (head === int64HeadMax && tail > tailMax)) return fail(scan, outOfRange)
  writeInt64(scan.time, 0, head, tail, negative)
  return true
}

/** InfluxDB 3.x's guess: seconds reach to the year 2128, and so do their thousandths. */
function unitBySize(time: number): Unit {
  if (time < 5e9) return 's'
  if (time < 5e12) return 'ms'
  return time < 5e15 ? 'us' : 'ns'
}

/** Before a time tabs count as spaces, behind it they do not: so InfluxDB 1.x has it. */
function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === byteOf.space || bytes[at] === byteOf.tab) at++
  return at
}

function skipSpaces(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === byteOf.space) at++
  return at
}

function isLineEnd(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === byteOf.newline || (bytes[at] === byteOf.return && bytes[at + 1] === byteOf.newline)
}

function endPoint(scan: Scan, at: number): boolean {
  if (scan.bytes[at] === byteOf.return) scan.verbatim = false
  scan.position = scan.bytes[at] === byteOf.return ? at + 2 : at + 1
  scan.line++
  return true
}
