import type { Batch, Rejection } from '../model/batch.ts'
import type { FieldType, FieldValue, Point, Tags } from '../model/point.ts'
import { createBatchBuilder, toWholeBatch } from './batch-builder.ts'
import { scanLineProtocol } from './line-protocol/scan.ts'
import type { ScanOptions } from './line-protocol/scan-state.ts'
import { appendPoints } from './points.ts'
import { createSeriesTable, fieldOf, type SeriesTable } from './series-table.ts'

/** A line of a batch as an object, for tests. A field may stand in it twice. */
export type ReadPoint = {
  readonly line: number
  readonly measurement: string
  readonly tags: Tags
  readonly fields: { name: string; type: FieldType; value: FieldValue }[]
  readonly timeNs: bigint
}

/** A batch as the points that it holds, in the order of their lines. */
export function readBatch(batch: Batch): ReadPoint[] {
  const points = new Map<number, ReadPoint>()
  for (const column of [batch.floats, batch.integers, batch.unsigned, batch.booleans, batch.strings]) {
    for (let index = 0; index < column.length; index++) {
      const { name, type, series } = batch.fieldOf(column.fields[index] as number)
      const line = column.lines[index] as number
      const raw = column.values[index] as FieldValue
      const { measurement, tags } = series
      const point = points.get(line) ?? { line, measurement, tags, fields: [], timeNs: column.times[index] as bigint }
      points.set(line, point)
      point.fields.push({ name, type, value: type === 'boolean' ? raw === 1 : raw })
    }
  }
  return [...points.values()].sort((a, b) => a.line - b.line)
}

export type Scanned = { points: ReadPoint[]; rejected: readonly Rejection[]; rejectedTotal: number; batch: Batch }

/** Scans a text on its own, at time 42 unless told otherwise. */
export function scanText(text: string | Uint8Array, options: Partial<ScanOptions> = {}, table: SeriesTable = createSeriesTable()): Scanned {
  const builder = createBatchBuilder((id) => fieldOf(table, id))
  const body = typeof text === 'string' ? Buffer.from(text) : text
  const { rejected, rejectedTotal } = scanLineProtocol(body, table, builder, { precision: 'ns', nowNs: 42n, ...options })
  const batch = toWholeBatch(builder)
  return { points: readBatch(batch), rejected, rejectedTotal, batch }
}

/** Takes points on their own, at time 42. */
export function takePoints(points: readonly Point[], table: SeriesTable = createSeriesTable()): Scanned {
  const builder = createBatchBuilder((id) => fieldOf(table, id))
  const { rejected, rejectedTotal } = appendPoints(points, table, builder, { nowNs: 42n })
  const batch = toWholeBatch(builder)
  return { points: readBatch(batch), rejected, rejectedTotal, batch }
}
