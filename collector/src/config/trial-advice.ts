import type { Matcher } from '../alerts/routing/tree/matcher.ts'
import { allRoutes } from '../alerts/routing/trial/trial.ts'
import type { Rule } from '../alerts/rules/definition/rule.ts'
import { didYouMean } from '../lib/words.ts'
import type { Tags } from '../model/point.ts'
import type { Config } from './config.ts'
import { labelsNamed, labelsOf, labelsOfAlerts, ownAlerts } from './route-advice.ts'

type Routed = Pick<Config, 'rules' | 'route' | 'inhibit_rules' | 'hooks'>

/** What is odd about labels that somebody tries the routes with: no alert may ever have them, or not these alone. */
export function adviceOnLabels(config: Routed, labels: Tags, rule: Rule | undefined): readonly string[] {
  const matchers = matchersOf(config)
  return [
    ...Object.keys(labels).flatMap((name) => unknownLabel(config, matchers, name)),
    ...Object.entries(labels).flatMap(([name, value]) => unknownValue(config, matchers, name, value)),
    ...missing(config, matchers, labels, rule),
  ]
}

function unknownLabel(config: Routed, matchers: readonly Matcher[], name: string): string[] {
  const written = [...labelsNamed(config.rules), ...matchers.map(({ label }) => label), ...namesInRoutes(config)]
  if (written.includes(name)) return []
  const near = didYouMean(name, [...new Set(written)])
  return labelsOfAlerts(config)
    ? [`${name}: no rule gives its alerts such a label, and no route asks for it${near}`]
    : [`${name}: no rule and no route names this label; only a series can bring it${near}`]
}

/** A slip in a value is seen by its likeness to one that is written somewhere. */
function unknownValue({ rules, hooks }: Routed, matchers: readonly Matcher[], name: string, value: string): string[] {
  const about = matchers.filter(({ label }) => label === name)
  const names = name === 'alertname' && hooks.length === 0 ? [...rules.map((rule) => rule.name), ...ownAlerts] : []
  const fixed = rules.flatMap(({ labels }) => labels[name] ?? []).filter((text) => !text.includes('{{'))
  const written = [...names, ...fixed, ...about.filter(({ operator }) => operator === '=').map((matcher) => matcher.value)]
  if (written.includes(value) || about.some(({ operator, matches }) => operator === '=~' && matches({ [name]: value }))) return []
  const near = didYouMean(value, written)
  if (names.length > 0) return [`alertname=${value}: no rule is called that${near}`]
  return near === '' ? [] : [`${name}=${value}: neither a rule nor a route writes this value${near}`]
}

/** Labels that every such alert has, and that somebody asks for: without them a route is passed by that would take the alert. */
function missing(config: Routed, matchers: readonly Matcher[], labels: Tags, rule: Rule | undefined): string[] {
  const certain = rule ? [...(labelsOf(rule, config.rules) ?? ['alertname', 'severity'])] : ['alertname', 'severity']
  const asked = new Set([...matchers.map(({ label }) => label), ...namesInRoutes(config)])
  const who = rule ? `every alert of ${rule.name}` : 'every alert'
  return certain
    .filter((name) => labels[name] === undefined && asked.has(name))
    .map((name) => `${name} is not given, and ${who} has one: add ${name}=…`)
}

function matchersOf({ route, inhibit_rules }: Routed): readonly Matcher[] {
  return [
    ...allRoutes(route).flatMap(({ matchers }) => matchers),
    ...inhibit_rules.flatMap(({ sourceMatchers, targetMatchers }) => [...sourceMatchers, ...targetMatchers]),
  ]
}

function namesInRoutes({ route, inhibit_rules }: Routed): readonly string[] {
  return [...allRoutes(route).flatMap(({ groupBy }) => groupBy), ...inhibit_rules.flatMap(({ equal }) => equal)]
}
