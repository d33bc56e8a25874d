import { formatDuration } from '../../lib/duration.ts'
import type { Severity } from '../../model/alert.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import type { Tags } from '../../model/point.ts'
import type { Phase } from './advance.ts'
import { kindOf } from './kind-of.ts'
import type { Reading, Rule } from './rule.ts'
import { expandAll, numberText } from './template.ts'

type Described = {
  readonly labels: Tags
  readonly severity: Severity
  readonly phase: Phase
  readonly reading: Reading
  readonly before: AlertInstance | undefined
  /** Why the rule could not be evaluated, when that is what it is about. */
  readonly error?: string
}

/** The annotations of an alert: the rule's own templates, and a summary when it has none. */
export function describe(rule: Rule, { labels, severity, phase, reading, before, error }: Described): Tags {
  const known = phase.missingSinceMs === null && reading.verdict !== 'inconclusive' ? reading.value : (before?.value ?? null)
  const words = kindOf(rule.kind).words(rule.options)
  const view = {
    labels,
    severity,
    rule: rule.name,
    value: numberText(known),
    raw_value: known,
    threshold: words.threshold,
    window: formatDuration(words.windowMs),
    for: formatDuration(rule.forMs),
    facts: textsOf(reading.facts),
  }
  const annotations = expandAll(rule.annotations, view)
  const summary = annotations.summary ?? summaryOf(rule, { ...reading, value: known }, error)
  const reason = error === undefined ? (phase.missingSinceMs === null ? undefined : 'NoData') : 'Error'
  return reason === undefined ? { ...annotations, summary } : { ...annotations, summary, state_reason: reason }
}

/** What the rule holds a value against: `above 90 for 5m`. */
export function limitOf(rule: Rule): string {
  const { limit } = kindOf(rule.kind).words(rule.options)
  return rule.forMs > 0 ? `${limit} for ${formatDuration(rule.forMs)}` : limit
}

function summaryOf(rule: Rule, reading: Reading, error: string | undefined): string {
  const kind = kindOf(rule.kind)
  const { what, limit } = kind.words(rule.options)
  if (error !== undefined) return `${what}: cannot be evaluated: ${error}`
  if (reading.verdict === 'true' && kind.summary) return kind.summary(rule.options, reading)
  return reading.value === null ? `${what}: no data` : `${what} is ${numberText(reading.value)}, limit: ${limit}`
}

function textsOf(facts: Reading['facts'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'number' ? numberText(fact) : fact]))
}
