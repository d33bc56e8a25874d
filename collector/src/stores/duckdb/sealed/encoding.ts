import type { FieldType } from '../../../model/point.ts'
import type { TimeRange } from '../../../model/query.ts'
import type { SealedFile, TimeUnit } from './catalogue.ts'

/**
 * How values lie in a Parquet file. Measured on 11.5 million values, see docs/sealed-days.md:
 *
 * Numbers are stored as differences, packed to the bits they need. DuckDB does so for integers that
 * have no dictionary (in which, besides, zero and negative zero are one value), hence none for
 * numbers, and hence the whole numbers in place
 * of floats: 23.17 is 2317 and a scale of 100, but only where dividing gives every value of the
 * field back bit by bit. All fields of a file have one scale, and its times are plain numbers of one
 * unit: a scale and a timestamp in each row cost half as much again to read.
 *
 * A field of all series lies together, so that a question about it does not unpack the others.
 */
const rowGroupRows = 122_880

/** Written for each field of a day: how its values are scaled, or NULL where they cannot be. */
export function scaleExpression(type: FieldType): string {
  if (type !== 'float') return 'NULL::INTEGER'
  const branches = [1, 10, 100, 1000, 10_000, 1_000_000].map((scale) => `WHEN ${isExact(scale)} THEN ${scale}`)
  return `CASE ${branches.join(' ')} END`
}

/** Below 2^53 whole numbers are exact; the negative zero would lose its sign. */
function isExact(scale: number): string {
  const scaled = `(value * ${scale}::DOUBLE)`
  return `bool_and(isfinite(value) AND abs(${scaled}) < 9007199254740992 AND round(${scaled}) / ${scale}::DOUBLE = value AND NOT (value = 0 AND signbit(value)))`
}

type Encoding = Pick<SealedFile, 'type' | 'unit' | 'scale'>

/** `rows` has lead, fid, time and value. */
export function copySql(rows: string, { type, unit, scale }: Encoding, path: string): string {
  const value = scale === undefined ? 'value' : `round(value * ${scale}::DOUBLE)::BIGINT AS scaled, ${scale}::INTEGER AS scale`
  const dictionary = type === 'string' || type === 'boolean' ? '' : ', DICTIONARY_SIZE_LIMIT 0'
  return `COPY (SELECT fid, time // ${nsOf[unit]} AS time_${unit}, ${value} FROM (${rows}) AS sealing_rows ORDER BY lead, fid, sealing_rows.time)
    TO ${quote(path)} (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupRows}${dictionary})`
}

const nsOf: Readonly<Record<TimeUnit, number>> = { ms: 1_000_000, us: 1000, ns: 1 }

/** What of some files is read. Rows beyond it may come too. */
export type Chosen = { readonly range?: TimeRange; readonly fids?: readonly number[] | undefined }

/** SQL with the columns `fid`, `time` and `value` as they were before. */
export function decodeSql(files: readonly SealedFile[], chosen: Chosen, pathOf: (file: SealedFile) => string): string {
  return [...Map.groupBy(files, ({ unit, scale }) => `${unit}/${scale}`).values()]
    .map((alike) => {
      const { unit, scale } = alike[0] as SealedFile
      const paths = alike.map((file) => quote(pathOf(file))).join(', ')
      return `SELECT fid, time_${unit} * ${nsOf[unit]} AS time, ${scale === undefined ? 'value' : `scaled / ${scale}::DOUBLE AS value`}
        FROM read_parquet([${paths}]) WHERE ${conditionOf(chosen, unit)}`
    })
    .join(' UNION ALL ')
}

/** More fields than this are given as the least and the greatest: comparing each row with a list costs more than it spares. */
const listedMax = 32

/** On the columns as they are stored, whose least and greatest values DuckDB looks at before it unpacks anything. */
function conditionOf({ range, fids }: Chosen, unit: TimeUnit): string {
  const conditions = ['true']
  const stored = (ms: number) => BigInt(ms) * BigInt(nsOf.ms / nsOf[unit])
  if (range) conditions.push(`time_${unit} >= ${stored(range.from)}`, `time_${unit} < ${stored(range.to)}`)
  if (fids && fids.length <= listedMax) conditions.push(`fid IN (${fids.join(', ')})`)
  else if (fids) conditions.push(`fid BETWEEN ${least(fids)} AND ${greatest(fids)}`)
  return conditions.join(' AND ')
}

const least = (fids: readonly number[]) => fids.reduce((found, fid) => Math.min(found, fid))
const greatest = (fids: readonly number[]) => fids.reduce((found, fid) => Math.max(found, fid))

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
