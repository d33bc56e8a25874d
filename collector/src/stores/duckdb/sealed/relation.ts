import type { DuckDBConnection } from '@duckdb/node-api'
import type { FieldType } from '../../../model/point.ts'
import { getOrAdd } from '../../shared/group-set.ts'
import { hotRelation, type Relation, type RelationOf } from '../relation.ts'
import { readCatalogue, type SealedFile } from './catalogue.ts'
import { dayOf, inDays } from './days.ts'
import { decodeSql } from './encoding.ts'
import type { SealedFolder } from './folder.ts'

export type SealedRelationDoors = {
  readonly folder: SealedFolder
  /** The first day after all those that are sealed or about to be; what lies after it is hot only. */
  readonly firstOpenDay: () => number
  /** The least fid of all fields with this one's measurement and name. */
  readonly leadOf: (fid: number) => number
}

/**
 * The values of hot and sealed days. The catalogue is read in the query's own transaction, so the
 * rows of a day that is being sealed are either in the tables or in the file.
 */
export function createSealedRelations({ folder, firstOpenDay, leadOf }: SealedRelationDoors): RelationOf {
  return async (connection, wanted) => {
    const { type, range, fids } = wanted
    const [first, last] = [dayOf(range.from), Math.min(dayOf(range.to - 1), firstOpenDay() - 1)]
    if (first > last) return hotRelation(type)
    const ofDays = await readCatalogue(connection, `type = '${type}' AND day BETWEEN ${first} AND ${last}`)
    const mayHold = createFilter(fids, leadOf)
    const files = await folder.usable(ofDays.filter(mayHold))
    return files.length === 0 ? hotRelation(type) : union(type, decodeSql(files, { range, fids }, folder.pathOf), files)
  }
}

/** All values of a day, late ones included; none when one of its files was taken away. */
export async function dayRelation(connection: DuckDBConnection, day: number, type: FieldType, folder: SealedFolder) {
  const files = await readCatalogue(connection, `type = '${type}' AND day = ${day}`)
  const usable = await folder.usable(files)
  // Late rows stay in the tables, so that a file that comes back is not replaced by one without its rows.
  if (usable.length < files.length) return undefined
  const sql = files.length === 0 ? hotRelation(type).sql : union(type, decodeSql(usable, {}, folder.pathOf), files).sql
  return { files, rows: `SELECT fid, time, value FROM ${sql} AS day_rows WHERE ${inDays(day)}` }
}

/** What came late for a sealed day lies in the hot table and wins. */
function union(type: FieldType, sealed: string, files: readonly SealedFile[]): Relation {
  const days = files.map(({ day }) => day)
  const hot = hotRelation(type).sql
  const late = `SELECT fid, time FROM ${hot} WHERE ${inDays(Math.min(...days), Math.max(...days))}`
  return {
    type,
    sql: `(SELECT fid, time, value FROM ${hot} UNION ALL SELECT fid, time, value FROM (${sealed}) AS sealed ANTI JOIN (${late}) AS late USING (fid, time))`,
  }
}

/** Says which files may hold some of these fields, by the first and the last field in each. */
function createFilter(fids: readonly number[] | undefined, leadOf: (fid: number) => number): (file: SealedFile) => boolean {
  if (fids === undefined) return () => true
  const bounds = new Map<number, { least: number; greatest: number }>()
  for (const fid of fids) {
    const known = getOrAdd(bounds, leadOf(fid), () => ({ least: fid, greatest: fid }))
    known.least = Math.min(known.least, fid)
    known.greatest = Math.max(known.greatest, fid)
  }
  const isAfterFirst = ({ firstLead, firstFid }: SealedFile, lead: number, greatest: number) =>
    lead > firstLead || (lead === firstLead && greatest >= firstFid)
  const isBeforeLast = ({ lastLead, lastFid }: SealedFile, lead: number, least: number) =>
    lead < lastLead || (lead === lastLead && least <= lastFid)
  return (file) => [...bounds].some(([lead, { least, greatest }]) => isAfterFirst(file, lead, greatest) && isBeforeLast(file, lead, least))
}
