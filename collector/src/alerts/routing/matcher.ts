import { z } from 'zod'
import type { Tags } from '../../model/point.ts'

/** A test on one label, in Alertmanager's notation. A missing label counts as empty. */
export type Matcher = {
  readonly label: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
  matches(labels: Tags): boolean
}

const notation = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"]*?))\s*$/

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
  const [, label, operator, quoted, bare] = notation.exec(text) ?? []
  if (!label || !operator) return `"${text}" is not a matcher; write it like severity="critical" or host=~"web-.*"`
  const value = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character))
  const test = toTest(operator as Matcher['operator'], value)
  if (typeof test === 'string') return `"${text}": ${test}`
  return { label, operator: operator as Matcher['operator'], value, matches: (labels) => test(labels[label] ?? '') }
}

function toTest(operator: Matcher['operator'], value: string): string | ((actual: string) => boolean) {
  if (operator === '=') return (actual) => actual === value
  if (operator === '!=') return (actual) => actual !== value
  try {
    const expression = new RegExp(`^(?:${value})$`, 's')
    return (actual) => expression.test(actual) === (operator === '=~')
  } catch {
    return 'its regular expression cannot be read'
  }
}
