import type { Notifier } from '../model/alert.ts'
import type { HeartbeatSettings } from './routing/delivery/heartbeat.ts'
import type { Escalation } from './routing/escalation/escalation-schema.ts'
import type { FlappingSettings } from './routing/groups/flapping.ts'
import type { InhibitRule } from './routing/tree/inhibition.ts'
import type { Route } from './routing/tree/route.ts'
import type { NamedInterval } from './routing/tree/time-interval-schema.ts'
import type { Rule } from './rules/definition/rule.ts'

/** What a reload may change while everything else goes on. */
export type AlertsSettings = {
  readonly rules: readonly Rule[]
  readonly route: Route
  /** Every receiver that the route names. */
  readonly receivers: ReadonlyMap<string, Notifier>
  /** What else keeps alerts from receivers, and for how long a silence may. */
  readonly inhibitRules?: readonly InhibitRule[]
  readonly timeIntervals?: readonly NamedInterval[]
  readonly silenceLongestMs?: number
  /** Silences that are active or pending at one time. */
  readonly silencesMax?: number
  readonly escalations?: readonly Escalation[]
  readonly flapping?: FlappingSettings
  /** Whom to tell that rules are evaluated. */
  readonly heartbeat?: HeartbeatSettings
}
