import mustache from 'mustache'
import { messageOf } from '../../../lib/errors.ts'
import { formatValue } from '../../../lib/format-value.ts'

/**
 * Fills `{{labels.host}}` and its like. A template that cannot be read becomes a text that says so:
 * a typing error in an annotation must never keep an alert from being sent.
 */
export function expand(template: string, view: Readonly<Record<string, unknown>>): string {
  if (!template.includes('{{')) return template
  try {
    return mustache.render(template, view, {}, { escape: String })
  } catch (thrown) {
    return `<error expanding template: ${messageOf(thrown)}>`
  }
}

export function expandAll(templates: Readonly<Record<string, string>>, view: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, expand(template, view)]))
}

/** What the texts of a rule may name. */
export const templateWords = ['value', 'raw_value', 'unit', 'labels', 'threshold', 'window', 'for', 'rule', 'severity', 'facts'] as const

/** Why a template would not say what its writer meant; undefined when nothing speaks against it. */
export function wrongTemplate(template: string, words: readonly string[]): string | undefined {
  if (!template.includes('{{')) return undefined
  try {
    const unknown = namesIn(template).find((name) => !words.includes(name.split('.')[0] as string))
    return unknown === undefined
      ? undefined
      : `{{${unknown}}} is not known${inOurNotation(unknown)}; there are ${words.map(shown).join(', ')}`
  } catch (thrown) {
    return `is no template: ${messageOf(thrown)}`
  }
}

const shown = (word: string): string => (word === 'labels' || word === 'facts' ? `{{${word}.…}}` : `{{${word}}}`)

/** Prometheus and Grafana write `$labels.host`. */
function inOurNotation(name: string): string {
  const [, ours] = /^\$(value|labels\.\w+)/.exec(name) ?? []
  return ours === undefined ? '' : `: write {{${ours}}}`
}

type Token = readonly [kind: string, name: string, start: number, end: number, inner?: unknown]

/** The names that a template asks for; within a section they are the section's own. */
export function namesIn(template: string): string[] {
  return (mustache.parse(template) as unknown as readonly Token[]).flatMap(([kind, name]) =>
    ['name', '&', '{', '#', '^'].includes(kind) ? [name] : [],
  )
}

export function numberText(value: number | null): string {
  return value === null ? 'no data' : formatValue(value)
}
