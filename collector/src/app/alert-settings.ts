import { randomBytes } from 'node:crypto'
import type { AlertsOptions } from '../alerts/parts.ts'
import type { Config } from '../config/config.ts'
import type { Database } from '../state/database.ts'
import { loadSigningKey } from '../state/signing-key.ts'

/** What keeps alerts from receivers and what goes out beside them, as the configuration and the state say. */
export function alertSettings(config: Config, db: Database) {
  return {
    inhibitRules: config.inhibit_rules,
    escalations: config.escalations,
    flapping: config.flapping,
    timeIntervals: config.time_intervals,
    silenceLongestMs: config.silences.longestMs,
    ...(config.heartbeat && { heartbeat: config.heartbeat }),
    signingKey: loadSigningKey(db, () => randomBytes(32)),
  } satisfies Partial<AlertsOptions>
}
