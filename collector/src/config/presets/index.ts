import type { RuleInput } from '../../alerts/rules/rule-schema.ts'
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

/** Rules that are worth having before anyone wrote one, by the name that switches them on. */
export const presets = {
  host,
  components,
  web,
  platform,
  'deploy-watch': deployWatch,
  'small-service': smallService,
  database,
  business,
  security,
  integrations,
} as const satisfies Record<string, readonly RuleInput[]>

export type PresetName = keyof typeof presets

export const presetNames = Object.keys(presets) as PresetName[]

/** What is on when nobody chose: rules about what every collector knows. */
export const defaultPresets: readonly PresetName[] = ['host', 'components']
