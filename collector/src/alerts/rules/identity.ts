import { createHash } from 'node:crypto'
import type { Tags } from '../../model/point.ts'
import type { Rule } from './rule.ts'
import { expandAll } from './template.ts'

export type Identity = { readonly id: string; readonly labels: Tags }

/** Series tags are the same objects from one evaluation to the next, so their labels are made once. */
const known = new WeakMap<Rule, WeakMap<Tags, Identity>>()

/**
 * The labels of a rule's alert for a series, and the id that follows from them. Severity is a label
 * for routing but no part of the id: an alert that gets worse is still the same alert.
 */
export function identityOf(rule: Rule, tags: Tags): Identity {
  let ofRule = known.get(rule)
  if (!ofRule) {
    ofRule = new WeakMap()
    known.set(rule, ofRule)
  }
  const found = ofRule.get(tags)
  if (found) return found
  const own = { ...tags, ...expandAll(rule.labels, { labels: tags, rule: rule.name }) }
  const identity = { id: fingerprint(rule.name, own), labels: sorted({ ...own, alertname: rule.name, severity: rule.severity }) }
  ofRule.set(tags, identity)
  return identity
}

/** 16 hexadecimal digits: equal rule name and labels, equal id, in every process and for ever. */
export function fingerprint(name: string, labels: Tags): string {
  return createHash('sha256')
    .update(JSON.stringify([name, Object.entries(sorted(labels))]))
    .digest('hex')
    .slice(0, 16)
}

function sorted(labels: Tags): Tags {
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
