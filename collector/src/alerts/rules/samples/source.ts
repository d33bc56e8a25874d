import { z } from 'zod'
import { tagFilterSchema } from '../../../contract/query.ts'
import { durationSchema } from '../../../lib/duration.ts'
import { parseLinearSearch } from '../../../lib/linear-regex.ts'
import type { Tags } from '../../../model/point.ts'
import type { TagFilter } from '../../../model/query.ts'
import { RuleProblem } from '../definition/rule-kind.ts'

const name = z.string().min(1).max(1024)

/** `{ host: web-1 }` for equality, or the full form with operators. */
const whereSchema = z
  .union([z.array(tagFilterSchema).max(50), z.record(name, z.string())])
  .transform((where): readonly TagFilter[] =>
    Array.isArray(where) ? where : Object.entries(where).map(([tag, value]) => ({ tag, op: '=' as const, value })),
  )
  .superRefine((where, context) => {
    for (const [index, { op, value }] of where.entries()) {
      if (op !== '=~' && op !== '!~') continue
      const expression = parseLinearSearch(String(value))
      if (typeof expression === 'string') context.addIssue({ code: 'custom', path: [index, 'value'], message: `"${value}": ${expression}` })
    }
  })

const sourceShape = {
  measurement: name,
  where: whereSchema.default([]).meta({ description: 'Tags the series must have: {host: web-1}, or a list of {tag, op, value}.' }),
  group_by: z
    .array(name)
    .max(20)
    .optional()
    .meta({ description: 'Tags to take series together by; left out: each series by itself; []: all as one.' }),
}

/** The series a rule looks at, and how they are taken together. */
export type Source = {
  readonly measurement: string
  readonly field: string
  readonly where: readonly TagFilter[]
  readonly groupBy: readonly string[] | null
}

export const sourceSchema = z
  .strictObject({ ...sourceShape, field: name })
  .transform(({ group_by, ...source }): Source => ({ ...source, groupBy: group_by ?? null }))

/** A histogram is all of its bucket fields. */
export const histogramSourceSchema = z
  .strictObject(sourceShape)
  .transform(({ group_by, ...source }): Omit<Source, 'field'> => ({ ...source, groupBy: group_by ?? null }))

/** What a source is divided by; what is left out is the source's. */
export const overSchema = z.strictObject({ measurement: name.optional(), field: name, where: whereSchema.optional() })

export type Over = Omit<Source, 'groupBy'>

/** The series to divide by. */
export function toOver(source: Source, over: z.output<typeof overSchema>): Over {
  const full = { measurement: over.measurement ?? source.measurement, field: over.field, where: over.where ?? source.where }
  const isSame =
    full.measurement === source.measurement && full.field === source.field && JSON.stringify(full.where) === JSON.stringify(source.where)
  if (!isSame) return full
  throw new RuleProblem('is the same as source, so the ratio would always be 1; name another field, or its own where', ['over'])
}

/** The tags that equality filters fix: what is known of series that never came. */
export function fixedTags(where: readonly TagFilter[]): Tags {
  return Object.fromEntries(where.flatMap(({ tag, op, value }) => (op === '=' && typeof value === 'string' ? [[tag, value]] : [])))
}

/** A window in memory. */
export const windowSchema = (otherwise: string) =>
  durationSchema
    .refine((windowMs) => windowMs >= 1000, 'must be at least 1s')
    .refine((windowMs) => windowMs <= 86_400_000, 'must be at most 1d: samples are kept in memory that long')
    .prefault(otherwise)
    .meta({ description: 'How far back samples count.' })
