import type { DuckDBConnection } from '@duckdb/node-api'
import type { FieldType } from '../../../model/point.ts'
import { hotRelation } from '../relation.ts'
import { categoryExpression } from '../retention.ts'
import { valueTables } from '../tables.ts'
import { addToCatalogue, removeFromCatalogue, type SealedFile } from './catalogue.ts'
import { dateOf, inDays } from './days.ts'
import { copySql, scaleExpression } from './encoding.ts'
import type { SealedFolder } from './folder.ts'
import { dayRelation } from './relation.ts'

/** Each file is one pass over the rows of its day; one sort of twice as many rows still fits into little memory. */
const rowsPerFile = 1_500_000

/** Where a kill may strike; a test stops at each. */
export type Step = 'file written' | 'files written' | 'rows deleted' | 'committed'

export type SealDoors = {
  /** Reads the rows; nobody else uses it. */
  readonly reader: DuckDBConnection
  /** Commits, while nobody else writes. */
  readonly writer: DuckDBConnection
  readonly inTurn: <Answer>(work: () => Promise<Answer>) => Promise<Answer>
  /** Deletes files that the catalogue no longer names, when nobody can be reading them. */
  readonly discard: (files: readonly SealedFile[]) => void
  /** Aborted when the store stops; nothing is sealed half. */
  readonly signal: AbortSignal
  readonly folder: SealedFolder
  /** The categories that have a retention of their own. */
  readonly categories: readonly string[]
  readonly rowsPerFile?: number
  readonly onStep?: (step: Step) => Promise<void>
}

export type SealedDay = { readonly files: readonly SealedFile[]; readonly replaced: readonly SealedFile[] }

/** What sealing one type of values of a day made. */
type SealedType = {
  readonly type: FieldType
  readonly replaced: readonly SealedFile[]
  readonly files: readonly SealedFile[]
  /** Rows after this one were written later and stay. */
  readonly lastRowId: bigint
}

/**
 * Writes the rows of a day into files of their own and takes them out of the tables.
 *
 * The files are written beside everything else, from one snapshot. One short transaction then names
 * them in the catalogue and deletes the rows, so a kill at any moment leaves each value in exactly
 * one place. The snapshot stays open until then: row ids do not move while somebody reads.
 */
export async function sealDay(doors: SealDoors, day: number, nextName: (stem: string) => string): Promise<SealedDay> {
  const { reader, folder, discard, onStep } = doors
  await reader.run('BEGIN')
  const sealed: SealedType[] = []
  try {
    for (const type of Object.keys(valueTables) as FieldType[]) {
      const ofType = await sealType(doors, day, type, nextName)
      if (ofType) sealed.push(ofType)
    }
    await onStep?.('files written')
    await doors.inTurn(() => commit(doors, day, sealed))
  } catch (thrown) {
    for (const { name } of sealed.flatMap(({ files }) => files)) await folder.remove(name)
    throw thrown
  } finally {
    await reader.run('ROLLBACK')
  }
  await onStep?.('committed')
  const replaced = sealed.flatMap((one) => one.replaced)
  discard(replaced)
  return { files: sealed.flatMap(({ files }) => files), replaced }
}

async function sealType(
  doors: SealDoors,
  day: number,
  type: FieldType,
  nextName: (stem: string) => string,
): Promise<SealedType | undefined> {
  const { reader, folder, categories } = doors
  const lastRowId = await readLastRowId(reader, day, type)
  if (lastRowId === undefined) return undefined
  const values = await dayRelation(reader, day, type, folder)
  if (!values) return undefined
  const { files: replaced, rows } = values
  await reader.run(planSql(rows, type, categories, doors.rowsPerFile ?? rowsPerFile))
  const files: SealedFile[] = []
  for (const part of await readParts(reader)) {
    doors.signal.throwIfAborted()
    const name = nextName(`${dateOf(day)}-${type}`)
    const chosen = `SELECT lead, fid, time, value FROM (${rows}) AS day_rows JOIN sealing USING (fid) WHERE part = ${part.number}`
    await reader.run(copySql(chosen, { type, ...part }, folder.partOf(name)))
    const written = await folder.sync(name)
    await doors.onStep?.('file written')
    const { number: _, ...ofPart } = part
    files.push({ name, day, type, ...ofPart, ...written })
  }
  return { type, replaced, files, lastRowId }
}

