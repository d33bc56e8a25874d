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

/** Firing alerts that may inhibit those of one key, apart by whether they are targets of their own rule, too. */
type Sources = { readonly alone: Set<string>; readonly onBothSides: Set<string> }

type Kept = {
  readonly rule: InhibitRule
  /** By the values of the rule's `equal` labels. */
  readonly sources: Map<string, Sources>
  /** Where an alert stands, should it have to leave. */
  readonly places: Map<string, { readonly key: string; readonly among: Set<string> }>
}

/** What a rule has to do with an alert that is its target. */
type Aim = { readonly kept: Kept; readonly key: string; readonly isOnBothSides: boolean }

/** Of thousands that keep an alert from being told, so many are named. */
const namedMax = 10

/** Holds an alert against the sources that have the same `equal` labels, of the rules whose target it is, and no others. */
export function createInhibition(rules: readonly InhibitRule[]) {
  const all = rules.map((rule): Kept => ({ rule, sources: new Map(), places: new Map() }))
  const aims = new WeakMap<Tags, readonly Aim[]>()

  function aimsAt(labels: Tags): readonly Aim[] {
    const known = aims.get(labels)
    if (known) return known
    const found = all.flatMap((kept) => {
      if (!isTarget(kept.rule, labels)) return []
      return [{ kept, key: equalKey(kept.rule, labels), isOnBothSides: allMatch(kept.rule.sourceMatchers, labels) }]
    })
    aims.set(labels, found)
    return found
  }

  return {
    /** Takes an alert that fires, or one that ended. */
    observe({ id, labels, state }: Alert): void {
      for (const kept of all) {
        // An alert that changed its severity may have stood elsewhere, or nowhere.
        leave(kept, id)
        if (state !== 'resolved' && allMatch(kept.rule.sourceMatchers, labels)) enter(kept, id, labels)
      }
    },
    isInhibited: (labels: Tags): boolean =>
      aimsAt(labels).some(({ kept, key, isOnBothSides }) => {
        const { alone, onBothSides } = kept.sources.get(key) ?? none
        return alone.size > 0 || (!isOnBothSides && onBothSides.size > 0)
      }),
    /** The ids of alerts that keep this one from being told, the first ten. */
    inhibitedBy(labels: Tags): readonly string[] {
      const found = new Set<string>()
      for (const aim of aimsAt(labels)) {
        for (const id of sourcesFor(aim)) {
          if (found.size >= namedMax) return [...found]
          found.add(id)
        }
      }
      return [...found]
    },
  }
}

/** The rules that keep an alert of these labels from being told, whenever a source of theirs fires. */
export function inhibitRulesFor(rules: readonly InhibitRule[], labels: Tags): readonly InhibitRule[] {
  return rules.filter((rule) => isTarget(rule, labels))
}

const isTarget = ({ targetMatchers }: InhibitRule, labels: Tags): boolean => allMatch(targetMatchers, labels)

const none: Sources = { alone: new Set(), onBothSides: new Set() }

function enter({ rule, sources, places }: Kept, id: string, labels: Tags): void {
  const key = equalKey(rule, labels)
  const same = sources.get(key) ?? { alone: new Set(), onBothSides: new Set() }
  const among = isTarget(rule, labels) ? same.onBothSides : same.alone
  among.add(id)
  sources.set(key, same)
  places.set(id, { key, among })
}

function leave({ sources, places }: Kept, id: string): void {
  const place = places.get(id)
  if (!place) return
  place.among.delete(id)
  places.delete(id)
  const { alone, onBothSides } = sources.get(place.key) ?? none
  if (alone.size + onBothSides.size === 0) sources.delete(place.key)
}

/** An alert on both sides of a rule is not inhibited by another on both sides: they would hide each other. */
function* sourcesFor({ kept, key, isOnBothSides }: Aim): Iterable<string> {
  const { alone, onBothSides } = kept.sources.get(key) ?? none
  yield* alone
  if (!isOnBothSides) yield* onBothSides
}

/** A label that is missing counts as empty, so two alerts without it are equal in it. */
function equalKey({ equal }: InhibitRule, labels: Tags): string {
  return JSON.stringify(equal.map((name) => labels[name] ?? ''))
}
