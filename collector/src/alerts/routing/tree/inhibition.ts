import { z } from 'zod'
import type { Alert } from '../../../model/alert.ts'
import type { Tags } from '../../../model/point.ts'
import { allMatch, type Matcher, matcherSchema } from './matcher.ts'

export type InhibitRule = {
  readonly sourceMatchers: readonly Matcher[]
  readonly targetMatchers: readonly Matcher[]
  readonly equal: readonly string[]
}

/** Alertmanager's `inhibit_rules`: while a source fires, targets with the same `equal` labels are not told. */
export const inhibitRuleSchema = z
  .strictObject({
    source_matchers: z.array(matcherSchema).min(1),
    target_matchers: z.array(matcherSchema).min(1),
    equal: z.array(z.string().min(1)).default([]),
  })
  .transform(
    ({ source_matchers, target_matchers, equal }): InhibitRule => ({
      sourceMatchers: source_matchers,
      targetMatchers: target_matchers,
      equal,
    }),
  )

/** Firing alerts that may inhibit others: for each rule, by the values of its `equal` labels. */
export function createInhibition(rules: readonly InhibitRule[]) {
  const kept = rules.map((rule) => ({ rule, sources: new Map<string, Map<string, Tags>>(), places: new Map<string, string>() }))

  return {
    /** Takes an alert that fires, or one that ended. */
    observe({ id, labels, state }: Alert): void {
      for (const { rule, sources, places } of kept) {
        // An alert that changed its severity may have stood elsewhere, or nowhere.
        const before = places.get(id)
        if (before !== undefined && sources.get(before)?.delete(id) && sources.get(before)?.size === 0) sources.delete(before)
        places.delete(id)
        if (state === 'resolved' || !allMatch(rule.sourceMatchers, labels)) continue
        const key = equalKey(rule, labels)
        places.set(id, key)
        sources.set(key, (sources.get(key) ?? new Map<string, Tags>()).set(id, labels))
      }
    },
    /** The ids of the alerts that keep this one from being told. */
    inhibitedBy(labels: Tags): readonly string[] {
      const found = kept.flatMap(({ rule, sources }) => sourcesFor(rule, sources, labels))
      return [...new Set(found)]
    },
  }
}

/** The rules that keep an alert of these labels from being told, whenever a source of theirs fires. */
export function inhibitRulesFor(rules: readonly InhibitRule[], labels: Tags): readonly InhibitRule[] {
  return rules.filter((rule) => isTarget(rule, labels))
}

const isTarget = ({ targetMatchers }: InhibitRule, labels: Tags): boolean => allMatch(targetMatchers, labels)

/** An alert on both sides of a rule is not inhibited by another on both sides: they would hide each other. */
function sourcesFor(rule: InhibitRule, sources: ReadonlyMap<string, ReadonlyMap<string, Tags>>, labels: Tags): readonly string[] {
  if (!isTarget(rule, labels)) return []
  const isOnBothSides = allMatch(rule.sourceMatchers, labels)
  const same = sources.get(equalKey(rule, labels)) ?? new Map<string, Tags>()
  return [...same].flatMap(([id, source]) => (isOnBothSides && isTarget(rule, source) ? [] : [id]))
}

/** A label that is missing counts as empty, so two alerts without it are equal in it. */
function equalKey({ equal }: InhibitRule, labels: Tags): string {
  return JSON.stringify(equal.map((name) => labels[name] ?? ''))
}
