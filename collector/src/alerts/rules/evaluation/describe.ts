import { formatDuration } from '../../../lib/duration.ts'
import type { Severity } from '../../../model/alert.ts'
import type { AlertInstance } from '../../../model/alert-records.ts'
import type { Tags } from '../../../model/point.ts'
import { tagsOf } from '../definition/identity.ts'
import { kindOf } from '../definition/kind-of.ts'
import type { Reading, Rule } from '../definition/rule.ts'
import { expandAll, numberText } from '../definition/template.ts'
import { withUnit } from '../definition/unit.ts'
import type { Phase } from './advance.ts'

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
  const isMissing = phase.missingSinceMs !== null || reading.verdict === 'missing'
  const words = kindOf(rule.kind).words(rule.options)
  const view = {
    labels,
    severity,
    rule: rule.name,
    // Time that is left until what will never be is no number, and yet there are data.
    value: known === null && !isMissing ? 'no value' : numberText(known),
    unit: words.unit ?? '',
    raw_value: known,
    threshold: words.threshold,
    window: formatDuration(words.windowMs),
    for: formatDuration(rule.forMs),
    facts: textsOf(reading.facts),
  }
  const annotations = expandAll(rule.annotations, view)
  const summary =
    annotations.summary ?? summaryOf(rule, { ...reading, value: known }, { labels, missingSinceMs: phase.missingSinceMs, error })
  const reason = error === undefined ? (phase.missingSinceMs === null ? undefined : 'NoData') : 'Error'
  return reason === undefined ? { ...annotations, summary } : { ...annotations, summary, state_reason: reason }
}

/** What the values of a rule are counted in. */
export function unitOf(rule: Rule): string {
  return kindOf(rule.kind).words(rule.options).unit ?? ''
}

/** What the rule holds a value against: `above 90 for 5m`. */
export function limitOf(rule: Rule): string {
  const { limit } = kindOf(rule.kind).words(rule.options)
  return rule.forMs > 0 ? `${limit} for ${formatDuration(rule.forMs)}` : limit
}

type About = { readonly labels: Tags; readonly missingSinceMs: number | null; readonly error: string | undefined }

/** What the value is, or was, of what, and where: it may be all that a telephone shows. */
function summaryOf(rule: Rule, reading: Reading, { labels, missingSinceMs, error }: About): string {
  const kind = kindOf(rule.kind)
  const { what, unit = '' } = kind.words(rule.options)
  const where = placeText(rule, labels)
  if (error !== undefined) return `${what}${where} cannot be evaluated: ${error}`
  if (missingSinceMs === null && reading.verdict !== 'missing') {
    const own = reading.verdict === 'true' ? kind.summary : reading.verdict === 'false' ? kind.summaryOfEnd : undefined
    if (own) return `${own(rule.options, reading)}${where}`
    if (reading.value !== null) return `${what} is ${withUnit(numberText(reading.value), unit)}, limit: ${limitOf(rule)}${where}`
    return `${what}: ${reading.verdict === 'false' ? 'over' : 'nothing can be said now'}, limit: ${limitOf(rule)}${where}`
  }
  const since = missingSinceMs === null ? '' : ` since ${new Date(missingSinceMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `${what}: no data${since}${reading.value === null ? '' : `; the last value was ${withUnit(numberText(reading.value), unit)}`}${where}`
}

/** A line has room for so many labels, and so much of each. */
const [placesMax, placeLengthMax] = [4, 60]

/** ` (host=a, path=/)`: what tells this alert of the rule from its others. */
function placeText(rule: Rule, labels: Tags): string {
  const own = Object.entries(tagsOf(rule, labels))
  if (own.length === 0) return ''
  const shown = own
    .slice(0, placesMax)
    .map(([name, value]) => `${name}=${value.length > placeLengthMax ? `${value.slice(0, placeLengthMax)}…` : value}`)
  return ` (${shown.join(', ')}${own.length > placesMax ? ', …' : ''})`
}

function textsOf(facts: Reading['facts'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'number' ? numberText(fact) : fact]))
}
