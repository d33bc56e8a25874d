import { AppError } from '../../lib/errors.ts'
import type { Tags } from '../../model/point.ts'
import type { NativeHistogram } from '../remote-write/messages.ts'

export const metricTypes = ['counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown'] as const
export type MetricType = (typeof metricTypes)[number]

/** One line of a page. */
export type ExposedSample = {
  readonly name: string
  readonly labels: Tags
  readonly value: number
  readonly timeNs?: bigint | undefined
  /** Stands in the place of `value`. */
  readonly native?: NativeHistogram | undefined
}

/** The samples of one metric: of a histogram its buckets, sum and count. */
export type ExposedFamily = { readonly name: string; type: MetricType; readonly samples: ExposedSample[] }

/** What the names of a family's samples add to its name. */
export const suffixesOf: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  summary: ['', '_sum', '_count', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
}

export function toMetricType(text: string): MetricType | undefined {
  return metricTypes.find((type) => type === text)
}

/** The label that tells apart the samples of one metric, such as the bound of a bucket. */
export function innerLabelOf({ name, type }: ExposedFamily, sample: ExposedSample): string | undefined {
  if (type === 'histogram' || type === 'gaugehistogram') return sample.name.endsWith('_bucket') && sample.name !== name ? 'le' : undefined
  if (type === 'summary') return sample.name === name ? 'quantile' : undefined
  return type === 'stateset' ? name : undefined
}

/** Labels as one text; equal texts, equal labels. */
export function labelsKey(labels: Tags, without?: string): string {
  const names = Object.keys(labels)
  if (names.length > 1) names.sort()
  let key = ''
  for (const name of names) if (name !== without) key += `${name}\u0000${labels[name]}\u0001`
  return key
}

/** Refuses a page; the reader of lines says where. */
export function refuse(what: string): never {
  throw new AppError('INGEST_LINE_INVALID', what)
}
