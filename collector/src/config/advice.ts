import type { Matcher } from '../alerts/routing/tree/matcher.ts'
import type { Route } from '../alerts/routing/tree/route.ts'
import type { Rule } from '../alerts/rules/definition/rule.ts'
import { namesIn } from '../alerts/rules/definition/template.ts'
import { toSeverity } from '../alerts/severity.ts'
import { didYouMean } from '../lib/words.ts'
import { severities } from '../model/alert.ts'
import type { Config } from './config.ts'
import { adviceOnPace } from './pace-advice.ts'
import { adviceOnRoutes, labelsOf, ownAlerts } from './route-advice.ts'

type Routed = Pick<Config, 'rules' | 'route' | 'receivers' | 'escalations' | 'inhibit_rules' | 'hooks'> & Partial<Pick<Config, 'heartbeat'>>
type Advised = Routed & Pick<Config, 'sources' | 'components'>

/**
 * What is valid and still hardly meant: a receiver that nobody is sent to, a matcher that no rule can pass, a
 * percentage written as a fraction, a window shorter than the interval of its samples. It stops no start; whoever checks a configuration wants to hear of it.
 */
export function adviceOn(config: Advised): readonly string[] {
  return [
    ...adviceOnRouting(config),
    ...config.rules.flatMap(fractions),
    ...config.rules.flatMap((rule) => emptyLabels(rule, config.rules)),
    ...adviceOnPace(config),
  ]
}

/** What of it is about who is told. */
export function adviceOnRouting(config: Routed): readonly string[] {
  return [...idleReceivers(config), ...lostMatchers(config), ...lostSeverities(config), ...shortHolds(config), ...adviceOnRoutes(config)]
}

function idleReceivers({ receivers, route, escalations, heartbeat }: Routed): string[] {
  const used = new Set([
    ...receiversIn(route),
    ...escalations.flatMap(({ steps, handOff }) => [...steps.flatMap((step) => step.receivers), ...handOff]),
  ])
  if (heartbeat) used.add(heartbeat.receiver)
  return receivers
    .filter(({ name }) => !used.has(name))
    .map(({ name }) => `receivers: nothing is ever sent to "${name}"; no route, escalation or heartbeat names it`)
}

const receiversIn = ({ receivers, routes }: Route): string[] => [...receivers, ...routes.flatMap(receiversIn)]

/** Where alerts come in from elsewhere, any name may come. */
function lostMatchers({ rules, route, inhibit_rules, hooks }: Routed): string[] {
  if (hooks.length > 0) return []
  const names = [...rules.map(({ name }) => name), ...ownAlerts]
  const lost = (where: string, matchers: readonly Matcher[]) =>
    matchers
      .filter(({ label, operator }) => label === 'alertname' && (operator === '=' || operator === '=~'))
      .filter((matcher) => !names.some((name) => matcher.matches({ alertname: name })))
      .map(
        ({ operator, value }) =>
          `${where}: no rule is called ${operator === '=~' ? 'anything like ' : ''}"${value}"${didYouMean(value, names)}`,
      )
  return [
    ...matchersIn(route).flatMap((matchers) => lost('route', matchers)),
    ...inhibit_rules.flatMap(({ sourceMatchers, targetMatchers }) => lost('inhibit_rules', [...sourceMatchers, ...targetMatchers])),
  ]
}

/** Every alert has one of our four severities, whatever word its rule or its sender used. */
function lostSeverities({ route, inhibit_rules }: Routed): string[] {
  const lost = (where: string, matchers: readonly Matcher[]) =>
    matchers
      .filter(({ label, operator }) => label === 'severity' && (operator === '=' || operator === '=~'))
      .filter((matcher) => !severities.some((severity) => matcher.matches({ severity })))
      .map(({ operator, value }) => {
        const ours = [...new Set(value.split('|').flatMap((word) => toSeverity(word) ?? []))].join('|')
        const meant = ours === '' ? `they are ${severities.join(', ')}` : `write severity${operator}"${ours}"`
        return `${where}: no alert has the severity "${value}"; ${meant}`
      })
  return [
    ...matchersIn(route).flatMap((matchers) => lost('route', matchers)),
    ...inhibit_rules.flatMap(({ sourceMatchers, targetMatchers }) => lost('inhibit_rules', [...sourceMatchers, ...targetMatchers])),
  ]
}

/** An Alertmanager takes for over what it hears no more of. */
function shortHolds({ receivers, route }: Routed): string[] {
  const isTooShort = (name: string, holdMs: number, { receivers: told, repeatIntervalMs, routes }: Route): boolean =>
    (told.includes(name) && holdMs <= repeatIntervalMs) || routes.some((child) => isTooShort(name, holdMs, child))
  return receivers
    .filter((receiver) => 'hold' in receiver && typeof receiver.hold === 'number' && isTooShort(receiver.name, receiver.hold, route))
    .map(
      ({ name }) => `receivers: "${name}" ends alerts after its hold, before a route repeats them; make hold longer than repeat_interval`,
    )
}

const matchersIn = ({ matchers, routes }: Route): (readonly Matcher[])[] => [matchers, ...routes.flatMap(matchersIn)]

type Watched = { readonly source?: { readonly field?: string }; readonly condition?: { readonly limit: number | readonly number[] } }

/** `used_percent` goes to 100: above 0.9 is nearly always. */
function fractions({ name, kind, options }: Rule): string[] {
  const { source, condition } = options as Watched
  const isPercent = kind === 'threshold' && /percent|^usage_/.test(source?.field ?? '')
  const limits = [condition?.limit ?? []].flat()
  const isFraction = limits.length > 0 && limits.every((limit) => Math.abs(limit) > 0 && Math.abs(limit) < 1)
  if (!isPercent || !isFraction) return []
  return [
    `rule "${name}": ${source?.field} is in percent, 0 to 100, and its limit is ${limits.join(' to ')}; was ${limits.map((limit) => limit * 100).join(' to ')} meant?`,
  ]
}

/** Series that are taken together have the labels of their rule and those they are grouped by, and no others: a text that names another has a gap there. */
function emptyLabels(rule: Rule, rules: readonly Rule[]): string[] {
  const { name, options, annotations } = rule
  const { groupBy } = (options as { readonly source?: { readonly groupBy?: readonly string[] | null } }).source ?? {}
  const known = labelsOf(rule, rules)
  if (!groupBy || !known) return []
  return Object.entries(annotations).flatMap(([key, text]) => {
    const named = namesIn(text).flatMap((word) => (word.startsWith('labels.') ? [word.slice('labels.'.length)] : []))
    return [...new Set(named)]
      .filter((label) => !known.has(label))
      .map(
        (label) => `rule "${name}": annotations.${key} names {{labels.${label}}}, which stays empty: group_by is [${groupBy.join(', ')}]`,
      )
  })
}
