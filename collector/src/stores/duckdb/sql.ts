import type { Aggregate } from '../../model/query.ts'
import type { Plan } from '../shared/plan.ts'
import type { Relation } from './relation.ts'

/**
 * SQL for the values of one type. Nothing of a user's enters the text: names and filters were resolved
 * to fids before. The numbers in the text are this program's own; as literals DuckDB plans with them,
 * which made grouped queries up to nine times faster.
 */

/**
 * Rows `part, bucket, value`, in no order, from a relation that has a `part` beside each value: one
 * column of one label set, numbered by the caller. `oneSeries` says that every part has a single series.
 */
export function toAggregateSql(relation: Relation, plan: Plan, oneSeries: boolean): string {
  const { aggregate } = plan.query
  if (aggregate === 'rate' || aggregate === 'increase') return toCounterSql(relation, plan, aggregate)
  return `SELECT part, ${bucketOf(plan)} AS bucket, ${expressionOf(aggregate, oneSeries, relation)} AS value
    FROM ${relation.sql} WHERE ${inRange(plan)} GROUP BY part, bucket`
}

/** See `createCounter`, which says the same of samples in memory. */
function toCounterSql(relation: Relation, plan: Plan, aggregate: 'rate' | 'increase'): string {
  const total = aggregate === 'rate' ? 'sum(increase / seconds)' : 'sum(increase)'
  return `WITH pairs AS (
      SELECT part, fid, time, value::DOUBLE AS value, lag(value::DOUBLE) OVER earlier AS value_before, lag(time) OVER earlier AS time_before
      FROM ${relation.sql} WHERE ${inRange(plan)} WINDOW earlier AS (PARTITION BY fid ORDER BY time)
    ),
    steps AS (
      SELECT part, fid, ${bucketOf(plan)} AS bucket,
        sum(CASE WHEN value >= value_before THEN value - value_before ELSE value END) AS increase,
        sum(time - time_before)::DOUBLE / 1e9 AS seconds
      FROM pairs WHERE value_before IS NOT NULL GROUP BY part, fid, bucket
    )
    SELECT part, bucket, ${total} AS value FROM steps GROUP BY part, bucket`
}

/**
 * Rows `fid, time, value`. The first rows of an answer hold at most `limit` values of each part, so
 * more are not read. `$fids`, `$parts` and `$ranks` are lists of equal length, as digits and commas;
 * the rank decides between series at one instant.
 */
export function toRawSql(relation: Relation, plan: Plan, oneSeries: boolean): string {
  const { limit, order } = plan.query
  const ordered = `time ${order === 'desc' ? 'DESC' : 'ASC'}, rank`
  const cut = oneSeries
    ? `ORDER BY ${ordered} LIMIT ${limit}`
    : `QUALIFY row_number() OVER (PARTITION BY part ORDER BY ${ordered}) <= ${limit}`
  return `WITH picked AS (
      SELECT unnest(string_split($fids, ',')::INTEGER[]) AS fid, unnest(string_split($parts, ',')::INTEGER[]) AS part,
        unnest(string_split($ranks, ',')::INTEGER[]) AS rank
    )
    SELECT fid, time, value FROM ${relation.sql} JOIN picked USING (fid) WHERE ${inRange(plan)} ${cut}`
}

const toNs = (ms: number) => BigInt(ms) * 1_000_000n

function inRange({ range }: Plan): string {
  return `time >= ${toNs(range.from)} AND time < ${toNs(range.to)}`
}

function bucketOf({ buckets }: Plan): string {
  return `((time - (${toNs(buckets.startMs)})) // ${toNs(buckets.everyMs)})::INTEGER`
}

function expressionOf(aggregate: Exclude<Aggregate, 'rate' | 'increase'> | 'none', oneSeries: boolean, { type }: Relation): string {
  if (aggregate === 'first' || aggregate === 'last') {
    const value = selectorOf(aggregate, oneSeries)
    return type === 'boolean' || type === 'string' ? value : `(${value})::DOUBLE`
  }
  return aggregate === 'none' ? 'NULL' : `(${ofNumbers[aggregate]})::DOUBLE`
}

/** Between series with a value at the same instant the larger value is taken, as in InfluxQL. */
function selectorOf(aggregate: 'first' | 'last', oneSeries: boolean): string {
  if (oneSeries) return aggregate === 'first' ? 'arg_min(value, time)' : 'arg_max(value, time)'
  return aggregate === 'first' ? 'arg_max(value, row(-time, value))' : 'arg_max(value, row(time, value))'
}

const ofNumbers: Record<Exclude<Aggregate, 'rate' | 'increase' | 'first' | 'last'>, string> = {
  mean: 'avg(value)',
  min: 'min(value)',
  max: 'max(value)',
  sum: 'sum(value)',
  count: 'count(*)',
  median: 'median(value::DOUBLE)',
  p90: percentile(90),
  p95: percentile(95),
  p99: percentile(99),
  stddev: 'stddev_samp(value)',
  spread: 'max(value)::DOUBLE - min(value)::DOUBLE',
}

/** InfluxQL's nearest rank. `quantile_disc` rounds the rank up and so differs at some counts. */
function percentile(percent: number): string {
  return `list_sort(list(value))[floor(count(*) * ${percent} / 100.0 + 0.5)::BIGINT]`
}
