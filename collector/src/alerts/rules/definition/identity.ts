import { createHash } from 'node:crypto'
import type { Tags } from '../../../model/point.ts'
import type { Rule } from './rule.ts'
import { expandAll } from './template.ts'

export type Identity = { readonly id: string; readonly labels: Tags }

/**
 * The labels of a rule's alert for some tags, and the id that follows from them. Severity is a label
 * for routing but no part of the id: an alert that gets worse is still the same alert.
 */
export function identityOf(rule: Rule, tags: Tags): Identity {
  const own = { ...tags, ...expandAll(rule.labels, { labels: tags, rule: rule.name }) }
  const severity: Tags = rule.severity === null ? {} : { severity: rule.severity }
  return { id: fingerprint(rule.name, own), labels: sorted({ ...own, alertname: rule.name, ...severity }) }
}

/** 16 hexadecimal digits: equal rule name and labels, equal id, in every process and for ever. */
export function fingerprint(name: string, labels: Tags): string {
  return createHash('sha256')
    .update(JSON.stringify([name, Object.entries(sorted(labels))]))
    .digest()
    .toString('hex', 0, 8)
}

/** The labels that say what an alert is about: all but its name and its severity, which every alert has. */
export function subjectLabels(labels: Tags): [name: string, value: string][] {
  return Object.entries(labels).filter(([name]) => name !== 'alertname' && name !== 'severity')
}

/** The way back from `identityOf`: the labels of a rule's alert without what the rule itself adds. */
export function tagsOf(rule: Rule, labels: Tags): Tags {
  return Object.fromEntries(subjectLabels(labels).filter(([name]) => !Object.hasOwn(rule.labels, name)))
}

function sorted(labels: Tags): Tags {
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
