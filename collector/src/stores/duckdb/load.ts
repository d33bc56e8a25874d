import type { DuckDBConnection } from '@duckdb/node-api'
import type { FieldType, FieldValue } from '../../model/point.ts'
import type { Dictionary } from '../shared/dictionary.ts'
import type { Rows } from './append.ts'
import type { LastValues } from './last/last-values.ts'
import type { LogMark } from './log/read-log.ts'
import type { NewestTimes } from './newest-times.ts'
import { valueTables } from './tables.ts'

/** Reads which log stands before the database, and up to where it was taken over. */
export async function loadLogMark(connection: DuckDBConnection): Promise<LogMark> {
  const reader = await connection.runAndReadAll('SELECT log, position FROM log_position')
  const [id, position] = reader.getRows()[0] ?? []
  return { id: String(id), position: Number(position) }
}

/** Reads the dictionary, and for each table the newest time it holds. */
export async function loadDictionary(connection: DuckDBConnection, dictionary: Dictionary, newest: NewestTimes): Promise<void> {
  const newestOf = new Map<FieldType, bigint | undefined>()
  for (const [type, { name }] of Object.entries(valueTables)) {
    const reader = await connection.runAndReadAll(`SELECT max(time) FROM "${name}"`)
    newestOf.set(type as FieldType, (reader.getRows()[0]?.[0] ?? undefined) as bigint | undefined)
  }
  const result = await connection.stream('SELECT fid, measurement, field, type, tags FROM fields')
  for await (const rows of result.yieldRows()) {
    for (const [fid, measurement, name, type, tags] of rows) {
      const field = { fid: Number(fid), measurement: String(measurement), name: String(name), type: type as FieldType }
      dictionary.add({ ...field, tags: JSON.parse(String(tags)) })
      newest.set(field.fid, newestOf.get(field.type))
    }
  }
}

/**
 * Finds each field's own newest time and value; at the start only the newest time of the table as a
 * whole is known.
 *
 * Until they are found, values older than the table's newest take the slower way of late ones, and
 * last values are asked of the tables: right all the same. The scan runs beside the first writes, so a
 * large store starts as fast as a new one. The bounds are those from before the first write: values
 * under way are neither in the scan nor, if they are new, among the late ones.
 */
export function createNewestSearch(newest: NewestTimes, last: LastValues, fieldCount: number) {
  let running = true
  const atStart = Array.from({ length: fieldCount }, (_, fid) => newest.get(fid))
  const lateSince = new Map<number, bigint>()

  return {
    /** Values written late while the search runs may lie after what it finds. */
    note({ length, fids, times }: Rows): void {
      if (!running) return
      for (let i = 0; i < length; i++) {
        const fid = fids[i] ?? 0
        const time = times[i] ?? 0n
        if (time > (lateSince.get(fid) ?? time - 1n)) lateSince.set(fid, time)
      }
    },
    async run(connection: DuckDBConnection): Promise<void> {
      const found = new Map<number, bigint>()
      for (const { name } of Object.values(valueTables)) {
        const result = await connection.stream(`SELECT fid, max(time), arg_max(value, time) FROM "${name}" GROUP BY fid`)
        for await (const rows of result.yieldRows()) {
          for (const [fid, time, value] of rows) {
            found.set(Number(fid), time as bigint)
            last.found(Number(fid), time as bigint, value as FieldValue)
          }
        }
      }
      await readSealedLast(connection, last)
      atStart.forEach((bound, fid) => {
        // A field that has moved on since the start knows its newest time already.
        if (newest.get(fid) === bound) newest.set(fid, later(found.get(fid), lateSince.get(fid)))
      })
      last.complete()
      running = false
      lateSince.clear()
    },
  }
}

function later(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}

/** The newest values in the files of sealed days, which were noted when the days were sealed. */
async function readSealedLast(connection: DuckDBConnection, last: LastValues): Promise<void> {
  const result = await connection.stream('SELECT fid, time, number, text FROM sealed_last')
  for await (const rows of result.yieldRows()) {
    for (const [fid, time, number, text] of rows) last.found(Number(fid), time as bigint, (text ?? number) as FieldValue)
  }
}
