import type { FieldValue } from '../../model/point.ts'
import type { Aggregate } from '../../model/query.ts'
import type { Cell } from './bucket-frames.ts'

export type Sample = { readonly timeNs: bigint; readonly value: FieldValue }

/** The aggregates that look at a bucket's values alone; `rate` and `increase` look at neighbours. */
export type BucketAggregate = Exclude<Aggregate, 'rate' | 'increase'>

/** One value for the samples of a bucket, as InfluxQL computes it; null when it has none. */
export function aggregateSamples(aggregate: BucketAggregate, samples: readonly Sample[]): Cell | null {
  if (samples.length === 0) return null
  if (aggregate === 'count') return samples.length
  if (aggregate === 'first') return toCell(pick(samples, (a, b) => a < b))
  if (aggregate === 'last') return toCell(pick(samples, (a, b) => a > b))
  return ofNumbers[aggregate](samples.map((sample) => Number(sample.value)))
}

const ofNumbers: Record<Exclude<BucketAggregate, 'count' | 'first' | 'last'>, (values: number[]) => number | null> = {
  mean: (values) => sum(values) / values.length,
  min: least,
  max: most,
  sum,
  median: (values) => (at(sort(values), Math.floor((values.length - 1) / 2)) + at(values, Math.floor(values.length / 2))) / 2,
  p90: (values) => percentile(values, 90),
  p95: (values) => percentile(values, 95),
  p99: (values) => percentile(values, 99),
  stddev,
  spread: (values) => most(values) - least(values),
}

function least(values: readonly number[]): number {
  return values.reduce((chosen, value) => Math.min(chosen, value))
}

function most(values: readonly number[]): number {
  return values.reduce((chosen, value) => Math.max(chosen, value))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** A stored value: the one of the nearest rank. */
function percentile(values: number[], percent: number): number {
  return at(sort(values), Math.floor((values.length * percent) / 100 + 0.5) - 1)
}

/** Of a sample of a population (n - 1), so a single value has none. */
function stddev(values: readonly number[]): number | null {
  if (values.length < 2) return null
  const mean = sum(values) / values.length
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (values.length - 1))
}

/** Between series with a value at the same instant the larger value is taken, as in InfluxQL. */
function pick(samples: readonly Sample[], isBetter: (a: bigint, b: bigint) => boolean): FieldValue {
  const best = samples.reduce((chosen, sample) =>
    isBetter(sample.timeNs, chosen.timeNs) || (sample.timeNs === chosen.timeNs && sample.value > chosen.value) ? sample : chosen,
  )
  return best.value
}

function toCell(value: FieldValue): Cell {
  return typeof value === 'bigint' ? Number(value) : value
}

function sort(values: number[]): number[] {
  return values.sort((a, b) => a - b)
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.NaN
}
