import type { z } from 'zod'
import { routeSchema } from '../alerts/routing/tree/route.ts'
import { ruleSchema } from '../alerts/rules/definition/rule-schema.ts'
import { ownComponents } from '../health/own-components.ts'
import { presets } from './presets/index.ts'
import { componentsSchema, type configSchema } from './schema.ts'

type Parsed = z.output<typeof configSchema>

/**
 * Adds what nobody has to write: the collector's own components, the rules of the presets, and a route
 * to every receiver. One of the same name in the file takes the place of ours.
 */
export function complete({ presets: chosen, ...config }: Parsed) {
  const isTaken = (ours: { name: string; environment: string }) =>
    config.components.some(({ name, environment }) => name === ours.name && environment === ours.environment)
  const components = componentsSchema.parse(ownComponents).filter((ours) => !isTaken(ours))
  const rules = allRules({ presets: chosen, rules: config.rules })
  const route = config.route ?? routeSchema.parse({ receiver: config.receivers.map(({ name }) => name) })
  return { ...config, route, components: [...components, ...config.components], rules }
}

/** The rules of the presets and those of the file, of which one of the same name takes the place of a preset's. */
export function allRules({ presets: chosen, rules }: Pick<Parsed, 'presets' | 'rules'>): Parsed['rules'] {
  const ours = chosen.flatMap((name) => presets[name].map((rule) => ruleSchema.parse(rule)))
  return [...ours.filter((rule) => !rules.some(({ name }) => name === rule.name)), ...rules]
}
