import type { Frame, FrameFieldType } from '../../model/query.ts'

type Columns<Row> = Readonly<Record<string, readonly [FrameFieldType, (row: Row) => unknown]>>

/** A table as a frame: one column for each entry, in the order written. */
export function toFrame<Row>(name: string, rows: readonly Row[], columns: Columns<Row>): Frame {
  const fields = Object.entries(columns).map(([column, [type, value]]) => ({ name: column, type, values: rows.map(value) }))
  return { name, labels: {}, fields }
}

/** RFC 3339 → milliseconds; null stays null. */
export function toMs(time: string | null): number | null {
  return time === null ? null : Date.parse(time)
}
