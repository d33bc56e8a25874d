import type { FieldValue } from '../../model/point.ts'
import type { Frame } from '../../model/query.ts'
import { type Cell, createBucketFrames } from '../shared/bucket-frames.ts'
import { createCounter, createCounterSums } from '../shared/counter.ts'
import { seriesKey } from '../shared/dictionary.ts'
import { getOrAdd, tagOf } from '../shared/group-set.ts'
import type { Plan } from '../shared/plan.ts'
import { createRawFrames } from '../shared/raw-frames.ts'
import { type Source, type Statement, toAggregateStatement, toSeriesStatement } from './influxql.ts'
import type { SeriesPiece } from './read-series.ts'

/** Runs a statement; `epoch` is the unit times come in. */
export type RunStatement = (statement: Statement, epoch: 'ms' | 'ns') => AsyncIterable<SeriesPiece>

export async function selectFrames(plan: Plan, source: Source, run: RunStatement): Promise<Frame[]> {
  const { aggregate, limit } = plan.query
  if (aggregate === 'none') return selectRaw(plan, toSeriesStatement(plan, source, limit), run)
  if (aggregate === 'rate' || aggregate === 'increase')
    return selectCounters(plan, toSeriesStatement(plan, source, undefined), run, aggregate)
  return selectBuckets(plan, toAggregateStatement(plan, source), run)
}

export const valuesOf = ({ groupBy }: Plan, { tags = {} }: SeriesPiece) => groupBy.map((tag) => tagOf(tags, tag))

async function selectBuckets(plan: Plan, statement: Statement | undefined, run: RunStatement): Promise<Frame[]> {
  const frames = createBucketFrames(plan)
  const { startMs, everyMs } = plan.buckets
  const isWhole = plan.query.everyMs === undefined
  if (!statement) return []
  for await (const piece of run(statement, 'ms')) {
    const group = frames.groups.indexOf(valuesOf(plan, piece))
    for (const [time, ...values] of piece.values) {
      // Without buckets the time is that of a selected point, or nothing at all.
      const bucket = isWhole ? 0 : Math.round((Number(time) - startMs) / everyMs)
      for (const [column, value] of values.entries()) frames.set(group, column, bucket, (value ?? null) as Cell | null)
    }
  }
  return frames.frames()
}

async function selectRaw(plan: Plan, statement: Statement | undefined, run: RunStatement): Promise<Frame[]> {
  const frames = createRawFrames(plan)
  if (!statement) return []
  for await (const piece of run(statement, 'ns')) {
    const group = frames.groups.indexOf(valuesOf(plan, piece))
    const series = frames.seriesOf(seriesKey(piece.tags ?? {}))
    for (const [time, ...values] of piece.values) {
      values.forEach((value, column) => {
        if (value !== null) frames.set(group, column, series, BigInt(time as number | bigint), value as FieldValue)
      })
    }
  }
  return frames.frames()
}

/**
 * InfluxQL's own `non_negative_difference` drops what a counter grew since it began anew, so the
 * samples are followed here. They are read as they come and not kept.
 */
async function selectCounters(
  plan: Plan,
  statement: Statement | undefined,
  run: RunStatement,
  aggregate: 'rate' | 'increase',
): Promise<Frame[]> {
  const frames = createBucketFrames(plan)
  const counters = new Map<string, Counters>()
  if (!statement) return []
  for await (const piece of run(statement, 'ns')) {
    const ofSeries = getOrAdd(counters, seriesKey(piece.tags ?? {}), () => ({
      group: frames.groups.indexOf(valuesOf(plan, piece)),
      counters: plan.columns.map(() => createCounter(plan.buckets)),
    }))
    for (const [time, ...values] of piece.values) {
      values.forEach((value, column) => {
        if (value !== null) ofSeries.counters[column]?.add(BigInt(time as number | bigint), Number(value))
      })
    }
  }
  for (const { group, column, bucket, value } of addCounters(aggregate, counters.values())) frames.set(group, column, bucket, value)
  return frames.frames()
}

type Counters = { readonly group: number; readonly counters: readonly ReturnType<typeof createCounter>[] }

function* addCounters(aggregate: 'rate' | 'increase', series: Iterable<Counters>) {
  const sums = new Map<number, ReturnType<typeof createCounterSums>[]>()
  for (const { group, counters } of series) {
    const ofGroup = getOrAdd(sums, group, () => counters.map(() => createCounterSums(aggregate)))
    for (const [column, counter] of counters.entries()) ofGroup[column]?.add(counter.steps)
  }
  for (const [group, ofGroup] of sums) {
    for (const [column, { totals }] of ofGroup.entries()) for (const [bucket, value] of totals) yield { group, column, bucket, value }
  }
}
