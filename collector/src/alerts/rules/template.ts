import mustache from 'mustache'
import { messageOf } from '../../lib/errors.ts'

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

/** At most four significant digits, without an exponent where that is readable. */
export function numberText(value: number | null): string {
  if (value === null) return 'no data'
  if (!Number.isFinite(value)) return String(value)
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)))
}
