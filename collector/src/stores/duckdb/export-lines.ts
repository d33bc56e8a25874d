import { type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { FieldType } from '../../model/point.ts'
import type { TimeRange } from '../../model/query.ts'
import type { StoredSeries } from '../shared/dictionary.ts'
import { escapeKey, escapeMeasurement } from '../shared/encode-lines.ts'
import { hotRelation, type RelationOf } from './relation.ts'
import { startOf, toNs } from './sealed/days.ts'
import { valueTables } from './tables.ts'

/** The values of so many series and one day are merged to lines at once, which bounds the memory. */
const seriesAtOnce = 5

export type ExportDoors = {
  /** Lends a connection for as long as the work runs. */
  readonly use: <Answer>(work: (connection: DuckDBConnection) => Promise<Answer>) => Promise<Answer>
  readonly relationOf: RelationOf
  readonly typeOf: (measurement: string, field: string) => FieldType | undefined
}

/** Line protocol in nanoseconds, day by day and series by series, in chunks of whole lines. */
export async function* exportLines(doors: ExportDoors, series: readonly StoredSeries[], range: TimeRange): AsyncGenerator<string> {
  for (const day of await doors.use((connection) => findDays(connection, range))) {
    const ofDay = { from: Math.max(range.from, startOf(day)), to: Math.min(range.to, startOf(day + 1)) }
    for (let begin = 0; begin < series.length; begin += seriesAtOnce) {
      yield* await doors.use((connection) => readLines(connection, doors, series.slice(begin, begin + seriesAtOnce), ofDay))
    }
  }
}

/** Each part is one snapshot of its own: a slow client must not keep the database from tidying up. */
async function readLines(
  connection: DuckDBConnection,
  { relationOf, typeOf }: ExportDoors,
  series: readonly StoredSeries[],
  range: TimeRange,
): Promise<string[]> {
  const picks = series.flatMap(({ measurement, fields }, place) =>
    [...fields].map(([name, fid]) => ({ place, name: escapeKey(name), fid, type: typeOf(measurement, name) })),
  )
  const rows: string[] = []
  for (const [type, ofType] of Map.groupBy(picks, (pick) => pick.type)) {
    if (type === undefined) continue
    const { sql } = await relationOf(connection, { type, range, fids: ofType.map(({ fid }) => fid) })
    rows.push(`SELECT place, name, time, ${textOf[type]} AS text FROM ${sql} AS of_type JOIN picked USING (fid) WHERE ${within(range)}`)
  }
  const result = await connection.stream(
    `WITH picked AS (SELECT unnest($1) AS fid, unnest($2) AS place, unnest($3) AS name)
     SELECT place, string_agg(name || '=' || text, ',' ORDER BY name) || ' ' || time AS line
     FROM (${rows.join(' UNION ALL ')}) GROUP BY place, time ORDER BY place, time`,
    [listValue(picks.map(({ fid }) => fid)), listValue(picks.map(({ place }) => place)), listValue(picks.map(({ name }) => name))],
    [LIST(INTEGER), LIST(INTEGER), LIST(VARCHAR)],
  )
  const prefixes = series.map(prefixOf)
  const texts: string[] = []
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const [places, lines] = [chunk.getColumnVector(0), chunk.getColumnVector(1)]
    let text = ''
    for (let row = 0; row < chunk.rowCount; row++) text += `${prefixes[Number(places.getItem(row))]} ${lines.getItem(row)}\n`
    texts.push(text)
  }
  return texts
}

const within = ({ from, to }: TimeRange) => `time >= ${toNs(from)} AND time < ${toNs(to)}`

const textOf: Readonly<Record<FieldType, string>> = {
  float: 'value::VARCHAR',
  integer: "value::VARCHAR || 'i'",
  unsigned: "value::VARCHAR || 'u'",
  boolean: 'value::VARCHAR',
  string: String.raw`'"' || replace(replace(value, '\', '\\'), '"', '\"') || '"'`,
}

function prefixOf({ measurement, tags }: StoredSeries): string {
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))
  return [escapeMeasurement(measurement), ...sorted.map(([name, value]) => `${escapeKey(name)}=${escapeKey(value)}`)].join(',')
}

/** The days that hold anything, oldest first. */
async function findDays(connection: DuckDBConnection, { from, to }: TimeRange): Promise<number[]> {
  const dayNs = 86_400_000_000_000n
  const hot = Object.keys(valueTables).map(
    (type) =>
      `SELECT DISTINCT CASE WHEN time >= 0 THEN time // ${dayNs} ELSE -((${dayNs} - 1 - time) // ${dayNs}) END AS day FROM ${hotRelation(type as FieldType).sql} WHERE ${within({ from, to })}`,
  )
  const [first, last] = [Math.floor(from / 86_400_000), Math.floor((to - 1) / 86_400_000)]
  const sealed = `SELECT DISTINCT day::BIGINT AS day FROM sealed_files WHERE day BETWEEN ${first} AND ${last}`
  const reader = await connection.runAndReadAll(`SELECT DISTINCT day FROM (${[sealed, ...hot].join(' UNION ALL ')}) ORDER BY day`)
  return reader.getRows().map(([day]) => Number(day))
}
