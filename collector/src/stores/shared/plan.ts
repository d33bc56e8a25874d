import { AppError } from '../../lib/errors.ts'
import type { FieldType } from '../../model/point.ts'
import type { FrameFieldType, MetricsQuery, TimeRange } from '../../model/query.ts'

/** Most buckets of one frame; every fill writes this many rows at most. */
const bucketsMax = 100_000
/** Most rows of an answer before its limit: they are held in memory at once. */
export const rowsMax = 1_000_000
/** InfluxDB and the narrow tables hold nanoseconds in 64 bits: about the years 1678 to 2261. */
const farthestMs = 9_000_000_000_000

/** Most raw values of an answer before its limit: rows of many columns are larger than those of one. */
export const valuesMax = 4_000_000

export type PlanColumn = {
  readonly name: string
  /** Left out when the measurement has no such field: the column stays empty. */
  readonly stored?: FieldType
  readonly frameType: FrameFieldType
}

/** A checked query: what every store agrees on before it looks at a single value. */
export type Plan = {
  readonly query: MetricsQuery
  readonly range: TimeRange
  readonly columns: readonly PlanColumn[]
  readonly groupBy: readonly string[]
  readonly buckets: Buckets
}

/** Buckets are aligned to 1970, so the first one may begin before the range. */
export type Buckets = {
  readonly startMs: number
  readonly everyMs: number
  readonly count: number
  /** The time a bucket's row carries. */
  timeOf(bucket: number): number
}

/**
 * Checks a query against the types its fields have.
 *
 * Without `everyMs` there is one bucket, and its row carries the beginning of the range.
 */
export function createPlan(query: MetricsQuery, range: TimeRange, types: ReadonlyMap<string, FieldType>): Plan {
  checkRange(range)
  const names = [...new Set(query.fields)]
  if (names.length === 0) throw invalid('fields is empty: name at least one field of the measurement.')
  const columns = names.map((name) => toColumn(query, name, types.get(name)))
  return { query, range, columns, groupBy: [...new Set(query.groupBy)], buckets: toBuckets(query, range) }
}

export const invalid = (sentence: string, cause?: unknown) => new AppError('QUERY_INVALID', sentence, { cause })

export function tooManyRows(measurement: string): AppError {
  return invalid(
    `The answer for "${measurement}" has more than ${rowsMax} rows before its limit. Choose an aggregate, wider buckets, fewer series or a shorter range.`,
  )
}

export function tooManyValues(measurement: string): AppError {
  return invalid(
    `The answer for "${measurement}" has more than ${valuesMax} values before its limit. Choose an aggregate, fewer fields, fewer series or a shorter range.`,
  )
}

function checkRange({ from, to }: TimeRange): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from >= to)
    throw invalid(`The range from ${from} to ${to} is empty: both are whole milliseconds, and from lies before to.`)
  if (from < -farthestMs || to > farthestMs)
    throw invalid('The range lies outside the years 1684 to 2255: nanoseconds of other years do not fit in 64 bits.')
}

function toColumn(query: MetricsQuery, name: string, stored: FieldType | undefined): PlanColumn {
  const { aggregate } = query
  if (aggregate === 'count') return { name, stored, frameType: 'number' }
  if (stored === 'string' || stored === 'boolean') {
    if (aggregate !== 'none' && aggregate !== 'first' && aggregate !== 'last')
      throw invalid(`${aggregate} needs numbers, and field "${name}" of "${query.measurement}" holds ${stored}s. Use first, last or count.`)
    return { name, stored, frameType: stored }
  }
  return { name, stored, frameType: 'number' }
}

function toBuckets({ aggregate, everyMs }: MetricsQuery, { from, to }: TimeRange): Buckets {
  if (everyMs === undefined || aggregate === 'none') return { startMs: from, everyMs: to - from, count: 1, timeOf: () => from }
  if (!Number.isSafeInteger(everyMs) || everyMs < 1)
    throw invalid(`A bucket of ${everyMs} ms is not possible: it needs whole milliseconds, 1 or more.`)
  const startMs = Math.floor(from / everyMs) * everyMs
  const count = Math.ceil((to - startMs) / everyMs)
  if (count > bucketsMax)
    throw invalid(`The range has ${count} buckets of ${everyMs} ms, more than ${bucketsMax}. Ask for wider buckets or a shorter range.`)
  return { startMs, everyMs, count, timeOf: (bucket) => startMs + bucket * everyMs }
}
