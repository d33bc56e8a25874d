import { createMessages } from '../protobuf.ts'
import type { ExposedFamily, ExposedSample, MetricType } from './family.ts'

/** https://github.com/prometheus/OpenMetrics/blob/main/proto/openmetrics_data_model.proto */
const messages = createMessages({
  MetricSet: { metricFamilies: 'repeated MetricFamily 1' },
  MetricFamily: { name: 'string 1', type: 'int32 2', metrics: 'repeated Metric 5' },
  Metric: { labels: 'repeated Label 1', metricPoints: 'repeated MetricPoint 2' },
  Label: { name: 'string 1', value: 'string 2' },
  MetricPoint: {
    unknownValue: 'Plain 1',
    gaugeValue: 'Plain 2',
    counterValue: 'Counter 3',
    histogramValue: 'Histogram 4',
    stateSetValue: 'StateSet 5',
    infoValue: 'Info 6',
    summaryValue: 'Summary 7',
    timestamp: 'Timestamp 8',
  },
  Plain: { doubleValue: 'double 1', intValue: 'int64 2' },
  Counter: { doubleValue: 'double 1', intValue: 'uint64 2', created: 'Timestamp 3' },
  Histogram: { doubleValue: 'double 1', intValue: 'int64 2', count: 'uint64 3', created: 'Timestamp 4', buckets: 'repeated Bucket 5' },
  Bucket: { count: 'uint64 1', upperBound: 'double 2' },
  StateSet: { states: 'repeated State 1' },
  State: { enabled: 'bool 1', name: 'string 2' },
  Info: { info: 'repeated Label 1' },
  Summary: { doubleValue: 'double 1', intValue: 'int64 2', count: 'uint64 3', created: 'Timestamp 4', quantile: 'repeated Quantile 5' },
  Quantile: { quantile: 'double 1', value: 'double 2' },
  Timestamp: { seconds: 'int64 1', nanos: 'int32 2' },
})

type Label = { name?: string; value?: string }
type Time = { seconds?: bigint; nanos?: number }
type Plain = { doubleValue?: number; intValue?: bigint }
type MetricPoint = {
  unknownValue?: Plain
  gaugeValue?: Plain
  counterValue?: Plain & { created?: Time }
  histogramValue?: Plain & { count?: bigint; created?: Time; buckets?: { count?: bigint; upperBound?: number }[] }
  stateSetValue?: { states?: { enabled?: boolean; name?: string }[] }
  infoValue?: { info?: Label[] }
  summaryValue?: Plain & { count?: bigint; created?: Time; quantile?: { quantile?: number; value?: number }[] }
  timestamp?: Time
}
type Family = { name?: string; type?: number; metrics?: { labels?: Label[]; metricPoints?: MetricPoint[] }[] }
type Part = readonly [suffix: string, value: number, labels?: Readonly<Record<string, string>>]

const types: readonly MetricType[] = ['unknown', 'gauge', 'counter', 'stateset', 'info', 'histogram', 'gaugehistogram', 'summary']

/** OpenMetrics as protobuf: one `MetricSet`. */
export function parseOpenMetricsProtobuf(body: Uint8Array): ExposedFamily[] {
  const { metricFamilies = [] } = messages.decode('MetricSet', body) as { metricFamilies?: Family[] }
  return metricFamilies.map(({ name = '', type = 0, metrics = [] }) => {
    const family: ExposedFamily = { name, type: types[type] ?? 'unknown', samples: [] }
    for (const { labels, metricPoints = [] } of metrics) {
      const tags = toLabels(labels)
      for (const point of metricPoints) (family.samples as ExposedSample[]).push(...samplesOf(family, tags, point))
    }
    return family
  })
}

const toLabels = (labels: readonly Label[] = []) => Object.fromEntries(labels.map(({ name = '', value = '' }) => [name, value]))
const numberOf = ({ doubleValue, intValue }: Plain) => doubleValue ?? Number(intValue ?? 0n)
const secondsOf = ({ seconds = 0n, nanos = 0 }: Time) => Number(seconds) + nanos / 1e9
const createdOf = (created: Time | undefined): Part[] => (created === undefined ? [] : [['_created', secondsOf(created)]])

function samplesOf({ name, type }: ExposedFamily, tags: Readonly<Record<string, string>>, point: MetricPoint): ExposedSample[] {
  const { timestamp } = point
  const timeNs = timestamp && (timestamp.seconds ?? 0n) * 1_000_000_000n + BigInt(timestamp.nanos ?? 0)
  const parts = partsOf(name, type === 'gaugehistogram' ? '_g' : '_', point)
  return parts.map(([suffix, value, labels]) => ({ name: name + suffix, labels: { ...tags, ...labels }, value, timeNs }))
}

function partsOf(name: string, prefix: string, point: MetricPoint): Part[] {
  const { unknownValue, gaugeValue, counterValue, histogramValue, stateSetValue, infoValue, summaryValue } = point
  const plain = unknownValue ?? gaugeValue
  if (plain) return [['', numberOf(plain)]]
  if (counterValue) return [['_total', numberOf(counterValue)], ...createdOf(counterValue.created)]
  if (stateSetValue) return (stateSetValue.states ?? []).map((state) => ['', state.enabled ? 1 : 0, { [name]: state.name ?? '' }])
  if (infoValue) return [['_info', 1, toLabels(infoValue.info)]]
  if (histogramValue) {
    const { buckets = [], count = 0n, created } = histogramValue
    const parts = buckets.map(({ count: below = 0n, upperBound = 0 }): Part => ['_bucket', Number(below), { le: boundText(upperBound) }])
    return [...parts, [`${prefix}sum`, numberOf(histogramValue)], [`${prefix}count`, Number(count)], ...createdOf(created)]
  }
  if (!summaryValue) return []
  const quantiles = (summaryValue.quantile ?? []).map(({ quantile = 0, value = 0 }): Part => ['', value, { quantile: String(quantile) }])
  return [...quantiles, ['_sum', numberOf(summaryValue)], ['_count', Number(summaryValue.count ?? 0n)], ...createdOf(summaryValue.created)]
}

const boundText = (bound: number) => (bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound))
