import type { AlertsSettings } from '../alerts/settings.ts'
import type { Config } from '../config/config.ts'

type Receivers = AlertsSettings['receivers']

/**
 * The parts of the configuration that decide what is sent, when and to whom, each with what it is to
 * the engine: what a reload takes over, what a start is given and what a replay may try follow from here.
 */
const options = {
  rules: ({ rules }: Config) => ({ rules }),
  route: ({ route }: Config) => ({ route }),
  receivers: (_: Config, receivers: Receivers) => ({ receivers }),
  inhibit_rules: ({ inhibit_rules }: Config) => ({ inhibitRules: inhibit_rules }),
  time_intervals: ({ time_intervals }: Config) => ({ timeIntervals: time_intervals }),
  escalations: ({ escalations }: Config) => ({ escalations }),
  flapping: ({ flapping }: Config) => ({ flapping }),
  silences: ({ silences }: Config) => ({ silenceLongestMs: silences.longestMs, silencesMax: silences.max }),
  heartbeat: ({ heartbeat }: Config) => (heartbeat ? { heartbeat } : {}),
}

export type AlertingPart = keyof typeof options

export const alertingParts = Object.keys(options) as AlertingPart[]

/** How the engine is to work by this configuration. */
export function toAlertsSettings(config: Config, receivers: Receivers): AlertsSettings {
  return Object.assign({}, ...alertingParts.map((part) => options[part](config, receivers)))
}
