import { z } from 'zod'
import { durationSchema } from '../../lib/duration.ts'

/** What a category of series is worth keeping, for those who say nothing else. Other series are kept for ever. */
const usualAges: Readonly<Record<string, string>> = {
  system: '7d',
  application: '7d',
  business: '30d',
  security: '30d',
  alerts: '60d',
  trading: '90d',
}

const categoryName = z.string().regex(/^[\w.-]{1,64}$/, 'a category has up to 64 letters, digits, dots, dashes and underscores')

export const retentionSchema = z
  .union([
    durationSchema,
    z.strictObject({
      default: durationSchema.optional(),
      categories: z.record(categoryName, durationSchema).prefault(usualAges),
    }),
  ])
  .prefault({})
  .describe(
    'Age at which points are deleted: one for all such as 30d, or a default and one for each value of the tag category. Left out: 7d for system and application, 30d for business and security, 60d for alerts, 90d for trading, and for ever for the others.',
  )

/** How old points may become. */
export type Retention = {
  /** Left out: for ever. */
  readonly defaultMs?: number
  readonly categories: Readonly<Record<string, number>>
}

export function toRetention(given: z.output<typeof retentionSchema>): Retention {
  if (typeof given === 'number') return { defaultMs: given, categories: {} }
  return { ...(given.default !== undefined && { defaultMs: given.default }), categories: given.categories }
}

/** What is too old: the points before `beforeMs` of one category, or of all that have no retention of their own. */
export type Expired = { readonly category: string | undefined; readonly beforeMs: number }

export function expiredAt({ defaultMs, categories }: Retention, nowMs: number): Expired[] {
  const named = Object.entries(categories).map(([category, ageMs]) => ({ category, beforeMs: Math.floor(nowMs - ageMs) }))
  return defaultMs === undefined ? named : [...named, { category: undefined, beforeMs: Math.floor(nowMs - defaultMs) }]
}

/** The tag `category` of a row of `fields` when it has a retention of its own, else ''. In SQL. */
export function categoryExpression(categories: readonly string[]): string {
  if (categories.length === 0) return "''"
  const listed = categories.map((category) => `'${category}'`).join(', ')
  return `CASE WHEN json_extract_string(tags, '$.category') IN (${listed}) THEN json_extract_string(tags, '$.category') ELSE '' END`
}
