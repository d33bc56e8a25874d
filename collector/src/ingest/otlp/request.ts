import { z } from 'zod'
import { AppError, messageOf } from '../../lib/errors.ts'
import { otlpMessages } from './messages.ts'

/** JSON carries 64-bit numbers as text, and senders also as plain numbers. */
const int64 = z
  .union([z.string().regex(/^-?\d{1,20}$/, 'must be a whole number'), z.number().refine(Number.isInteger, 'must be a whole number')])
  .transform(BigInt)
const double = z
  .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']), z.string().regex(/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/, 'must be a number')])
  .transform(Number)
const int32 = z.number().int()

/** Values within values are read as they are met: they only become text. */
const anyValue = z.object({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: int64.optional(),
  doubleValue: double.optional(),
  arrayValue: z.unknown().optional(),
  kvlistValue: z.unknown().optional(),
  bytesValue: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
})
const attributes = z.array(z.object({ key: z.string().optional(), value: anyValue.optional() })).optional()
const common = { attributes, timeUnixNano: int64.optional(), flags: int32.optional() }
const distribution = { ...common, count: int64.optional(), sum: double.optional(), min: double.optional(), max: double.optional() }
const buckets = z.object({ offset: int32.optional(), bucketCounts: z.array(int64).optional() })

const numberPoint = z.object({ ...common, asDouble: double.optional(), asInt: int64.optional() })
const histogramPoint = z.object({
  ...distribution,
  bucketCounts: z.array(int64).optional(),
  explicitBounds: z.array(double).optional(),
})
const exponentialPoint = z.object({
  ...distribution,
  scale: int32.optional(),
  zeroCount: int64.optional(),
  positive: buckets.optional(),
  negative: buckets.optional(),
})
const quantile = z.object({ quantile: double.optional(), value: double.optional() })
const summaryPoint = z.object({ ...distribution, quantileValues: z.array(quantile).optional() })

const temporality = { aggregationTemporality: int32.optional() }
const metric = z.object({
  name: z.string().optional(),
  gauge: z.object({ dataPoints: z.array(numberPoint).optional() }).optional(),
  sum: z.object({ dataPoints: z.array(numberPoint).optional(), ...temporality }).optional(),
  histogram: z.object({ dataPoints: z.array(histogramPoint).optional(), ...temporality }).optional(),
  exponentialHistogram: z.object({ dataPoints: z.array(exponentialPoint).optional(), ...temporality }).optional(),
  summary: z.object({ dataPoints: z.array(summaryPoint).optional() }).optional(),
})
const scopeMetrics = z.object({ metrics: z.array(metric).optional() })
const resourceMetrics = z.object({ resource: z.object({ attributes }).optional(), scopeMetrics: z.array(scopeMetrics).optional() })
const request = z.object({ resourceMetrics: z.array(resourceMetrics).optional() })

export type OtlpRequest = z.output<typeof request>
export type OtlpMetric = z.output<typeof metric>
export type OtlpAttributes = z.output<typeof attributes>
export type OtlpNumberPoint = z.output<typeof numberPoint>
export type OtlpHistogramPoint = z.output<typeof histogramPoint>
export type OtlpExponentialPoint = z.output<typeof exponentialPoint>
export type OtlpSummaryPoint = z.output<typeof summaryPoint>

export function parseOtlpProtobuf(body: Uint8Array): OtlpRequest {
  return otlpMessages.decode('ExportMetricsServiceRequest', body) as OtlpRequest
}

/** OTLP's JSON: names in camel case, enumerations as numbers, unknown keys ignored, null as if absent. */
export function parseOtlpJson(body: Buffer): OtlpRequest {
  const parsed = request.safeParse(readJson(body))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('VALIDATION_FAILED', `The body is no ExportMetricsServiceRequest: ${issue?.path.join('.')}: ${issue?.message}.`)
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'), (_, value) => (value === null ? undefined : value))
  } catch (thrown) {
    throw new AppError('INVALID_JSON', `The body is not JSON: ${messageOf(thrown)}.`, { cause: thrown })
  }
}
