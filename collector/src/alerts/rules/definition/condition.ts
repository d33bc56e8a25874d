import { z } from 'zod'
import { withUnit } from './unit.ts'

const pair = z.tuple([z.number(), z.number()])

export const conditionSchema = z
  .strictObject({
    above: z.number().optional().meta({ description: 'Holds while the value is greater than this.' }),
    below: z.number().optional().meta({ description: 'Holds while the value is less than this.' }),
    outside: pair.optional().meta({ description: 'Holds while the value is less than the first or greater than the second.' }),
    equals: z.number().optional().meta({ description: 'Holds while the value is exactly this; for states and flags.' }),
    until: z
      .union([z.number(), pair])
      .optional()
      .meta({ description: 'Once it fired, it holds until the value is back here (hysteresis).' }),
  })
  .meta({ oneOf: ['above', 'below', 'outside', 'equals'].map((key) => ({ required: [key] })) })
  .transform((input, context): Condition => {
    const condition = toCondition(input)
    if (typeof condition !== 'string') return condition
    context.addIssue({ code: 'custom', message: condition })
    return z.NEVER
  })

type ConditionInput = { above?: number; below?: number; outside?: [number, number]; equals?: number; until?: number | [number, number] }

/** What must be true of the value. `until` is where it must come back to before it counts as over. */
export type Condition =
  | { readonly kind: 'above' | 'below' | 'equals'; readonly limit: number; readonly until: number | null }
  | { readonly kind: 'outside'; readonly limit: readonly [number, number]; readonly until: readonly [number, number] | null }

/** The condition, or the sentence that says what is wrong with it. */
function toCondition(input: ConditionInput): Condition | string {
  const { until = null, outside } = input
  const kinds = (['above', 'below', 'outside', 'equals'] as const).filter((kind) => input[kind] !== undefined)
  const kind = kinds[0]
  if (kind === undefined || kinds.length > 1)
    return `give exactly one of above, below, outside or equals${kinds.length > 1 ? `, not ${kinds.join(' and ')}` : ''}`
  if (kind === 'outside') return outside ? toOutside(outside, until) : 'outside needs two numbers'
  if (Array.isArray(until)) return `until must be one number beside ${kind}`
  const limit = input[kind] as number
  if (kind === 'above' && until !== null && until > limit)
    return `until: ${until} must not be greater than above: ${limit}; it is where the value must come back to, such as ${belowOf(limit)}`
  if (kind === 'below' && until !== null && until < limit)
    return `until: ${until} must not be less than below: ${limit}; it is where the value must come back to, such as ${aboveOf(limit)}`
  return { kind, limit, until }
}

/** An example near the limit, on its good side. */
const belowOf = (limit: number): number => Number((limit - Math.abs(limit) / 10).toPrecision(6))
const aboveOf = (limit: number): number => Number((limit + Math.abs(limit) / 10).toPrecision(6))

function toOutside(limit: [number, number], until: number | [number, number] | null): Condition | string {
  if (limit[0] > limit[1]) return `outside must be written [low, high]: [${limit[1]}, ${limit[0]}]`
  if (typeof until === 'number') return 'until must be [low, high] beside outside'
  if (until && (until[0] < limit[0] || until[1] > limit[1] || until[0] > until[1])) return 'until must lie inside of outside'
  return { kind: 'outside', limit, until }
}

/**
 * Whether the condition holds for the value. While it is already firing, the value must come back
 * to `until`, not merely behind the limit.
 */
export function holds(condition: Condition, value: number, isFiring: boolean): boolean {
  if (isFiring && condition.until !== null) return !isBack(condition, value)
  switch (condition.kind) {
    case 'above':
      return value > condition.limit
    case 'below':
      return value < condition.limit
    case 'equals':
      return value === condition.limit
    case 'outside':
      return value < condition.limit[0] || value > condition.limit[1]
  }
}

function isBack(condition: Condition, value: number): boolean {
  if (condition.kind === 'outside') return condition.until !== null && value >= condition.until[0] && value <= condition.until[1]
  if (condition.until === null) return false
  const fromAbove = condition.kind === 'above' || (condition.kind === 'equals' && condition.until < condition.limit)
  return fromAbove ? value <= condition.until : value >= condition.until
}

/** For messages: `above 90`. */
export function conditionText(condition: Condition, unit = ''): string {
  return withUnit(`${condition.kind === 'equals' ? 'equal to' : condition.kind} ${thresholdText(condition)}`, unit)
}

export function thresholdText({ limit }: Condition): string {
  return typeof limit === 'number' ? String(limit) : `${limit[0]} to ${limit[1]}`
}
