import { z } from 'zod'
import { parseLinearRegex } from '../../../lib/linear-regex.ts'
import type { Tags } from '../../../model/point.ts'
import { alternativesOf } from './alternatives.ts'
import { prefixesOf } from './prefixes.ts'

export type MatcherOperator = '=' | '!=' | '=~' | '!~'

/** A test on one label, in Alertmanager's notation. A missing label counts as empty. */
export type Matcher = {
  readonly label: string
  readonly operator: MatcherOperator
  readonly value: string
  /** The texts that it takes, where those can be told and the empty one is not among them; null: others. */
  readonly values: readonly string[] | null
  /** What the texts that it takes begin with, where an expression says so; null: anything. */
  readonly prefixes: readonly string[] | null
  matches(labels: Tags): boolean
}

const notation = /^\s*(?:"((?:[^"\\]|\\.)+)"|([a-zA-Z_][\w.:/-]*))\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"]*?))\s*$/

/** `severity="critical"`, `host=~"web-.*"`. Regular expressions must match the whole value. */
export const matcherSchema = z
  .string()
  .max(2000)
  .meta({ description: 'A label test such as severity="critical" or host=~"web-.*".' })
  .transform((text, context): Matcher => {
    const matcher = parseMatcher(text)
    if (typeof matcher !== 'string') return matcher
    context.addIssue({ code: 'custom', message: matcher })
    return z.NEVER
  })

/** The matcher, or the sentence that says why it is none. */
export function parseMatcher(text: string): Matcher | string {
  const [, quotedLabel, bareLabel, operator, quoted, bare = ''] = notation.exec(text) ?? []
  const label = quotedLabel === undefined ? bareLabel : unescaped(quotedLabel)
  if (!label || !operator) return `"${text}" is not a matcher; write it like severity="critical" or host=~"web-.*"`
  const matcher = createMatcher(label, operator as MatcherOperator, quoted === undefined ? bare : unescaped(quoted))
  return typeof matcher === 'string' ? `"${text}": ${matcher}` : matcher
}

export function createMatcher(label: string, operator: MatcherOperator, value: string): Matcher | string {
  const test = toTest(operator, value)
  if (typeof test === 'string') return test
  return {
    label,
    operator,
    value,
    values: valuesOf(operator, value),
    prefixes: operator === '=~' ? prefixesOf(value) : null,
    matches: (labels) => test(labels[label] ?? ''),
  }
}

function valuesOf(operator: MatcherOperator, value: string): readonly string[] | null {
  const values = operator === '=' ? [value] : operator === '=~' ? alternativesOf(value) : null
  return values?.includes('') ? null : values
}

export function allMatch(matchers: readonly Matcher[], labels: Tags): boolean {
  return matchers.every((matcher) => matcher.matches(labels))
}

export function matcherText({ label, operator, value }: Pick<Matcher, 'label' | 'operator' | 'value'>): string {
  return `${/^[a-zA-Z_][\w.:/-]*$/.test(label) ? label : JSON.stringify(label)}${operator}${JSON.stringify(value)}`
}

function toTest(operator: MatcherOperator, value: string): string | ((actual: string) => boolean) {
  if (operator === '=') return (actual) => actual === value
  if (operator === '!=') return (actual) => actual !== value
  const expression = parseLinearRegex(value)
  return typeof expression === 'string' ? expression : (actual) => expression.test(actual) === (operator === '=~')
}

function unescaped(quoted: string): string {
  return quoted.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character))
}
