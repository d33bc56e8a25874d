import type { AlertInstance } from '../../../model/alert-records.ts'
import { tagsOf } from './identity.ts'
import { seriesKindOf } from './kind-of.ts'
import type { Rule } from './rule.ts'

/**
 * Whether an alert of an earlier version of the rule is one that the rule can still have. One that it
 * cannot would never get a sample again, and so never end.
 */
export function canHold(rule: Rule, { labels }: AlertInstance): boolean {
  const inputs = seriesKindOf(rule)?.inputs(rule.options)
  if (!inputs) return true
  const tags = tagsOf(rule, labels)
  const isForeign = inputs.groupBy !== null && Object.keys(tags).some((tag) => !inputs.groupBy?.includes(tag))
  const isElsewhere = inputs.selectors[0]?.where.some(({ tag, op, value }) => op === '=' && tag in tags && tags[tag] !== value)
  return !isForeign && !isElsewhere
}
