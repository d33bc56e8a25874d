import protobuf from 'protobufjs/light.js'
import { messageOf } from '../../lib/errors.ts'
import { createMessages } from '../protobuf.ts'
import type { NativeHistogram } from '../remote-write/messages.ts'
import { type ExposedFamily, type ExposedSample, type MetricType, refuse } from './family.ts'

/** https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto */
const messages = createMessages({
  MetricFamily: { name: 'string 1', type: 'int32 3', metric: 'repeated Metric 4' },
  Metric: {
    label: 'repeated LabelPair 1',
    gauge: 'Plain 2',
    counter: 'Plain 3',
    summary: 'Summary 4',
    untyped: 'Plain 5',
    timestampMs: 'int64 6',
    histogram: 'Histogram 7',
  },
  LabelPair: { name: 'string 1', value: 'string 2' },
  Plain: { value: 'double 1' },
  Summary: { sampleCount: 'uint64 1', sampleSum: 'double 2', quantile: 'repeated Quantile 3' },
  Quantile: { quantile: 'double 1', value: 'double 2' },
  Histogram: {
    sampleCount: 'uint64 1',
    sampleSum: 'double 2',
    bucket: 'repeated Bucket 3',
    sampleCountFloat: 'double 4',
    schema: 'sint32 5',
    zeroCountInt: 'uint64 7',
    zeroCountFloat: 'double 8',
    negativeSpans: 'repeated BucketSpan 9',
    negativeDeltas: 'repeated sint64 10',
    negativeCounts: 'repeated double 11',
    positiveSpans: 'repeated BucketSpan 12',
    positiveDeltas: 'repeated sint64 13',
    positiveCounts: 'repeated double 14',
  },
  Bucket: { cumulativeCount: 'uint64 1', upperBound: 'double 2', cumulativeCountFloat: 'double 4' },
  BucketSpan: { offset: 'sint32 1', length: 'uint32 2' },
})

type Plain = { value?: number }
type Quantile = { quantile?: number; value?: number }
type Summary = { sampleCount?: bigint; sampleSum?: number; quantile?: Quantile[] }
type Bucket = { cumulativeCount?: bigint; upperBound?: number; cumulativeCountFloat?: number }
type Histogram = NativeHistogram & { sampleCount?: bigint; sampleSum?: number; bucket?: Bucket[]; sampleCountFloat?: number }
type Metric = {
  label?: { name?: string; value?: string }[]
  gauge?: Plain
  counter?: Plain
  untyped?: Plain
  summary?: Summary
  histogram?: Histogram
  timestampMs?: bigint
}
type Family = { name?: string; type?: number; metric?: Metric[] }

const types: readonly MetricType[] = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram']

/** Prometheus's protobuf format: families, each behind its length. */
export function parseProtobuf(body: Uint8Array): ExposedFamily[] {
  return splitDelimited(body).map((bytes) => {
    const { name = '', type = 0, metric = [] } = messages.decode('MetricFamily', bytes) as Family
    return { name, type: types[type] ?? 'unknown', samples: metric.flatMap((one) => samplesOf(name, one)) }
  })
}

function splitDelimited(body: Uint8Array): Uint8Array[] {
  const reader = protobuf.Reader.create(body)
  const parts: Uint8Array[] = []
  try {
    while (reader.pos < reader.len) parts.push(reader.bytes())
  } catch (thrown) {
    refuse(`the page is cut off: ${messageOf(thrown)}`)
  }
  return parts
}

function samplesOf(name: string, metric: Metric): ExposedSample[] {
  const { label = [], gauge, counter, untyped, summary, histogram, timestampMs } = metric
  const labels = Object.fromEntries(label.map((pair) => [pair.name ?? '', pair.value ?? '']))
  const timeNs = timestampMs === undefined ? undefined : timestampMs * 1_000_000n
  const plain = gauge ?? counter ?? untyped
  if (plain) return [{ name, labels, value: plain.value ?? 0, timeNs }]
  const sample = (suffix: string, value: number, more = {}): ExposedSample => ({
    name: name + suffix,
    labels: { ...labels, ...more },
    value,
    timeNs,
  })
  if (summary) {
    const quantiles = (summary.quantile ?? []).map(({ quantile = 0, value = 0 }) => sample('', value, { quantile: String(quantile) }))
    return [...quantiles, sample('_sum', summary.sampleSum ?? 0), sample('_count', Number(summary.sampleCount ?? 0n))]
  }
  return histogram ? histogramSamples(histogram, sample) : []
}

function histogramSamples(histogram: Histogram, sample: (suffix: string, value: number, more?: object) => ExposedSample): ExposedSample[] {
  const { sampleCount = 0n, sampleSum = 0, sampleCountFloat, bucket = [], schema, positiveSpans, zeroCountInt, zeroCountFloat } = histogram
  const native =
    schema !== undefined && (positiveSpans ?? zeroCountInt ?? zeroCountFloat) !== undefined
      ? [
          {
            ...sample('', 0),
            native: { ...histogram, countInt: sampleCount, countFloat: sampleCountFloat, sum: sampleSum } as NativeHistogram,
          },
        ]
      : []
  const buckets = bucket.map(({ cumulativeCount = 0n, cumulativeCountFloat, upperBound = 0 }) => {
    const le = upperBound === Number.POSITIVE_INFINITY ? '+Inf' : String(upperBound)
    return sample('_bucket', cumulativeCountFloat || Number(cumulativeCount), { le })
  })
  return [...native, ...buckets, sample('_sum', sampleSum), sample('_count', sampleCountFloat || Number(sampleCount))]
}
