import { z } from 'zod'
import { formatDuration } from '../../../lib/duration.ts'
import type { SampleRun } from './samples.ts'

const plain = ['mean', 'min', 'max', 'sum', 'count', 'last', 'rate', 'increase'] as const
const percentileOf = /^p([1-9]\d?)$/

export type RuleAggregate = (typeof plain)[number] | { readonly percentile: number }

export const aggregateSchema = z
  .string()
  .meta({
    description: 'mean, min, max, sum, count, last, rate, increase, or a percentile p1 … p99 of the samples.',
    anyOf: [{ enum: [...plain] }, { pattern: percentileOf.source }],
  })
  .transform((text, context): RuleAggregate => {
    const percentile = percentileOf.exec(text)
    if (percentile) return { percentile: Number(percentile[1]) }
    const known = plain.find((word) => word === text)
    if (known) return known
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not an aggregate${meant(text)}; there are ${plain.join(', ')} and p1 … p99`,
    })
    return z.NEVER
  })

const otherWords: Readonly<Record<string, string>> = {
  avg: 'mean',
  average: 'mean',
  median: 'p50',
  total: 'sum',
  latest: 'last',
  delta: 'increase',
}

function meant(text: string): string {
  const word = otherWords[text.toLowerCase()]
  if (word !== undefined) return `, write ${word}`
  return /^p\d+\.?\d+$/.test(text) ? '; finer percentiles are those of "kind: histogram"' : ''
}

/** `mean`, `p95`. */
export function aggregateText(aggregate: RuleAggregate): string {
  return typeof aggregate === 'string' ? aggregate : `p${aggregate.percentile}`
}

/** `mean of cpu.usage over 5m`; the newest sample is the value itself. */
export function valueText(aggregate: RuleAggregate, name: string, windowMs: number): string {
  return aggregate === 'last' ? name : `${aggregateText(aggregate)} of ${name} over ${formatDuration(windowMs)}`
}

/** What the samples of some series come to; null when there are too few of them to say. */
export function aggregate(kind: RuleAggregate, series: readonly SampleRun[]): number | null {
  if (typeof kind === 'object') return percentile(allValues(series), kind.percentile)
  switch (kind) {
    case 'last':
      return last(series)
    case 'rate':
      return total(series, rate)
    case 'increase':
      return total(series, increase)
    case 'count':
      return sampleCount(series)
    default:
      return fold(kind, series)
  }
}

/** Such a value is too small while the window is only partly known. */
export function growsWithWindow(kind: RuleAggregate): boolean {
  return kind === 'sum' || kind === 'count' || kind === 'increase'
}

export function sampleCount(series: readonly SampleRun[]): number {
  let count = 0
  for (const { start, end } of series) count += end - start
  return count
}

function fold(kind: 'mean' | 'min' | 'max' | 'sum', series: readonly SampleRun[]): number | null {
  let count = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const { values, start, end } of series) {
    for (let index = start; index < end; index++) {
      const value = values[index] as number
      count++
      sum += value
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  if (count === 0) return null
  if (kind === 'mean') return sum / count
  if (kind === 'sum') return sum
  return kind === 'min' ? min : max
}

/** The newest sample of all; of equally new ones, the one of the last series. */
function last(series: readonly SampleRun[]): number | null {
  let newestMs = Number.NEGATIVE_INFINITY
  let found: number | null = null
  for (const { times, values, start, end } of series) {
    const timeMs = times[end - 1] as number
    if (start === end || timeMs < newestMs) continue
    newestMs = timeMs
    found = values[end - 1] as number
  }
  return found
}

/** How much a counter grew from its first to its last sample. It falls only when it starts again from 0. */
export function increase({ values, start, end }: SampleRun): number | null {
  if (end - start < 2) return null
  let grown = 0
  let before = values[start] as number
  for (let index = start + 1; index < end; index++) {
    const value = values[index] as number
    grown += value < before ? value : value - before
    before = value
  }
  return grown
}

/** Growth a second between the first and the last sample; nothing is guessed beyond them. */
function rate(series: SampleRun): number | null {
  const grown = increase(series)
  const spanMs = (series.times[series.end - 1] ?? 0) - (series.times[series.start] ?? 0)
  return grown === null || spanMs <= 0 ? null : grown / (spanMs / 1000)
}

function total(series: readonly SampleRun[], part: (one: SampleRun) => number | null): number | null {
  let sum: number | null = null
  for (const one of series) {
    const value = part(one)
    if (value !== null) sum = (sum ?? 0) + value
  }
  return sum
}

/** The smallest value that at least `percent` % of the values do not exceed, as in InfluxQL. */
function percentile(values: number[], percent: number): number | null {
  if (values.length === 0) return null
  values.sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * values.length))
  return values[rank - 1] ?? null
}

function allValues(series: readonly SampleRun[]): number[] {
  return series.flatMap(({ values, start, end }) => Array.from(values).slice(start, end))
}
