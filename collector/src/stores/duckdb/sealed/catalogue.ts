import type { DuckDBConnection } from '@duckdb/node-api'
import type { FieldType } from '../../../model/point.ts'

/** The coarsest unit that holds all times of a file exactly. */
export type TimeUnit = 'ms' | 'us' | 'ns'

/** A file of a sealed day: rows of one type and one category, sorted by lead, fid and time. */
export type SealedFile = {
  readonly name: string
  readonly day: number
  readonly type: FieldType
  /** The category whose retention holds, or '' for the default one. */
  readonly category: string
  readonly unit: TimeUnit
  /** What its values were multiplied with to become whole numbers; left out when they lie as they are. */
  readonly scale?: number
  /** Its first field. A lead is the least fid of all those with the same measurement and field name. */
  readonly firstLead: number
  readonly firstFid: number
  readonly lastLead: number
  readonly lastFid: number
  readonly rows: number
  readonly bytes: number
  /** CRC-32 of the file. */
  readonly crc: number
}

const columns = 'name, day, type, category, unit, scale, first_lead, first_fid, last_lead, last_fid, "rows", bytes, crc'

/** The files that the connection's transaction sees. `where` is this program's own SQL. */
export async function readCatalogue(connection: DuckDBConnection, where = 'true'): Promise<SealedFile[]> {
  const reader = await connection.runAndReadAll(`SELECT ${columns} FROM sealed_files WHERE ${where} ORDER BY name`)
  return reader.getRows().map(([name, day, type, category, unit, scale, firstLead, firstFid, lastLead, lastFid, rows, bytes, crc]) => ({
    name: String(name),
    day: Number(day),
    type: type as FieldType,
    category: String(category),
    unit: unit as TimeUnit,
    ...(scale !== null && { scale: Number(scale) }),
    firstLead: Number(firstLead),
    firstFid: Number(firstFid),
    lastLead: Number(lastLead),
    lastFid: Number(lastFid),
    rows: Number(rows),
    bytes: Number(bytes),
    crc: Number(crc),
  }))
}

export async function addToCatalogue(connection: DuckDBConnection, files: readonly SealedFile[]): Promise<void> {
  for (const file of files) {
    await connection.run(
      `INSERT INTO sealed_files (${columns})
       VALUES ($name, $day, $type, $category, $unit, $scale, $firstLead, $firstFid, $lastLead, $lastFid, $rows, $bytes, $crc)`,
      { ...file, scale: file.scale ?? null },
    )
  }
}

export async function removeFromCatalogue(connection: DuckDBConnection, files: readonly SealedFile[]): Promise<void> {
  for (const { name } of files) await connection.run('DELETE FROM sealed_files WHERE name = $name', { name })
}
