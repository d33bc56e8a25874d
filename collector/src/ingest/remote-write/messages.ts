import { createMessages } from '../protobuf.ts'

const histogram = {
  countInt: 'uint64 1',
  countFloat: 'double 2',
  sum: 'double 3',
  schema: 'sint32 4',
  zeroCountInt: 'uint64 6',
  zeroCountFloat: 'double 7',
  negativeSpans: 'repeated BucketSpan 8',
  negativeDeltas: 'repeated sint64 9',
  negativeCounts: 'repeated double 10',
  positiveSpans: 'repeated BucketSpan 11',
  positiveDeltas: 'repeated sint64 12',
  positiveCounts: 'repeated double 13',
  timestamp: 'int64 15',
  customValues: 'repeated double 16',
} as const

/** What 1.0 and 2.0 have in common. */
const shared = {
  Sample: { value: 'double 1', timestamp: 'int64 2' },
  BucketSpan: { offset: 'sint32 1', length: 'uint32 2' },
  Histogram: histogram,
}

/** https://github.com/prometheus/prometheus/blob/main/prompb/remote.proto */
export const remoteWrite1 = createMessages({
  ...shared,
  WriteRequest: { timeseries: 'repeated TimeSeries 1' },
  TimeSeries: {
    labels: 'repeated Label 1',
    samples: 'repeated Sample 2',
    exemplars: 'repeated Exemplar 3',
    histograms: 'repeated Histogram 4',
  },
  Label: { name: 'string 1', value: 'string 2' },
  Exemplar: {},
})

/** https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#protobuf-message */
export const remoteWrite2 = createMessages({
  ...shared,
  Request: { symbols: 'repeated string 4', timeseries: 'repeated TimeSeries 5' },
  TimeSeries: {
    labelsRefs: 'repeated uint32 1',
    samples: 'repeated Sample 2',
    histograms: 'repeated Histogram 3',
    exemplars: 'repeated Exemplar 4',
  },
  Exemplar: {},
})

export type Sample = { readonly value?: number; readonly timestamp?: bigint }
export type BucketSpan = { readonly offset?: number; readonly length?: number }
export type NativeHistogram = {
  readonly countInt?: bigint
  readonly countFloat?: number
  readonly sum?: number
  readonly schema?: number
  readonly zeroCountInt?: bigint
  readonly zeroCountFloat?: number
  readonly negativeSpans?: readonly BucketSpan[]
  readonly negativeDeltas?: readonly bigint[]
  readonly negativeCounts?: readonly number[]
  readonly positiveSpans?: readonly BucketSpan[]
  readonly positiveDeltas?: readonly bigint[]
  readonly positiveCounts?: readonly number[]
  readonly timestamp?: bigint
  readonly customValues?: readonly number[]
}

/** One series of either version. */
export type WrittenSeries = {
  readonly labels: readonly (readonly [name: string, value: string])[]
  readonly samples: readonly Sample[]
  readonly histograms: readonly NativeHistogram[]
  /** Exemplars are not kept. */
  readonly exemplars: readonly object[]
}
