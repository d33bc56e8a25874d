import type { RuleAggregate } from './rule.ts'
import type { SampleSeries } from './samples.ts'

/** What the samples of some series come to; null when there are too few of them to say. */
export function aggregate(kind: RuleAggregate, series: readonly SampleSeries[]): number | null {
  if (typeof kind === 'object') return percentile(allValues(series), kind.percentile)
  switch (kind) {
    case 'last':
      return last(series)
    case 'rate':
      return total(series.map(rate))
    case 'increase':
      return total(series.map(increase))
    case 'count':
      return sampleCount(series)
    default:
      return fold(kind, series)
  }
}

export function sampleCount(series: readonly SampleSeries[]): number {
  return series.reduce((count, { values }) => count + values.length, 0)
}

function fold(kind: 'mean' | 'min' | 'max' | 'sum', series: readonly SampleSeries[]): number | null {
  let count = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const { values } of series) {
    for (const value of values) {
      count++
      sum += value
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  if (count === 0) return null
  return { mean: sum / count, min, max, sum }[kind]
}

/** The newest sample of all; of equally new ones, the one of the last series. */
function last(series: readonly SampleSeries[]): number | null {
  let newestMs = Number.NEGATIVE_INFINITY
  let found: number | null = null
  for (const { times, values } of series) {
    const timeMs = times.at(-1)
    if (timeMs === undefined || timeMs < newestMs) continue
    newestMs = timeMs
    found = values.at(-1) ?? null
  }
  return found
}

/** How much a counter grew from its first to its last sample. It falls only when it starts again from 0. */
function increase({ values }: SampleSeries): number | null {
  if (values.length < 2) return null
  let grown = 0
  let before = values[0] as number
  for (const value of values) {
    grown += value < before ? value : value - before
    before = value
  }
  return grown
}

/** Growth a second between the first and the last sample; nothing is guessed beyond them. */
function rate(series: SampleSeries): number | null {
  const grown = increase(series)
  const spanMs = (series.times.at(-1) ?? 0) - (series.times[0] ?? 0)
  return grown === null || spanMs <= 0 ? null : grown / (spanMs / 1000)
}

function total(parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null)
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0)
}

/** The smallest value that at least `percent` % of the values do not exceed, as in InfluxQL. */
function percentile(values: number[], percent: number): number | null {
  if (values.length === 0) return null
  values.sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * values.length))
  return values[rank - 1] ?? null
}

function allValues(series: readonly SampleSeries[]): number[] {
  return series.flatMap(({ values }) => values)
}
