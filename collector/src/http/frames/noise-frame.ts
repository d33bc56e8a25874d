import type { RuleNoise } from '../../alerts/history/noise.ts'
import type { Frame } from '../../model/query.ts'
import { toFrame } from './to-frame.ts'

/**
 * Columns: rule, severity, episodes, firing_ms, flaps, notifications, notified, acted_on,
 * acted_on_share, useful, not_useful, precision (shares from 0 to 1).
 */
export function noiseFrame(rules: readonly RuleNoise[]): Frame {
  return toFrame('noise', rules, {
    rule: ['string', (row) => row.rule],
    severity: ['string', (row) => row.severity],
    episodes: ['number', (row) => row.episodes],
    firing_ms: ['number', (row) => row.firingMs],
    flaps: ['number', (row) => row.flaps],
    notifications: ['number', (row) => row.notifications],
    notified: ['number', (row) => row.notified],
    acted_on: ['number', (row) => row.actedOn],
    acted_on_share: ['number', (row) => row.actedOnShare],
    useful: ['number', (row) => row.useful],
    not_useful: ['number', (row) => row.notUseful],
    precision: ['number', (row) => row.precision],
  })
}
