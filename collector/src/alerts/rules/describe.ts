import { formatDuration } from '../../lib/duration.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import type { Tags } from '../../model/point.ts'
import type { Phase } from './advance.ts'
import { conditionText, thresholdText } from './condition.ts'
import { aggregateText, type Rule } from './rule.ts'
import { expandAll, numberText } from './template.ts'

/** The annotations of an alert: the rule's own templates, and a summary when it has none. */
export function describe(rule: Rule, labels: Tags, phase: Phase, value: number | null, before: AlertInstance | undefined): Tags {
  const known = phase.missingSinceMs === null ? value : (before?.value ?? null)
  const view = {
    labels,
    rule: rule.name,
    severity: rule.severity,
    value: numberText(known),
    raw_value: known,
    threshold: thresholdText(rule.condition),
    window: formatDuration(rule.windowMs),
    for: formatDuration(rule.forMs),
  }
  const annotations = expandAll(rule.annotations, view)
  const summary = annotations.summary ?? summaryOf(rule, known)
  return phase.missingSinceMs === null ? { ...annotations, summary } : { ...annotations, summary, state_reason: 'NoData' }
}

function summaryOf(rule: Rule, value: number | null): string {
  const what = `${aggregateText(rule.aggregate)} of ${rule.source.measurement}.${rule.source.field}`
  if (value === null) return `${what}: no data in the last ${formatDuration(rule.windowMs)}`
  return `${what} over ${formatDuration(rule.windowMs)} is ${numberText(value)}, limit: ${conditionText(rule.condition)}`
}
