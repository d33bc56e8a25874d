import type { Frame } from '../../model/query.ts'
import { aggregateSamples, type BucketAggregate, type Sample } from '../shared/aggregate.ts'
import { createBucketFrames } from '../shared/bucket-frames.ts'
import { createCounter, createCounterSums } from '../shared/counter.ts'
import type { StoredSeries } from '../shared/dictionary.ts'
import { getOrAdd, tagOf } from '../shared/group-set.ts'
import type { Plan } from '../shared/plan.ts'
import { createRawFrames, toMs } from '../shared/raw-frames.ts'
import type { Timeline } from './timeline.ts'

/** Everything a series holds in the range for one column of the plan. */
type Slice = { readonly series: StoredSeries; readonly column: number; readonly samples: readonly Sample[] }

export function queryMemory(
  plan: Plan,
  series: readonly StoredSeries[],
  timelineOf: (fid: number) => Timeline | undefined,
): Promise<Frame[]> {
  const slices = sliceSeries(plan, series, timelineOf)
  const { aggregate } = plan.query
  if (aggregate === 'none') return toRawFrames(plan, slices)
  if (aggregate === 'rate' || aggregate === 'increase') return toCounterFrames(plan, slices, aggregate)
  return toAggregateFrames(plan, slices, aggregate)
}

function sliceSeries(
  { columns, range }: Plan,
  series: readonly StoredSeries[],
  timelineOf: (fid: number) => Timeline | undefined,
): Slice[] {
  const slices: Slice[] = []
  for (const one of series) {
    columns.forEach(({ name }, column) => {
      const fid = one.fields.get(name)
      const timeline = fid === undefined ? undefined : timelineOf(fid)
      if (!timeline) return
      const begin = timeline.placeOf(BigInt(range.from) * 1_000_000n)
      const end = timeline.placeOf(BigInt(range.to) * 1_000_000n)
      const values = timeline.values.slice(begin, end)
      const samples = timeline.times.slice(begin, end).map((timeNs, i) => ({ timeNs, value: values[i] ?? 0 }))
      if (samples.length > 0) slices.push({ series: one, column, samples })
    })
  }
  return slices
}

const valuesOf = ({ groupBy }: Plan, { series }: Slice) => groupBy.map((tag) => tagOf(series.tags, tag))

function toRawFrames(plan: Plan, slices: readonly Slice[]): Promise<Frame[]> {
  const frames = createRawFrames(plan)
  for (const slice of slices) {
    const group = frames.groups.indexOf(valuesOf(plan, slice))
    const series = frames.seriesOf(slice.series.key)
    for (const { timeNs, value } of slice.samples) frames.set(group, slice.column, series, timeNs, value)
  }
  return frames.frames()
}

function toAggregateFrames(plan: Plan, slices: readonly Slice[], aggregate: BucketAggregate): Promise<Frame[]> {
  const frames = createBucketFrames(plan)
  const { startMs, everyMs } = plan.buckets
  const gathered = new Map<string, { group: number; column: number; bucket: number; samples: Sample[] }>()
  for (const slice of slices) {
    const { column } = slice
    const group = frames.groups.indexOf(valuesOf(plan, slice))
    for (const sample of slice.samples) {
      const bucket = Math.floor((toMs(sample.timeNs) - startMs) / everyMs)
      getOrAdd(gathered, `${group}/${column}/${bucket}`, () => ({ group, column, bucket, samples: [] })).samples.push(sample)
    }
  }
  for (const { group, column, bucket, samples } of gathered.values()) {
    frames.set(group, column, bucket, aggregateSamples(aggregate, samples))
  }
  return frames.frames()
}

function toCounterFrames(plan: Plan, slices: readonly Slice[], aggregate: 'rate' | 'increase'): Promise<Frame[]> {
  const frames = createBucketFrames(plan)
  const sums = new Map<string, { group: number; column: number; sum: ReturnType<typeof createCounterSums> }>()
  for (const slice of slices) {
    const { column } = slice
    const group = frames.groups.indexOf(valuesOf(plan, slice))
    const counter = createCounter(plan.buckets)
    for (const { timeNs, value } of slice.samples) counter.add(timeNs, Number(value))
    getOrAdd(sums, `${group}/${column}`, () => ({ group, column, sum: createCounterSums(aggregate) })).sum.add(counter.steps)
  }
  for (const { group, column, sum } of sums.values()) {
    for (const [bucket, value] of sum.totals) frames.set(group, column, bucket, value)
  }
  return frames.frames()
}