/** The last row of the day's type in the table as the snapshot shows it; none when it has no row of the day. */
async function readLastRowId(reader: DuckDBConnection, day: number, type: FieldType): Promise<bigint | undefined> {
  const sql = `SELECT max(rowid) FROM ${hotRelation(type).sql} WHERE ${inDays(day)}`
  return ((await reader.runAndReadAll(sql)).getRows()[0]?.[0] ?? undefined) as bigint | undefined
}

/**
 * A row for each field of the day: where it goes, and how its values are written. A field of all
 * series begins a file of its own when the file before is full, so that few files hold two halves.
 */
function planSql(rows: string, type: FieldType, categories: readonly string[], rowsMax: number): string {
  return `CREATE OR REPLACE TEMP TABLE sealing AS
    WITH of_field AS (
      SELECT fid, count(*) AS "rows", bool_and(time % 1000000 = 0) AS in_ms, bool_and(time % 1000 = 0) AS in_us,
        ${scaleExpression(type)} AS scale
      FROM (${rows}) AS day_rows GROUP BY fid
    ),
    named AS (
      SELECT fid, min(fid) OVER (PARTITION BY measurement, field) AS lead, ${categoryExpression(categories)} AS category FROM fields
    ),
    placed AS (
      SELECT of_field.*, lead, category, sum("rows") OVER (PARTITION BY category, scale ORDER BY lead, fid) - "rows" AS before,
        sum("rows") OVER (PARTITION BY category, scale, lead ORDER BY fid) - "rows" AS before_in_lead
      FROM of_field JOIN named USING (fid)
    )
    SELECT *, dense_rank() OVER (ORDER BY category, scale, (before - before_in_lead) // ${rowsMax}, before_in_lead // ${rowsMax}) AS part
    FROM placed`
}

async function readParts(reader: DuckDBConnection) {
  const result = await reader.runAndReadAll(
    `SELECT category, part::INTEGER, any_value(scale), sum("rows")::DOUBLE, CASE WHEN bool_and(in_ms) THEN 'ms' WHEN bool_and(in_us) THEN 'us' ELSE 'ns' END,
       min(lead), arg_min(fid, row(lead, fid)), max(lead), arg_max(fid, row(lead, fid))
     FROM sealing GROUP BY category, part ORDER BY part`,
  )
  return result.getRows().map(([category, number, scale, rows, unit, firstLead, firstFid, lastLead, lastFid]) => ({
    category: String(category),
    number: Number(number),
    ...(scale !== null && { scale: Number(scale) }),
    rows: Number(rows),
    unit: unit as SealedFile['unit'],
    firstLead: Number(firstLead),
    firstFid: Number(firstFid),
    lastLead: Number(lastLead),
    lastFid: Number(lastFid),
  }))
}

async function commit({ writer, folder, onStep }: SealDoors, day: number, sealed: readonly SealedType[]): Promise<void> {
  await writer.run('BEGIN')
  try {
    for (const { type, replaced, files, lastRowId } of sealed) {
      await removeFromCatalogue(writer, replaced)
      await addToCatalogue(writer, files)
      const rows = `${hotRelation(type).sql} WHERE ${inDays(day)} AND rowid <= ${lastRowId}`
      await keepNewest(writer, type, rows)
      await writer.run(`DELETE FROM ${rows}`)
    }
    await onStep?.('rows deleted')
    await folder.publish(sealed.flatMap(({ files }) => files.map(({ name }) => name)))
    await writer.run('COMMIT')
  } catch (thrown) {
    await writer.run('ROLLBACK').catch(() => undefined)
    throw thrown
  }
}

/** The newest value of each field, so that the next start need not look for it in the files. */
async function keepNewest(writer: DuckDBConnection, type: FieldType, rows: string): Promise<void> {
  const value = type === 'string' ? 'NULL AS number, arg_max(value, time) AS text' : 'arg_max(value, time)::DOUBLE AS number, NULL AS text'
  await writer.run(`CREATE OR REPLACE TEMP TABLE newest AS SELECT fid, max(time) AS time, ${value} FROM ${rows} GROUP BY fid`)
  await writer.run('DELETE FROM sealed_last USING newest WHERE sealed_last.fid = newest.fid AND sealed_last.time <= newest.time')
  await writer.run('INSERT INTO sealed_last SELECT fid, time, number, text FROM newest ANTI JOIN sealed_last USING (fid)')
  await writer.run('DROP TABLE newest')
}
