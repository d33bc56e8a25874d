import type { Point, SeriesName, Tags } from '../../model/point.ts'
import { boundedFields, exponentialFields, type Fields } from '../histogram-fields.ts'
import type { BucketSpan, NativeHistogram, WrittenSeries } from './messages.ts'

export type RemoteWritePoints = {
  readonly points: Point[]
  /** What each point was sent as. */
  readonly kinds: ('sample' | 'histogram')[]
  /** Samples that say that there is no value: NaN, among them the mark of a series' end. */
  readonly samplesOfNothing: number
  /** Series that have no value any more, by the time in milliseconds that they say it of. */
  readonly ended: ReadonlyMap<number, SeriesName[]>
  readonly histogramsOfNothing: number
  /** Why samples and histograms have no point, one sentence each. */
  readonly refused: string[]
}

/** The points of a remote write: the metric's name is the measurement, labels are tags, the value is `value`. */
export function toRemoteWritePoints(series: readonly WrittenSeries[]): RemoteWritePoints {
  const taken = {
    points: [] as Point[],
    kinds: [] as RemoteWritePoints['kinds'],
    refused: [] as string[],
    samplesOfNothing: 0,
    ended: new Map<number, SeriesName[]>(),
    histogramsOfNothing: 0,
  }
  for (const { labels, samples, histograms } of series) {
    const { measurement, tags } = identityOf(labels)
    const take = (kind: 'sample' | 'histogram', fields: Fields, timestamp = 0n) => {
      taken.kinds.push(kind)
      taken.points.push({ measurement, tags, fields, timeNs: timestamp * 1_000_000n })
    }
    for (const { value = 0, timestamp } of samples) {
      if (Number.isNaN(value)) {
        taken.samplesOfNothing++
        const timeMs = Number(timestamp ?? 0n)
        const ended = taken.ended.get(timeMs)
        if (ended) ended.push({ measurement, tags })
        else taken.ended.set(timeMs, [{ measurement, tags }])
      } else take('sample', { value }, timestamp)
    }
    for (const histogram of histograms) {
      // The end of a series of histograms is marked in its sum.
      if (Number.isNaN(histogram.sum)) taken.histogramsOfNothing++
      else {
        const fields = toHistogramFields(histogram)
        if (typeof fields.problem === 'string') taken.refused.push(`${measurement}: ${fields.problem}`)
        else take('histogram', fields as Fields, histogram.timestamp)
      }
    }
  }
  return taken
}

function identityOf(labels: WrittenSeries['labels']): { measurement: string; tags: Tags } {
  const named = labels.find(([name]) => name === '__name__')
  return {
    measurement: named?.[1] ?? '',
    tags: Object.fromEntries(labels.filter(([name, value]) => name !== '__name__' && value !== '')),
  }
}

/** The schema of histograms that bring their own bounds. */
const customBounds = -53

/** The fields of a native histogram. */
export function toHistogramFields(histogram: NativeHistogram): Fields | { readonly problem: string } {
  const { countInt = 0n, countFloat, sum = 0, schema = 0, zeroCountInt = 0n, zeroCountFloat, customValues = [] } = histogram
  const total = { count: countFloat ?? Number(countInt), sum }
  const positive = countsOf(histogram.positiveSpans, histogram.positiveDeltas, histogram.positiveCounts)
  if (schema === customBounds) {
    const counts = customValues.map((_, index) => positive.get(index) ?? 0)
    const buckets = boundedFields(customValues, [...counts, positive.get(customValues.length) ?? 0])
    return typeof buckets.problem === 'string' ? buckets : { ...total, ...buckets }
  }
  if (schema < -4 || schema > 8) return { problem: `the histogram's schema ${schema} is not known; -4 to 8 and -53 are` }
  const negative = countsOf(histogram.negativeSpans, histogram.negativeDeltas, histogram.negativeCounts)
  const zeros = zeroCountFloat ?? Number(zeroCountInt)
  return {
    ...total,
    ...(zeros !== 0 && { exp_zero: zeros }),
    ...exponentialFields(schema, bucketsOf(positive)),
    ...exponentialFields(schema, bucketsOf(negative), 'neg_'),
  }
}

/** Counts by bucket index. Spans tell which buckets are there; whole counts come as differences from the one before. */
function countsOf(spans: readonly BucketSpan[] = [], deltas: readonly bigint[] = [], floats: readonly number[] = []): Map<number, number> {
  const counts = new Map<number, number>()
  const most = Math.max(deltas.length, floats.length)
  let index = 0
  let entry = 0
  let current = 0n
  for (const { offset = 0, length = 0 } of spans) {
    index += offset
    for (let n = 0; n < length && entry < most; n++, index++, entry++) {
      current += deltas[entry] ?? 0n
      counts.set(index, floats[entry] ?? Number(current))
    }
  }
  return counts
}

/** Counted from the lower bound, as exponential fields are; native histograms name a bucket by its upper one. */
const bucketsOf = (counts: ReadonlyMap<number, number>) => [...counts].map(([index, count]) => [index - 1, count] as const)
