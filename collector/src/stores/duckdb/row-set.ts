import type { FieldType } from '../../model/point.ts'
import type { StoredField } from '../shared/dictionary.ts'
import type { Rows } from './append.ts'
import type { WrittenRows } from './log/block.ts'
import type { Values } from './tables.ts'

/** Rows while they gather, column by column. */
export type OpenRows = { length: number; times: BigInt64Array; fids: Int32Array; values: Exclude<Values, readonly string[]> | string[] }

/** What waits to be brought into the database in one transaction. Its memory is used again and again. */
export type RowSet = {
  readonly added: StoredField[]
  readonly rows: Readonly<Record<FieldType, OpenRows>>
  /** All rows of all types. */
  count: number
  /** In the log: everything up to it is in this set, or was in an earlier one. */
  position: number
}

export function createRowSet(): RowSet {
  return {
    added: [],
    rows: {
      float: createRows(new Float64Array(0)),
      integer: createRows(new BigInt64Array(0)),
      unsigned: createRows(new BigUint64Array(0)),
      boolean: createRows(new Uint8Array(0)),
      string: createRows([]),
    },
    count: 0,
    position: 0,
  }
}

function createRows(values: OpenRows['values']): OpenRows {
  return { length: 0, times: new BigInt64Array(0), fids: new Int32Array(0), values }
}

export function addRows(set: RowSet, { added, rows }: WrittenRows, position: number): void {
  set.added.push(...added)
  for (const [type, more] of Object.entries(rows)) {
    appendTo(set.rows[type as FieldType], more)
    set.count += more.length
  }
  set.position = position
}

export function clearRows(set: RowSet): void {
  set.added.length = 0
  set.count = 0
  for (const rows of Object.values(set.rows)) {
    rows.length = 0
    if (Array.isArray(rows.values)) rows.values.length = 0
  }
}

function appendTo(rows: OpenRows, more: Rows): void {
  if (more.length === 0) return
  const length = rows.length + more.length
  if (length > rows.times.length) grow(rows, Math.max(length, rows.times.length * 2, 1024))
  rows.times.set(more.times.subarray(0, more.length), rows.length)
  rows.fids.set(more.fids.subarray(0, more.length), rows.length)
  if (Array.isArray(rows.values)) for (let i = 0; i < more.length; i++) rows.values.push((more.values as readonly string[])[i] ?? '')
  else setValues(rows.values, more.values as Float64Array, more.length, rows.length)
  rows.length = length
}

/** The types of both are the same, which the compiler cannot see. */
function setValues(into: Exclude<OpenRows['values'], string[]>, values: Float64Array, length: number, at: number): void {
  ;(into as Float64Array).set(values.subarray(0, length), at)
}

function grow(rows: OpenRows, capacity: number): void {
  const { length, times, fids, values } = rows
  rows.times = new BigInt64Array(capacity)
  rows.times.set(times.subarray(0, length))
  rows.fids = new Int32Array(capacity)
  rows.fids.set(fids.subarray(0, length))
  if (Array.isArray(values)) return
  const larger = new (values.constructor as Float64ArrayConstructor)(capacity)
  larger.set((values as Float64Array).subarray(0, length))
  rows.values = larger
}
