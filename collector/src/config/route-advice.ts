import { receiverFailing } from '../alerts/routing/delivery/receiver-watch.ts'
import { type Matcher, matcherText } from '../alerts/routing/tree/matcher.ts'
import { matchersText, type Route } from '../alerts/routing/tree/route.ts'
import { membersOf, seriesKindOf } from '../alerts/rules/definition/kind-of.ts'
import type { Rule } from '../alerts/rules/definition/rule.ts'
import { didYouMean, slipOf } from '../lib/words.ts'
import type { Config } from './config.ts'

/** Alerts of the collector's own, with their labels. */
export const ownAlerts = [receiverFailing, 'RuleEvaluationFailing']
const ownLabels = ['alertname', 'severity', 'receiver', 'source']

type Routed = Pick<Config, 'rules' | 'route' | 'inhibit_rules' | 'hooks'>

/** Labels that routes and inhibit rules wait for and no alert can have, and routes that nothing comes to. */
export function adviceOnRoutes(config: Routed): string[] {
  return [...lostLabels(config), ...inTree(config.route, unreached)]
}

/** The labels that alerts may have; null: any, where series are looked at one by one, or alerts come in from elsewhere. */
export function labelsOfAlerts({ rules, hooks }: Pick<Routed, 'rules' | 'hooks'>): ReadonlySet<string> | null {
  if (hooks.length > 0) return null
  const sets = rules.map((rule) => labelsOf(rule, rules))
  return sets.includes(null) ? null : new Set([...ownLabels, ...sets.flatMap((labels) => [...(labels ?? [])])])
}

/** The labels that alerts of one rule may have; null: any. */
export function labelsOf(rule: Rule, rules: readonly Rule[]): ReadonlySet<string> | null {
  const names = tagsOf(rule, rules)
  return names && new Set(['alertname', 'severity', ...Object.keys(rule.labels), ...names])
}

function tagsOf(rule: Rule, rules: readonly Rule[]): readonly string[] | null {
  const kind = seriesKindOf(rule)
  if (kind) {
    const { groupBy } = kind.inputs(rule.options)
    return groupBy && [...groupBy, ...Object.keys(kind.nothing?.(rule.options) ?? {})]
  }
  const { match } = rule.options as { readonly match?: readonly string[] | null }
  if (match) return match
  const members = rules.filter(({ name }) => membersOf(rule).includes(name)).map((member) => labelsOf(member, rules))
  return members.includes(null) ? null : members.flatMap((labels) => [...(labels ?? [])])
}

/** Where any label may come, only one that is likely a slip in another. */
function lostLabels(config: Routed): string[] {
  const [known, named] = [labelsOfAlerts(config), labelsNamed(config.rules)]
  function why(label: string): string | undefined {
    if (known) return known.has(label) ? undefined : `"${label}", a label that no rule gives its alerts${didYouMean(label, [...known])}`
    const meant = slipOf(label, named)
    return meant && `"${label}", a label that no rule names, did you mean "${meant}"?`
  }
  const told = (where: string, labels: readonly string[]) =>
    labels.filter((label) => label !== '...').flatMap((label) => (why(label) ? [`${where} ${why(label)}`] : []))
  const asked = (where: string, matchers: readonly Matcher[]) =>
    matchers
      .filter((matcher) => !matcher.matches({}))
      .flatMap((matcher) => told(`${where}: ${matcherText(matcher)} asks for`, [matcher.label]))
  return [
    ...inTree(config.route, (route, parent) => [
      ...asked(placeOf(route), route.matchers),
      ...told(`${placeOf(route)}: group_by names`, route.groupBy === parent?.groupBy ? [] : route.groupBy),
    ]),
    ...config.inhibit_rules.flatMap(({ sourceMatchers, targetMatchers, equal }) => [
      ...asked('inhibit_rules', [...sourceMatchers, ...targetMatchers]),
      ...told('inhibit_rules: equal, for which a label missing on both sides is equal, names', equal),
    ]),
  ]
}

type Sourced = { readonly source?: { readonly where?: readonly { readonly tag: string }[] } }

/** The labels that rules write somewhere. */
export function labelsNamed(rules: readonly Rule[]): readonly string[] {
  const named = rules.flatMap((rule) => [
    ...Object.keys(rule.labels),
    ...(labelsOf(rule, rules) ?? []),
    ...((rule.options as Sourced).source?.where ?? []).map(({ tag }) => tag),
  ])
  return [...new Set([...ownLabels, ...named])]
}

/** Whatever matches all matchers of a route before it, which does not say `continue`, ends there. */
function unreached(route: Route, parent: Route | undefined): string[] {
  const texts = route.matchers.map(matcherText)
  const before = parent?.routes.slice(0, parent.routes.indexOf(route)) ?? []
  const taker = before.find((other) => !other.continue && other.matchers.every((matcher) => texts.includes(matcherText(matcher))))
  if (!taker) return []
  return [`${placeOf(route)}: nothing comes to it; {${matchersText(taker.matchers)}} before it takes all, and does not say continue`]
}

function inTree(route: Route, look: (route: Route, parent: Route | undefined) => string[], parent?: Route): string[] {
  return [...look(route, parent), ...route.routes.flatMap((child) => inTree(child, look, route))]
}

const placeOf = ({ path }: Route): string => (path === '' ? 'route' : `route ${path}`)
