import { isUtf8 } from 'node:buffer'
import type { Rejection } from '../../model/batch.ts'
import type { BatchBuilder } from '../batch-builder.ts'
import type { Precision } from '../ingest.ts'
import type { SeriesTable } from '../series-table.ts'
import { byteOf } from './bytes.ts'

export type ScanLimits = {
  /** With its newline. */
  readonly lineBytesMax: number
  /** Measurement and tags as sent. InfluxDB's own limit is 65,535. */
  readonly keyBytesMax: number
  readonly tagsMax: number
  readonly fieldsMax: number
  readonly stringBytesMax: number
  /** Bad lines that are described; more are only counted. */
  readonly rejectionsMax: number
}

export const scanLimits: ScanLimits = {
  lineBytesMax: 1_048_576,
  keyBytesMax: 65_535,
  tagsMax: 256,
  fieldsMax: 8192,
  stringBytesMax: 65_536,
  rejectionsMax: 1000,
}

export type ScanOptions = {
  readonly precision: Precision
  /** The time of points that bring none; cut to the precision, as InfluxDB does. */
  readonly nowNs: bigint
  readonly limits?: Partial<ScanLimits>
  /** What is added to the line numbers in the batch; rejections count from 1 all the same. */
  readonly linesBefore?: number
}

/** What the parts of the scanner share: where it is, what it fills, and what went wrong. */
export type Scan = {
  /** Ends in a newline, so that loops which stop there need no other check. */
  readonly bytes: Uint8Array
  /** The same bytes, for cutting text out. */
  readonly text: Buffer
  readonly end: number
  readonly isUtf8: boolean
  readonly table: SeriesTable
  readonly builder: BatchBuilder
  readonly limits: ScanLimits
  readonly precision: Precision
  readonly linesBefore: number
  position: number
  /** The spelling of the last series, or -1. */
  spelling: number
  /** The line at `position`, counted from 1. */
  line: number
  /** The number in the batch of the point under way: that of its first line. */
  pointLine: number
  /** Whether the body is what the batch would be written as: only points, all good, all with a time. */
  verbatim: boolean
  readonly defaultTime: Int32Array
  readonly time: Int32Array
  /** What is wrong with the line under way, in InfluxDB's words where it has some. */
  problem: string
  /** Whether the problem is a refusal of a line that could be read. */
  refused: boolean
  readonly rejected: Rejection[]
  rejectedTotal: number
}

export function createScan(body: Uint8Array, table: SeriesTable, builder: BatchBuilder, options: ScanOptions): Scan {
  const bytes = endInNewline(body)
  return {
    bytes,
    text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    end: bytes.length,
    isUtf8: isUtf8(bytes),
    table,
    builder,
    limits: { ...scanLimits, ...options.limits },
    precision: options.precision,
    linesBefore: options.linesBefore ?? 0,
    position: 0,
    spelling: -1,
    line: 1,
    pointLine: 0,
    verbatim: options.precision === 'ns',
    defaultTime: new Int32Array(2),
    time: new Int32Array(2),
    problem: '',
    refused: false,
    rejected: [],
    rejectedTotal: 0,
  }
}

/** Always a plain Uint8Array: with Buffers among them, the loops would be compiled for two kinds. */
function endInNewline(body: Uint8Array): Uint8Array {
  if (body[body.length - 1] === byteOf.newline) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  const longer = new Uint8Array(body.length + 1)
  longer.set(body)
  longer[body.length] = byteOf.newline
  return longer
}

/** Says that the line under way is not line protocol; always false, so that a scan can return it. */
export function fail(scan: Scan, problem: string): false {
  scan.problem = problem
  scan.refused = false
  return false
}

/** Says that the line under way can be read but not taken. */
export function refuse(scan: Scan, problem: string): false {
  scan.problem = problem
  scan.refused = true
  return false
}
