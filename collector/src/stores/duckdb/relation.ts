import type { DuckDBConnection } from '@duckdb/node-api'
import type { FieldType } from '../../model/point.ts'
import type { TimeRange } from '../../model/query.ts'
import { valueTables } from './tables.ts'

/** SQL that stands after FROM and has the columns `fid`, `time` and `value`, one row for each value. */
export type Relation = { readonly type: FieldType; readonly sql: string }

/** What a query reads: at least the values of these fields in this range; without `fids` those of all fields. */
export type Wanted = {
  readonly type: FieldType
  readonly range: TimeRange
  readonly fids?: readonly number[] | undefined
}

/** Says where the values are, within the transaction that will read them. */
export type RelationOf = (connection: DuckDBConnection, wanted: Wanted) => Promise<Relation>

/** The values of one type that the database itself holds. */
export function hotRelation(type: FieldType): Relation {
  return { type, sql: `"${valueTables[type].name}"` }
}
