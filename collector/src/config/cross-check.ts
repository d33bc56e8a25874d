import type { z } from 'zod'
import { depthOf, type Expression } from '../alerts/rules/definition/expression.ts'
import { membersOf } from '../alerts/rules/definition/kind-of.ts'
import type { Rule } from '../alerts/rules/definition/rule.ts'
import { doubles, type Problem } from '../lib/problems.ts'
import { didYouMean } from '../lib/words.ts'
import { checkGates } from './gates-schema.ts'
import { checkRouting, type RoutingParts } from './routing-check.ts'
import type { configSchema } from './schema.ts'

type Checked = Pick<z.output<typeof configSchema>, 'tokens' | 'components' | 'rules' | 'receivers' | 'hooks' | 'gates'> & RoutingParts

/** Checks references between parts of the configuration. No check depends on the order of another. */
export function crossCheck(config: Checked, allRules: readonly Rule[]): readonly Problem[] {
  const { tokens, components, rules, receivers } = config
  const receiverNames = receivers.map(({ name }) => name)
  return [
    ...doubles(
      'tokens',
      tokens.map(({ hash }) => hash),
      () => 'is the same token as another',
    ),
    ...checkRules(rules, allRules),
    ...doubles('receivers', receiverNames, (name) => `another receiver is called "${name}" already`),
    ...doubles(
      'components',
      components.map(({ name, environment }) => `${name} (${environment})`),
      (name) => `another component is called ${name} already`,
    ),
    ...checkRouting(config),
    ...checkGates(config.gates, allRules),
    ...doubles(
      'hooks',
      config.hooks.map(({ name }) => name),
      (name) => `another hook is called "${name}" already; give each a name of its own`,
    ),
  ]
}

/** Checks what rules say of one another; all of them may be more than those of the file. */
export function checkRules(rules: readonly Rule[], allRules: readonly Rule[]): readonly Problem[] {
  const names = rules.map(({ name }) => name)
  return [...doubles('rules', names, (name) => `another rule is called "${name}" already`), ...composites(rules, allRules)]
}

/** Rules that look at other rules, also at those of presets: they must exist, and must not lead back. */
function composites(rules: readonly Rule[], allRules: readonly Rule[]): Problem[] {
  const names = allRules.map(({ name }) => name)
  return rules.flatMap((rule, index) => {
    const members = membersOf(rule)
    const path = ['rules', index, 'expression']
    const unknown = members
      .filter((name) => !names.includes(name))
      .map((name) => ({
        path,
        message: unknownRule(
          name,
          names.filter((other) => other !== rule.name),
        ),
      }))
    if (unknown.length > 0 || members.length === 0) return unknown
    const depth = nestingOf(rule, allRules, [])
    if (depth === Number.POSITIVE_INFINITY) return [{ path, message: `leads back to "${rule.name}" itself` }]
    return depth > nestingMax ? [{ path, message: `is nested ${depth} deep with the rules it names, more than ${nestingMax}` }] : []
  })
}

function unknownRule(name: string, names: readonly string[]): string {
  const joined = /\s(?:and|or)\s|^not\s/i.test(name) ? '; rules are joined as { and: [one, { not: another }] }' : didYouMean(name, names)
  return `there is no rule "${name}"${joined}`
}

const nestingMax = 3

/** How deep a rule is nested, with the rules it names; endless when it names itself. */
function nestingOf(rule: Rule, rules: readonly Rule[], above: readonly string[]): number {
  if (above.includes(rule.name)) return Number.POSITIVE_INFINITY
  const depthOfRule = (name: string): number => {
    const member = rules.find((one) => one.name === name)
    return member ? nestingOf(member, rules, [...above, rule.name]) : 0
  }
  return membersOf(rule).length === 0 ? 0 : depthOf((rule.options as { expression: Expression }).expression, depthOfRule)
}
