import type { Aggregate } from '../../../model/query.ts'
import type { Plan } from '../../shared/plan.ts'
import type { Segment } from '../../shared/rollups/segments.ts'
import { stepOf } from './build-sql.ts'
import { toNs, type WindowColumn } from './window-rows.ts'

type Mergeable = Exclude<Aggregate, 'rate' | 'increase' | 'median' | 'p90' | 'p95' | 'p99' | 'stddev'>

const needed: Readonly<Record<Mergeable, readonly WindowColumn[]>> = {
  mean: ['sum', 'count'],
  min: ['min'],
  max: ['max'],
  sum: ['sum'],
  count: ['count'],
  spread: ['min', 'max'],
  first: ['first', 'first_time'],
  last: ['last', 'last_time'],
}

const forCounters: readonly WindowColumn[] = ['count', 'first', 'first_time', 'last', 'last_time', 'increase']

/** What a query reads of each window. */
export function columnsOf({ query }: Plan): readonly WindowColumn[] {
  return ['fid', 'time', ...(isCounter(query.aggregate) ? forCounters : needed[query.aggregate as Mergeable])]
}

const isCounter = (aggregate: string): aggregate is 'rate' | 'increase' => aggregate === 'rate' || aggregate === 'increase'

/** SQL for the windows of some segments, each with its `part`. */
type RowsOf = (segments: readonly Segment[]) => Promise<string>

/**
 * Rows `part, bucket, value` from windows that each lie within a bucket; for counters also `unknown`,
 * which says that the growth within some window was not kept.
 *
 * `oneSeries` says that every part has a single series. A window as wide as a bucket is the bucket
 * then, and is not grouped: the rest of the range lies in other buckets.
 */
export async function toWindowsSql(rowsOf: RowsOf, segments: readonly Segment[], plan: Plan, oneSeries: boolean): Promise<string> {
  const { aggregate } = plan.query
  if (isCounter(aggregate)) return toCounterSql(await rowsOf(segments), plan, aggregate)
  const isBucket = ({ level }: Segment) => oneSeries && level?.widthMs === plan.buckets.everyMs
  const [whole, parts] = [segments.filter(isBucket), segments.filter((segment) => !isBucket(segment))]
  const selected: string[] = []
  if (whole.length > 0)
    selected.push(
      `SELECT part, ${bucketOf(plan)} AS bucket, (${ofOneWindow[aggregate as Mergeable]})::DOUBLE AS value FROM ${await rowsOf(whole)}`,
    )
  if (parts.length > 0)
    selected.push(`SELECT part, ${bucketOf(plan)} AS bucket, (${expressionOf(aggregate as Mergeable, oneSeries)})::DOUBLE AS value
      FROM ${await rowsOf(parts)} GROUP BY part, bucket`)
  return selected.join(' UNION ALL ')
}

const ofOneWindow: Readonly<Record<Mergeable, string>> = {
  mean: 'sum / count',
  min: 'min',
  max: 'max',
  sum: 'sum',
  count: 'count',
  spread: 'max - min',
  first: '"first"',
  last: '"last"',
}

/** The growth within the windows, and from the last value of each to the first of the next. */
function toCounterSql(rows: string, plan: Plan, aggregate: 'rate' | 'increase'): string {
  const total = aggregate === 'rate' ? 'sum(grown / seconds)' : 'sum(grown)'
  return `WITH pairs AS (
      SELECT *, lag("last") OVER earlier AS last_before, lag(last_time) OVER earlier AS time_before
      FROM ${rows} WINDOW earlier AS (PARTITION BY fid ORDER BY first_time)
    ),
    steps AS (
      SELECT part, fid, ${bucketOf(plan)} AS bucket, sum(increase + coalesce(${stepOf('"first"', 'last_before')}, 0)) AS grown,
        sum(last_time - coalesce(time_before, first_time))::DOUBLE / 1e9 AS seconds, bool_or(increase IS NULL) AS unknown
      FROM pairs WHERE count > 1 OR time_before IS NOT NULL GROUP BY part, fid, bucket
    )
    SELECT part, bucket, ${total} AS value, bool_or(unknown) AS unknown FROM steps GROUP BY part, bucket`
}

function bucketOf({ buckets }: Plan): string {
  return `((time - (${toNs(buckets.startMs)})) // ${toNs(buckets.everyMs)})::INTEGER`
}

/** Between series with a value at the same instant the larger value is taken, as for raw values. */
function expressionOf(aggregate: Mergeable, oneSeries: boolean): string {
  if (aggregate === 'first') return oneSeries ? 'arg_min("first", first_time)' : 'arg_max("first", row(-first_time, "first"))'
  if (aggregate === 'last') return oneSeries ? 'arg_max("last", last_time)' : 'arg_max("last", row(last_time, "last"))'
  return expressions[aggregate]
}

const expressions: Readonly<Record<Exclude<Mergeable, 'first' | 'last'>, string>> = {
  mean: 'sum(sum) / sum(count)',
  min: 'min(min)',
  max: 'max(max)',
  sum: 'sum(sum)',
  count: 'sum(count)',
  spread: 'max(max) - min(min)',
}
