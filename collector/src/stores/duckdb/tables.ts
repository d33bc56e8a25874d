import { BIGINT, BOOLEAN, DOUBLE, type DuckDBType, UBIGINT, VARCHAR } from '@duckdb/node-api'
import type { Batch, Column } from '../../model/batch.ts'
import type { FieldType } from '../../model/point.ts'

export type Values = Float64Array | BigInt64Array | BigUint64Array | Uint8Array | readonly string[]

/** The table that keeps the values of one type. Its name is quoted SQL and never a user's word. */
export type ValueTable = {
  readonly name: string
  readonly type: DuckDBType
  columnOf(batch: Batch): Column<Values>
}

export const valueTables: Readonly<Record<FieldType, ValueTable>> = {
  float: { name: 'floats', type: DOUBLE, columnOf: (batch) => batch.floats },
  integer: { name: 'integers', type: BIGINT, columnOf: (batch) => batch.integers },
  unsigned: { name: 'unsigned', type: UBIGINT, columnOf: (batch) => batch.unsigned },
  boolean: { name: 'booleans', type: BOOLEAN, columnOf: (batch) => batch.booleans },
  string: { name: 'strings', type: VARCHAR, columnOf: (batch) => batch.strings },
}
