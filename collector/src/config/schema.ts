import { z } from 'zod'
import { heartbeatSchema } from '../alerts/routing/delivery/heartbeat.ts'
import { escalationSchema } from '../alerts/routing/escalation/escalation-schema.ts'
import { flappingSchema } from '../alerts/routing/groups/flapping.ts'
import { inhibitRuleSchema } from '../alerts/routing/tree/inhibition.ts'
import { routeSchema } from '../alerts/routing/tree/route.ts'
import { namedIntervalSchema } from '../alerts/routing/tree/time-interval-schema.ts'
import { ruleSchema } from '../alerts/rules/definition/rule-schema.ts'
import { deploymentsSchema } from '../deployments/rollback.ts'
import { componentShape } from '../health/component.ts'
import * as notifiers from '../notifiers/index.ts'
import * as probes from '../probes/index.ts'
import * as sources from '../sources/index.ts'
import * as stores from '../stores/index.ts'
import { gatesSchema } from './gates-schema.ts'
import { hookSchemas, hooksSchema } from './hooks-schema.ts'
import { keysOfKinds, oneOfKinds } from './kind-schema.ts'
import { defaultPresets, presetNames } from './presets/index.ts'
import type { SecretSections } from './secret-files.ts'
import { limitsSchema, logSchema, serverSchema, silencesSchema, spoolSchema, tokenSchema } from './settings.ts'

const receiverShape = { name: z.string().min(1).max(200).describe('What routes call it.') }

export const componentsSchema = z.array(oneOfKinds(probes, componentShape)).max(1000)

/** The whole configuration file. Every part may be left out. */
export const configSchema = z.strictObject({
  server: serverSchema.prefault({}),
  data: z.string().min(1).default('./data'),
  log: logSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  tokens: z.array(tokenSchema).default([]),
  store: oneOfKinds(stores, {}).prefault({ type: 'duckdb' }),
  spool: spoolSchema.prefault({}),
  sources: z.array(oneOfKinds(sources, {})).prefault([{ type: 'host' }, { type: 'self' }]),
  components: componentsSchema.default([]),
  presets: z.array(z.enum(presetNames)).default([...defaultPresets]),
  rules: z.array(ruleSchema).max(10_000).default([]),
  receivers: z
    .array(oneOfKinds(notifiers, receiverShape))
    .max(1000)
    .prefault([{ name: 'log', type: 'log' }]),
  route: routeSchema.optional(),
  inhibit_rules: z.array(inhibitRuleSchema).max(1000).default([]),
  time_intervals: z.array(namedIntervalSchema).max(1000).default([]),
  escalations: z.array(escalationSchema).max(1000).default([]),
  flapping: flappingSchema.prefault({}),
  silences: silencesSchema.prefault({}),
  heartbeat: heartbeatSchema.optional(),
  deployments: deploymentsSchema.prefault({}),
  gates: gatesSchema,
  hooks: hooksSchema,
})

/** All parts of a configuration, none of them read: where only some are looked at, a key that no configuration has is a mistake all the same. */
export const unreadParts = Object.fromEntries(Object.keys(configSchema.shape).map((key) => [key, z.unknown().optional()]))

/** Where secrets may stand, and which options the entry there knows. */
export const secretSections: SecretSections = {
  tokens: () => ['name', 'scopes', 'token', 'hash', 'quota'],
  store: keysOfKinds(stores),
  components: keysOfKinds(probes),
  receivers: keysOfKinds(notifiers),
  sources: keysOfKinds(sources),
  hooks: ({ type }) => hookSchemas.filter(({ shape }) => shape.type.value === type).flatMap(({ shape }) => Object.keys(shape)),
}
