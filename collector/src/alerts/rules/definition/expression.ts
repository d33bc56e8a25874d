import { z } from 'zod'
import type { Severity } from '../../../model/alert.ts'
import { severities } from '../../../model/alert.ts'

/** Names of rules, joined. */
export type Expression =
  | string
  | { readonly and: readonly Expression[] }
  | { readonly or: readonly Expression[] }
  | { readonly not: Expression }

const several = z.lazy(() => z.array(expressionSchema).min(2).max(10))

export const expressionSchema: z.ZodType<Expression, Expression> = z.union([
  z.string().min(1).max(200),
  z.strictObject({ and: several }),
  z.strictObject({ or: several }),
  z.strictObject({ not: z.lazy(() => expressionSchema) }),
])

/** How a rule is for one label set. */
export type Level = Severity | 'no_data' | 'ok'

const levels: readonly Level[] = ['ok', 'no_data', ...severities]

/**
 * The level of an expression, as Datadog's composite monitors have it.
 *
 * What is wrong in both is as bad as the lesser of them; what is wrong in either, as the worse. The
 * opposite of no data is no data, and the opposite of ok the worst there is, so that it takes nothing
 * away from what it is joined with.
 */
export function levelOf(expression: Expression, levelOfRule: (name: string) => Level): Level {
  return rangeOf(expression, (name) => {
    const level = levelOfRule(name)
    return { least: level, most: level }
  }).least
}

/** Of a rule of which something is not known yet: the least and the most that it may turn out to be. */
export type Range = { readonly least: Level; readonly most: Level }

/**
 * Between which levels an expression is, whatever becomes of what is not known yet: Kleene's logic of three
 * values, where both ends are equal if that cannot matter. `not` turns the ends round.
 */
export function rangeOf(expression: Expression, rangeOfRule: (name: string) => Range): Range {
  if (typeof expression === 'string') return rangeOfRule(expression)
  if ('not' in expression) {
    const { least, most } = rangeOf(expression.not, rangeOfRule)
    return { least: oppositeOf(most), most: oppositeOf(least) }
  }
  const ranges = partsOf(expression).map((part) => rangeOf(part, rangeOfRule))
  const choose = 'and' in expression ? Math.min : Math.max
  const join = (end: 'least' | 'most') => levels[choose(...ranges.map((range) => levels.indexOf(range[end])))] as Level
  return { least: join('least'), most: join('most') }
}

function oppositeOf(level: Level): Level {
  if (level === 'no_data') return 'no_data'
  return level === 'ok' ? 'critical' : 'ok'
}

/** The worse of two. */
export function worse(a: Level, b: Level): Level {
  return levels.indexOf(a) > levels.indexOf(b) ? a : b
}

/** How deep it is nested: `{and: [a, {not: b}]}` is 2. */
export function depthOf(expression: Expression, depthOfRule: (name: string) => number = () => 0): number {
  if (typeof expression === 'string') return depthOfRule(expression)
  return 1 + Math.max(...partsOf(expression).map((part) => depthOf(part, depthOfRule)))
}

export function namesIn(expression: Expression): readonly string[] {
  if (typeof expression === 'string') return [expression]
  return [...new Set(partsOf(expression).flatMap(namesIn))]
}

/** `a and not b`. */
export function expressionText(expression: Expression): string {
  return textOf(expression, (name, isNot) => (isNot ? `not ${name}` : name))
}

/** `a fires and b does not fire`. */
export function firingText(expression: Expression): string {
  return textOf(expression, (name, isNot) => (isNot ? `${name} does not fire` : `${name} fires`))
}

function textOf(expression: Expression, textOfRule: (name: string, isNot: boolean) => string, isWithin = false): string {
  if (typeof expression === 'string') return textOfRule(expression, false)
  if ('not' in expression)
    return typeof expression.not === 'string' ? textOfRule(expression.not, true) : `not ${textOf(expression.not, textOfRule, true)}`
  const joined = partsOf(expression)
    .map((part) => textOf(part, textOfRule, true))
    .join('and' in expression ? ' and ' : ' or ')
  return isWithin ? `(${joined})` : joined
}

function partsOf(expression: Exclude<Expression, string>): readonly Expression[] {
  if ('and' in expression) return expression.and
  return 'or' in expression ? expression.or : [expression.not]
}
