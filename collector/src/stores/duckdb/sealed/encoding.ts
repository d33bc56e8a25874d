import type { FieldType } from '../../../model/point.ts'
import type { SealedFile, TimeUnit } from './catalogue.ts'

/**
 * How values lie in a Parquet file. Measured on 11.5 million values, see docs/sealed-days.md:
 *
 * Numbers are stored as differences, packed to the bits they need. DuckDB does so for integers that
 * are not worth a dictionary, hence no dictionary for numbers, and hence the whole numbers in place
 * of floats: 23.17 is 2317 and a scale of 100, but only where dividing gives every value of the
 * field back bit by bit.
 */
const rowGroupRows = 61_440

/** Written for each field of a day: how its values are scaled, or NULL where they cannot be. */
export function scaleExpression(type: FieldType): string {
  if (type !== 'float') return 'NULL'
  const branches = [1, 10, 100, 1000, 10_000, 1_000_000].map((scale) => `WHEN ${isExact(scale)} THEN ${scale}`)
  return `CASE ${branches.join(' ')} END`
}

/** Below 2^53 whole numbers are exact; the negative zero would lose its sign. */
function isExact(scale: number): string {
  const scaled = `(value * ${scale}::DOUBLE)`
  return `bool_and(isfinite(value) AND abs(${scaled}) < 9007199254740992 AND round(${scaled}) / ${scale}::DOUBLE = value AND NOT (value = 0 AND signbit(value)))`
}

/** `rows` has fid, time, value and scale. */
export function copySql(rows: string, type: FieldType, unit: TimeUnit, path: string): string {
  const values =
    type === 'float'
      ? 'CASE WHEN scale IS NULL THEN value END AS value, CASE WHEN scale IS NOT NULL THEN round(value * scale)::BIGINT END AS scaled, scale::DOUBLE AS scale'
      : 'value'
  const dictionary = type === 'string' || type === 'boolean' ? '' : ', DICTIONARY_SIZE_LIMIT 1'
  return `COPY (SELECT fid, ${toTimestamp[unit]} AS time, ${values} FROM (${rows}) AS sealing_rows ORDER BY fid, sealing_rows.time)
    TO ${quote(path)} (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupRows}${dictionary})`
}

const toTimestamp: Readonly<Record<TimeUnit, string>> = {
  ms: 'epoch_ms(time // 1000000)::TIMESTAMP_MS',
  us: 'make_timestamp(time // 1000)',
  ns: 'make_timestamp_ns(time)',
}

/** SQL with the columns `fid`, `time` and `value` as they were before. `where` may name `fid`. */
export function decodeSql(files: readonly SealedFile[], type: FieldType, where: string, pathOf: (file: SealedFile) => string): string {
  const value = type === 'float' ? 'coalesce(scaled / scale, value)' : 'value'
  // One reading for each unit: DuckDB would convert the later files to the unit of the first.
  return [...Map.groupBy(files, ({ unit }) => unit).values()]
    .map((ofUnit) => {
      const paths = ofUnit.map((file) => quote(pathOf(file))).join(', ')
      return `SELECT fid, epoch_ns(time) AS time, ${value} AS value FROM read_parquet([${paths}]) WHERE ${where}`
    })
    .join(' UNION ALL ')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
