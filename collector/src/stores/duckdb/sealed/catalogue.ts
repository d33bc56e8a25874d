import type { DuckDBConnection } from '@duckdb/node-api'
import type { FieldType } from '../../../model/point.ts'

/** The coarsest unit that holds all times of a file exactly. */
export type TimeUnit = 'ms' | 'us' | 'ns'

/** Where a row stands in the order of a day: by kind, then by field. */
export type Place = { readonly kind: number; readonly fid: number }

/** A file of a sealed day: rows of one type and one category, sorted by place and time. */
export type SealedFile = {
  readonly name: string
  readonly day: number
  readonly type: FieldType
  /** The category whose retention holds, or '' for the default one. */
  readonly category: string
  readonly unit: TimeUnit
  readonly first: Place
  readonly last: Place
  readonly rows: number
  readonly bytes: number
}

const columns = 'name, day, type, category, unit, first_kind, first_fid, last_kind, last_fid, "rows", bytes'

/** The files that the connection's transaction sees. `where` is this program's own SQL. */
export async function readCatalogue(connection: DuckDBConnection, where = 'true'): Promise<SealedFile[]> {
  const reader = await connection.runAndReadAll(`SELECT ${columns} FROM sealed_files WHERE ${where} ORDER BY name`)
  return reader.getRows().map(([name, day, type, category, unit, firstKind, firstFid, lastKind, lastFid, rows, bytes]) => ({
    name: String(name),
    day: Number(day),
    type: type as FieldType,
    category: String(category),
    unit: unit as TimeUnit,
    first: { kind: Number(firstKind), fid: Number(firstFid) },
    last: { kind: Number(lastKind), fid: Number(lastFid) },
    rows: Number(rows),
    bytes: Number(bytes),
  }))
}

export async function addToCatalogue(connection: DuckDBConnection, files: readonly SealedFile[]): Promise<void> {
  for (const { name, day, type, category, unit, first, last, rows, bytes } of files) {
    const given = {
      name,
      day,
      type,
      category,
      unit,
      firstKind: first.kind,
      firstFid: first.fid,
      lastKind: last.kind,
      lastFid: last.fid,
      rows,
      bytes,
    }
    await connection.run(
      `INSERT INTO sealed_files (${columns})
       VALUES ($name, $day, $type, $category, $unit, $firstKind, $firstFid, $lastKind, $lastFid, $rows, $bytes)`,
      given,
    )
  }
}

export async function removeFromCatalogue(connection: DuckDBConnection, files: readonly SealedFile[]): Promise<void> {
  for (const { name } of files) await connection.run('DELETE FROM sealed_files WHERE name = $name', { name })
}
