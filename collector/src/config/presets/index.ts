import type { RuleInput } from '../../alerts/rules/definition/rule-schema.ts'
import { business } from './business.ts'
import { components } from './components.ts'
import { database } from './database.ts'
import { deployWatch } from './deploy-watch.ts'
import { host } from './host.ts'
import { integrations } from './integrations.ts'
import { platform } from './platform.ts'
import { security } from './security.ts'
import { smallService } from './small-service.ts'
import { web } from './web.ts'

/**
 * Rules that are worth having before anyone wrote one, by the name that switches them on.
 *
 * How soon another episode is told depends on what it is about: attacks after a minute, sales after half
 * an hour. A component that is down again is always news.
 */
export const presets = {
  host: withCooldown('15m', host),
  components,
  web: withCooldown('15m', web),
  platform: withCooldown('15m', platform),
  'deploy-watch': withCooldown('15m', deployWatch),
  'small-service': withCooldown('15m', smallService),
  database: withCooldown('5m', database),
  business: withCooldown('30m', business),
  security: withCooldown('1m', security),
  integrations: withCooldown('10m', integrations),
} as const satisfies Record<string, readonly RuleInput[]>

export type PresetName = keyof typeof presets

export const presetNames = Object.keys(presets) as PresetName[]

/** A critical alert is told again after five minutes at the latest. */
function withCooldown(cooldown: '1m' | '5m' | '10m' | '15m' | '30m', rules: readonly RuleInput[]): readonly RuleInput[] {
  return rules.map((rule) => ({ ...rule, cooldown: rule.severity === 'critical' && cooldown !== '1m' ? '5m' : cooldown }))
}

/** What is on when nobody chose: rules about what every collector knows. */
export const defaultPresets: readonly PresetName[] = ['host', 'components']
