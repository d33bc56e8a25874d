import type { SeriesField } from './point.ts'

/**
 * The values of one field type in a batch, column by column. All arrays have `length` used entries
 * and may be longer: read up to `length`.
 */
export type Column<Values> = {
  readonly length: number
  /** `SeriesField.id` of each value; `Batch.fieldOf` gives the field. */
  readonly fields: Int32Array
  /** Nanoseconds since 1970. */
  readonly times: BigInt64Array
  readonly values: Values
  /** The line (or point) of the request each value came from, counted from 1. */
  readonly lines: Int32Array
}

/**
 * Accepted points on their way to a store, to `live/` and to the spool.
 *
 * Columns, not objects: the scan writes them directly and DuckDB's appender reads them directly.
 */
export type Batch = {
  /** How many points (lines) the batch holds. */
  readonly points: number
  readonly floats: Column<Float64Array>
  readonly integers: Column<BigInt64Array>
  readonly unsigned: Column<BigUint64Array>
  readonly booleans: Column<Uint8Array>
  readonly strings: Column<readonly string[]>
  /** The field behind an id of this process. */
  fieldOf(id: number): SeriesField
  /**
   * The batch as line protocol with nanosecond times, one line a point, each ending in a newline.
   * The bytes as received when they already had that form, otherwise written anew.
   */
  toLineProtocol(): Uint8Array
}

/** A line (or point) that was not taken, and why: the sentence is shown to the sender. */
export type Rejection = { readonly line: number; readonly reason: string }
