import type { Tags } from '../../../model/point.ts'
import { stateOf } from '../../silences/silence.ts'
import type { Escalation } from '../escalation/escalation-schema.ts'
import { type InhibitRule, inhibitRulesFor } from '../tree/inhibition.ts'
import { allMatch, type Matcher, matcherText } from '../tree/matcher.ts'
import { groupOf, type Route, routesFor } from '../tree/route.ts'
import { createSuppression } from '../tree/suppression.ts'
import type { NamedInterval } from '../tree/time-interval-schema.ts'
import { type Climbed, type Told, type TrialTimes, toldFirst, toldInTurn } from './times.ts'

export type TrialSettings = {
  readonly route: Route
  readonly inhibitRules: readonly InhibitRule[]
  readonly timeIntervals: readonly NamedInterval[]
  readonly escalations: readonly Escalation[]
  /** Those that a collector has; left out: none is known. */
  readonly silences?: readonly TriedSilence[]
}

export type TriedSilence = {
  readonly id: string
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly matchers: readonly Matcher[]
}

/** What became of a route: it tells of the alert, leaves that to routes below it, does not match, or was not asked. */
export type Outcome = 'tells' | 'passes on' | 'does not match' | 'not asked'

/** What one route that takes the alert does with it. */
export type Taken = Told & {
  readonly route: Route
  /** The time zones of the intervals that make it mute. */
  readonly zones: readonly string[]
  /** Alerts that are equal in these labels are told together. */
  readonly groupLabels: Tags
  readonly escalation: { readonly name: string; readonly steps: readonly Climbed[]; readonly handOff: readonly string[] } | null
}

export type Inhibitor = {
  readonly sourceMatchers: readonly string[]
  /** The values that the other alert must have, too; an empty one stands for a label that it is without. */
  readonly equal: Tags
  /** The alert is one that keeps others back by the same rule, so only one that is no target of it counts. */
  readonly isOnBothSides: boolean
}

export type Trial = {
  readonly labels: Tags
  readonly atMs: number
  /** Of all routes, in the order in which the tree is written. */
  readonly outcomes: ReadonlyMap<Route, Outcome>
  readonly receivers: readonly string[]
  readonly taken: readonly Taken[]
  readonly inhibitedWhile: readonly Inhibitor[]
  /** Ids of silences that cover it at that time. */
  readonly silencedBy: readonly string[]
}

/**
 * Says what would become of an alert that begins to fire at a time, by the code that routes alerts.
 *
 * Nothing is known of other alerts: those that are in the group already, or keep this one back.
 */
export function tryRoutes(settings: TrialSettings, labels: Tags, atMs: number): Trial {
  const asked = new Map<Route, boolean>()
  const taking = routesFor(settings.route, labels, (route, isMatch) => asked.set(route, isMatch))
  const outcomeOf = (route: Route): Outcome => {
    if (taking.includes(route)) return 'tells'
    const isMatch = asked.get(route)
    if (isMatch === undefined) return 'not asked'
    return isMatch ? 'passes on' : 'does not match'
  }
  const times = createTimes(settings, atMs)
  return {
    ...{ labels, atMs },
    outcomes: new Map(allRoutes(settings.route).map((route) => [route, outcomeOf(route)])),
    receivers: [...new Set(taking.flatMap(({ receivers }) => receivers))],
    taken: taking.map((route) => toTaken(settings, route, labels, times)),
    inhibitedWhile: inhibitRulesFor(settings.inhibitRules, labels).map((rule) => toInhibitor(rule, labels)),
    silencedBy: (settings.silences ?? [])
      .filter((silence) => stateOf(silence, atMs) === 'active' && allMatch(silence.matchers, labels))
      .map(({ id }) => id),
  }
}

/** A route and all below it, in the order in which the tree is written. */
export function allRoutes(route: Route): readonly Route[] {
  return [route, ...route.routes.flatMap(allRoutes)]
}

/** The very suppression that the collector asks, at any time. */
function createTimes({ route, timeIntervals }: TrialSettings, atMs: number): TrialTimes {
  let nowMs = atMs
  const clock = { now: () => nowMs }
  const suppression = createSuppression({ settings: () => ({ route, timeIntervals }), silencedBy: () => [], clock })
  const at = <Answer>(ms: number, ask: () => Answer): Answer => {
    nowMs = ms
    return ask()
  }
  return {
    atMs,
    muteOf: (route, ms) => at(ms, () => suppression.muteOf(route)),
    isWithin: (name, ms) => at(ms, () => suppression.isNow(name)),
  }
}

function toTaken({ escalations, timeIntervals }: TrialSettings, route: Route, labels: Tags, times: TrialTimes): Taken {
  const told = toldFirst(route, times)
  const muting = timeIntervals.filter(({ name }) => told.mute?.names.includes(name))
  const chain = route.digest ? undefined : escalations.find(({ name }) => name === route.escalation)
  return {
    ...told,
    route,
    zones: [...new Set(muting.flatMap(({ intervals }) => intervals.map(({ zone }) => zone)))],
    groupLabels: groupOf(route, labels).labels,
    escalation: chain ? { name: chain.name, steps: toldInTurn(chain, told.firstMs, labels.severity, times), handOff: chain.handOff } : null,
  }
}

function toInhibitor(rule: InhibitRule, labels: Tags): Inhibitor {
  return {
    sourceMatchers: rule.sourceMatchers.map(matcherText),
    equal: Object.fromEntries(rule.equal.map((name) => [name, labels[name] ?? ''])),
    isOnBothSides: allMatch(rule.sourceMatchers, labels),
  }
}
