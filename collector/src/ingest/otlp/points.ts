import type { Point, Tags } from '../../model/point.ts'
import { boundedFields, exponentialFields, type Fields } from '../histogram-fields.ts'
import type { OtlpExponentialPoint, OtlpHistogramPoint, OtlpMetric, OtlpNumberPoint, OtlpRequest, OtlpSummaryPoint } from './request.ts'
import { resourceTagsOf, tagsOf } from './tags.ts'

export type OtlpPoints = {
  readonly points: Point[]
  /** Why data points have no point, one sentence each. */
  readonly refused: string[]
}

type DataPoint = OtlpNumberPoint | OtlpHistogramPoint | OtlpExponentialPoint | OtlpSummaryPoint
type Mapped = Fields | { readonly problem: string }

/**
 * The points of an OTLP request: the metric's name is the measurement, attributes are tags.
 *
 * What a sender counts anew for each message ("delta") is tagged so, because it is to be added up,
 * where a running total is to be asked for its rate. docs/decisions/histograms.md tells the fields.
 */
export function toOtlpPoints({ resourceMetrics = [] }: OtlpRequest): OtlpPoints {
  const taken: OtlpPoints = { points: [], refused: [] }
  for (const { resource, scopeMetrics = [] } of resourceMetrics) {
    const resourceTags = resourceTagsOf(resource?.attributes)
    for (const { metrics = [] } of scopeMetrics) for (const metric of metrics) takeMetric(metric, resourceTags, taken)
  }
  return taken
}

function takeMetric(metric: OtlpMetric, resourceTags: Tags, taken: OtlpPoints): void {
  const { gauge, sum, histogram, exponentialHistogram, summary } = metric
  const take = <Of extends DataPoint>(dataPoints: readonly Of[] | undefined, toFields: (dataPoint: Of) => Mapped, temporality?: number) => {
    const tags = temporality === deltaTemporality ? { ...resourceTags, temporality: 'delta' } : resourceTags
    for (const dataPoint of dataPoints ?? []) takeDataPoint(metric.name ?? '', tags, dataPoint, toFields(dataPoint), taken)
  }
  take(gauge?.dataPoints, numberFields)
  take(sum?.dataPoints, numberFields, sum?.aggregationTemporality)
  take(histogram?.dataPoints, histogramFields, histogram?.aggregationTemporality)
  take(exponentialHistogram?.dataPoints, exponentialHistogramFields, exponentialHistogram?.aggregationTemporality)
  take(summary?.dataPoints, summaryFields)
}

const deltaTemporality = 1
/** The flag of a data point that only says that there is no value any more. */
const noRecordedValue = 1

function takeDataPoint(measurement: string, tags: Tags, dataPoint: DataPoint, fields: Mapped, taken: OtlpPoints): void {
  if (((dataPoint.flags ?? 0) & noRecordedValue) !== 0) return
  if (isProblem(fields)) {
    taken.refused.push(`${measurement}: ${fields.problem}`)
    return
  }
  const timeNs = dataPoint.timeUnixNano ?? 0n
  // Zero means that the sender does not know the time.
  taken.points.push({ measurement, tags: { ...tags, ...tagsOf(dataPoint.attributes) }, fields, ...(timeNs !== 0n && { timeNs }) })
}

const isProblem = (mapped: Mapped): mapped is { readonly problem: string } => typeof mapped.problem === 'string'

/** Always a float: two services that disagree on the type of a number would shut each other out. */
function numberFields({ asDouble, asInt }: OtlpNumberPoint): Mapped {
  const value = asDouble ?? asInt
  return value === undefined ? { problem: 'a data point has neither asDouble nor asInt' } : { value: Number(value) }
}

function distributionFields({ count = 0n, sum, min, max }: OtlpHistogramPoint | OtlpExponentialPoint): Fields {
  return {
    count: Number(count),
    ...(sum !== undefined && { sum }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }
}

function histogramFields(dataPoint: OtlpHistogramPoint): Mapped {
  const buckets = boundedFields(dataPoint.explicitBounds ?? [], dataPoint.bucketCounts ?? [])
  return isProblem(buckets) ? buckets : { ...distributionFields(dataPoint), ...buckets }
}

function exponentialHistogramFields(dataPoint: OtlpExponentialPoint): Mapped {
  const { scale = 0, zeroCount = 0n, positive = {}, negative = {} } = dataPoint
  if (scale < -10 || scale > 20) return { problem: `the scale ${scale} does not lie between -10 and 20` }
  return {
    ...distributionFields(dataPoint),
    ...(zeroCount !== 0n && { exp_zero: Number(zeroCount) }),
    ...exponentialFields(scale, countsOf(positive)),
    ...exponentialFields(scale, countsOf(negative), 'neg_'),
  }
}

function countsOf({ offset = 0, bucketCounts = [] }: NonNullable<OtlpExponentialPoint['positive']>): (readonly [number, bigint])[] {
  return bucketCounts.map((count, index) => [offset + index, count] as const)
}

/** A quantile of nothing is NaN, which is as good as absent. */
function summaryFields({ count = 0n, sum = 0, quantileValues = [] }: OtlpSummaryPoint): Mapped {
  const quantiles = quantileValues.map(({ quantile = 0, value = 0 }) => [`quantile_${quantile}`, value] as const)
  return { count: Number(count), sum, ...Object.fromEntries(quantiles.filter(([, value]) => !Number.isNaN(value))) }
}
