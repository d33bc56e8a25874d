import { z } from 'zod'
import { type Condition, holds } from './condition.ts'
import { inconclusive } from './judge.ts'
import type { Reading } from './rule.ts'
import { numberText } from './template.ts'
import { withUnit } from './unit.ts'

/** Aggregates that memory and every store understand in the same way. */
export const comparedAggregate = z.enum(['mean', 'min', 'max', 'sum', 'count', 'increase', 'rate'])

export const changeShape = {
  as: z
    .enum(['percent', 'difference', 'ratio'])
    .default('percent')
    .meta({ description: 'What the condition is about: the change in percent, the difference, or now divided by before.' }),
  min_change: z.number().min(0).default(0).meta({ description: 'A smaller difference never fires, however large it is in percent.' }),
}

type Compared = {
  readonly as: 'percent' | 'difference' | 'ratio'
  readonly minChange: number
  readonly condition: Condition
  readonly isFiring: boolean
}

/**
 * Judges a value by another. From 0 every growth is endless in percent, so there `min_change` alone
 * decides: a service that had no errors and now has some must not pass.
 */
export function judgeChange(now: number, before: number, { as, minChange, condition, isFiring }: Compared): Reading {
  const change = changeOf(now, before, as)
  if (Number.isNaN(change)) return inconclusive
  const isHolding = Math.abs(now - before) >= minChange && holds(condition, change, isFiring)
  return {
    verdict: isHolding ? 'true' : 'false',
    value: Number.isFinite(change) ? change : null,
    facts: { now, before },
  }
}

function changeOf(now: number, before: number, as: Compared['as']): number {
  if (as === 'difference') return now - before
  if (before === 0) return now === 0 ? (as === 'ratio' ? 1 : 0) : Math.sign(now) * Number.POSITIVE_INFINITY
  return as === 'ratio' ? now / before : ((now - before) / Math.abs(before)) * 100
}

/** What the change is counted in, and what both values are. */
export function unitsOfChange(as: Compared['as'], fieldUnit: string): { readonly unit: string; readonly fieldUnit: string } {
  return { unit: { percent: '%', ratio: 'times', difference: fieldUnit }[as], fieldUnit }
}

/** `is 120 ms after 80 ms (+50 %)`. */
export function changeText({ facts = {}, value }: Reading, as: Compared['as'], unit: string): string {
  const [now, before] = [facts.now, facts.before].map((fact) => (typeof fact === 'number' ? withUnit(numberText(fact), unit) : ''))
  const sign = value !== null && value > 0 ? '+' : ''
  const by =
    value === null || as === 'difference' ? '' : as === 'ratio' ? ` (${numberText(value)} times)` : ` (${sign}${numberText(value)} %)`
  return `is ${now} after ${before}${by}`
}
