import { isUtf8 } from 'node:buffer'
import type { Rejection } from '../../model/batch.ts'
import { type BatchBuilder, beginLine, dropLine, endLine, reserveFloats } from '../batch-builder.ts'
import type { SeriesTable } from '../series-table.ts'
import { byteOf } from './bytes.ts'
import { findLineEnd } from './line-end.ts'
import { scanFields } from './scan-fields.ts'
import { scanSeries } from './scan-series.ts'
import { createScan, fail, type Scan, type ScanOptions } from './scan-state.ts'
import { scanTime, setDefaultTime } from './scan-time.ts'

export type ScanResult = {
  readonly points: number
  /** Lines of the body, whatever they hold. */
  readonly lines: number
  /** Bad lines, the first `rejectionsMax` of them. */
  readonly rejected: readonly Rejection[]
  readonly rejectedTotal: number
}

/**
 * Scans line protocol into a batch: good lines are appended, bad ones come back with number and reason.
 *
 * The batch may keep the body, so the caller leaves its bytes alone.
 * https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/ and
 * docs/decisions/line-protocol.md for what that page leaves open.
 */
export function scanLineProtocol(body: Uint8Array, table: SeriesTable, builder: BatchBuilder, options: ScanOptions): ScanResult {
  const scan = createScan(body, table, builder, options)
  reserveFloats(builder, Math.ceil(body.length / bytesPerFloat))
  setDefaultTime(scan, options.nowNs)
  const pointsBefore = builder.points
  while (scan.position < scan.end) scanEntry(scan)
  const points = builder.points - pointsBefore
  const lines = scan.line - 1
  if (scan.verbatim && points > 0) {
    builder.verbatim.push({ lineStart: scan.linesBefore + 1, lineEnd: scan.linesBefore + lines, bytes: scan.bytes })
  }
  return { points, lines, rejected: scan.rejected, rejectedTotal: scan.rejectedTotal }
}

/** A guess: what a float takes in a usual line, its share of the series and the time included. */
const bytesPerFloat = 24

/** One line with the lines that quoted newlines make part of it, or a comment, or nothing. */
function scanEntry(scan: Scan): void {
  const { bytes } = scan
  const start = scan.position
  let first = bytes[start] as number
  while (first === byteOf.space || first === byteOf.tab) first = bytes[++scan.position] as number
  const isBlank = first === byteOf.newline || (first === byteOf.return && bytes[scan.position + 1] === byteOf.newline)
  if (isBlank || first === byteOf.hash) skipToNewline(scan)
  else scanPointOrReject(scan, start)
}

function scanPointOrReject(scan: Scan, start: number): void {
  const startLine = scan.line
  scan.pointLine = scan.linesBefore + startLine
  beginLine(scan.builder)
  if ((scan.isUtf8 || isUtf8Line(scan)) && scanPoint(scan, start)) {
    endLine(scan.builder, scan.time)
    return
  }
  dropLine(scan.builder)
  const { at, newlines } = findLineEnd(scan.bytes, start)
  scan.position = at + 1
  scan.line = startLine + newlines + 1
  reject(scan, start, at, startLine)
}

function skipToNewline(scan: Scan): void {
  scan.verbatim = false
  scan.position = scan.bytes.indexOf(byteOf.newline, scan.position) + 1
  scan.line++
}

function isUtf8Line(scan: Scan): boolean {
  return isUtf8(scan.bytes.subarray(scan.position, findLineEnd(scan.bytes, scan.position).at)) || fail(scan, 'invalid UTF-8')
}

function scanPoint(scan: Scan, start: number): boolean {
  const series = scanSeries(scan)
  if (series < 0 || !scanFields(scan, series) || !scanTime(scan)) return false
  const { lineBytesMax } = scan.limits
  return (
    scan.position - start <= lineBytesMax || fail(scan, `the line has ${scan.position - start} bytes, at most ${lineBytesMax} are taken`)
  )
}

const excerptBytesMax = 256

function reject(scan: Scan, start: number, end: number, line: number): void {
  scan.verbatim = false
  scan.rejectedTotal++
  if (scan.rejected.length >= scan.limits.rejectionsMax) return
  const cut = Math.min(end, start + excerptBytesMax)
  const excerpt = scan.text.toString('utf8', start, cut) + (cut < end ? '…' : '')
  scan.rejected.push({ line, reason: scan.refused ? scan.problem : `unable to parse '${excerpt.trim()}': ${scan.problem}` })
}
