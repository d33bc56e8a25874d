import { z } from 'zod'
import { tagFilterSchema } from '../../contract/query.ts'
import { durationSchema } from '../../lib/duration.ts'
import type { Severity } from '../../model/alert.ts'
import type { TagFilter } from '../../model/query.ts'
import { severitySchema } from '../severity.ts'
import { type Condition, conditionSchema } from './condition.ts'
import type { SampleSelector } from './samples.ts'

export type RuleAggregate = 'mean' | 'min' | 'max' | 'sum' | 'count' | 'last' | 'rate' | 'increase' | { readonly percentile: number }
export type NoDataPolicy = 'ok' | 'keep' | 'no_data' | 'alert'

/** What we watch. */
export type Rule = {
  readonly name: string
  readonly source: SampleSelector & {
    /** Null: each series by itself. Otherwise series that agree in these tags are taken together. */
    readonly groupBy: readonly string[] | null
  }
  readonly aggregate: RuleAggregate
  readonly windowMs: number
  readonly condition: Condition
  readonly forMs: number
  readonly keepFiringForMs: number
  readonly severity: Severity
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly onNoData: NoDataPolicy
  /** How many evaluations without data make `no_data`. */
  readonly noDataAfter: number
  readonly minSamples: number
  readonly everyMs: number
  /** Most alerts of this rule at once; more is an evaluation error. */
  readonly limit: number
}

const seconds = (count: number) => count * 1000
const name = z.string().min(1).max(1024)
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const labelled = z
  .record(z.string(), z.string())
  .default({})
  .superRefine((record, context) => {
    for (const key of Object.keys(record)) {
      if (labelName.test(key)) continue
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'a name has letters, digits and underscores, and does not begin with a digit',
      })
    }
  })

const aggregateSchema = z
  .string()
  .meta({ description: 'mean, min, max, sum, count, last, rate, increase, or a percentile p50 … p99.' })
  .transform((text, context): RuleAggregate => {
    const percentile = /^p([1-9]\d?)$/.exec(text)
    if (percentile) return { percentile: Number(percentile[1]) }
    if (['mean', 'min', 'max', 'sum', 'count', 'last', 'rate', 'increase'].includes(text)) return text as RuleAggregate
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not an aggregate; use mean, min, max, sum, count, last, rate, increase or p50 … p99`,
    })
    return z.NEVER
  })

/** `{ host: web-1 }` for equality, or the full form with operators. */
const whereSchema = z
  .union([z.array(tagFilterSchema).max(50), z.record(name, z.string())])
  .transform((where): readonly TagFilter[] =>
    Array.isArray(where) ? where : Object.entries(where).map(([tag, value]) => ({ tag, op: '=' as const, value })),
  )

const sourceSchema = z.strictObject({
  measurement: name,
  field: name,
  where: whereSchema.default([]).meta({ description: 'Tags the series must have: {host: web-1}, or a list of {tag, op, value}.' }),
  group_by: z
    .array(name)
    .max(20)
    .optional()
    .meta({ description: 'Tags to take series together by; left out: each series by itself; []: all as one.' }),
})

/** One rule as it stands in the configuration. */
export const ruleSchema = z
  .strictObject({
    name: name.max(200).meta({ description: 'Unique; becomes the label alertname.' }),
    source: sourceSchema,
    aggregate: aggregateSchema.prefault('last'),
    window: durationSchema.prefault('5m').meta({ description: 'How far back samples count.' }),
    condition: conditionSchema,
    for: durationSchema.prefault('0s').meta({ description: 'How long it must hold at every evaluation before it fires.' }),
    keep_firing_for: durationSchema.prefault('0s').meta({ description: 'How long it keeps firing after it stopped holding.' }),
    severity: severitySchema.prefault('warning'),
    labels: labelled,
    annotations: labelled,
    on_no_data: z.enum(['ok', 'keep', 'no_data', 'alert']).default('no_data'),
    no_data_after: z.int().min(1).max(1000).default(3),
    min_samples: z.int().min(1).max(1_000_000).default(1),
    every: durationSchema.prefault('10s').meta({ description: 'How often the clock evaluates; fresh samples do so at once.' }),
    limit: z.int().min(1).max(100_000).default(1000),
  })
  .refine((rule) => rule.window >= 1000, { path: ['window'], message: 'window must be at least 1s' })
  .refine((rule) => rule.every >= 1000, { path: ['every'], message: 'every must be at least 1s' })
  .refine((rule) => rule.window <= seconds(86_400), {
    path: ['window'],
    message: 'window must be at most 1d: samples are kept in memory that long',
  })
  .transform(
    ({ source: { group_by, ...source }, ...rule }): Rule => ({
      name: rule.name,
      source: { ...source, groupBy: group_by ?? null },
      aggregate: rule.aggregate,
      windowMs: rule.window,
      condition: rule.condition,
      forMs: rule.for,
      keepFiringForMs: rule.keep_firing_for,
      severity: rule.severity,
      labels: rule.labels,
      annotations: rule.annotations,
      onNoData: rule.on_no_data,
      noDataAfter: rule.no_data_after,
      minSamples: rule.min_samples,
      everyMs: rule.every,
      limit: rule.limit,
    }),
  )

export type RuleInput = z.input<typeof ruleSchema>

/** `mean`, `p95`. */
export function aggregateText(aggregate: RuleAggregate): string {
  return typeof aggregate === 'string' ? aggregate : `p${aggregate.percentile}`
}
