import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import type { Frame } from '../model/query.ts'

export const aggregates = [
  'none',
  'mean',
  'min',
  'max',
  'sum',
  'count',
  'first',
  'last',
  'median',
  'p90',
  'p95',
  'p99',
  'stddev',
  'spread',
  'rate',
  'increase',
] as const

const name = z.string().min(1).max(1024)
const refId = z.string().min(1).max(64)

export const tagFilterSchema = z.discriminatedUnion('op', [
  z.strictObject({ tag: name, op: z.enum(['=', '!=', '=~', '!~']), value: z.string().max(4096) }),
  z.strictObject({ tag: name, op: z.literal('in'), value: z.array(z.string().max(4096)).max(1000) }),
])

export const metricsQuerySchema = z.strictObject({
  refId,
  kind: z.literal('metrics'),
  measurement: name,
  fields: z.array(name).min(1).max(50),
  aggregate: z.enum(aggregates).default('mean'),
  /** Bucket width; left out: one that gives at most 1,000 buckets over the range. `all`: one value for the range. */
  every: z.union([z.literal('all'), durationSchema]).optional(),
  where: z.array(tagFilterSchema).max(50).default([]),
  groupBy: z.array(name).max(20).default([]),
  fill: z.union([z.enum(['none', 'null', 'previous', 'linear']), z.number()]).default('none'),
  limit: z.int().min(1).max(100_000).default(10_000),
  order: z.enum(['asc', 'desc']).default('asc'),
})

/** The health matrix as it is now (`view: current`) or its states over the range (`view: history`). */
export const healthQuerySchema = z.strictObject({
  refId,
  kind: z.literal('health'),
  view: z.enum(['current', 'history']).default('current'),
  components: z.array(z.string()).max(1000).default([]),
  environments: z.array(z.string()).max(100).default([]),
  limit: z.int().min(1).max(100_000).default(10_000),
})

/**
 * Alerts that were active at any time in the range (`view: all`), or are now (`active`); how many are now,
 * by severity and state (`count`); or how much each rule asked of people in the range (`noise`).
 */
export const alertsQuerySchema = z.strictObject({
  refId,
  kind: z.literal('alerts'),
  view: z.enum(['active', 'all', 'count', 'noise']).default('active'),
  states: z.array(z.string()).max(10).default([]),
  severities: z.array(z.string()).max(10).default([]),
  /** Only these alerts, as after an event of theirs; left out: all. */
  ids: z.array(z.string().min(1).max(200)).max(500).optional(),
  text: z.string().max(1000).default(''),
  limit: z.int().min(1).max(10_000).default(1000),
})

/** Deployments that overlap the range, newest first. */
export const deploymentsQuerySchema = z.strictObject({
  refId,
  kind: z.literal('deployments'),
  services: z.array(z.string()).max(1000).default([]),
  environments: z.array(z.string()).max(100).default([]),
  limit: z.int().min(1).max(10_000).default(500),
})

export const querySchema = z.discriminatedUnion('kind', [metricsQuerySchema, healthQuerySchema, alertsQuerySchema, deploymentsQuerySchema])

export const queryRequestSchema = z.strictObject({
  /** Milliseconds since 1970. */
  range: z.strictObject({ from: z.int(), to: z.int() }).refine((range) => range.from < range.to, 'range.from must lie before range.to'),
  /** Each is checked on its own, so that one bad query fails alone: see `querySchema`. */
  queries: z.array(z.looseObject({ refId })).min(1).max(50),
})

export type Query = z.input<typeof querySchema>
export type MetricsQueryInput = z.input<typeof metricsQuerySchema>
export type QueryRequest = { range: { from: number; to: number }; queries: Query[] }
export type ApiError = { code: string; message: string; requestId?: string }
export type QueryResult = { frames: readonly Frame[]; error?: undefined } | { error: ApiError; frames?: undefined }
export type QueryResponse = { results: Record<string, QueryResult> }
export type { Frame, FrameField } from '../model/query.ts'
