import type { RuleStatus } from '../contract/alerts.ts'
import type { Alert, AlertState, Severity } from '../model/alert.ts'
import type { DeliveryAttempt, DeliveryFilter } from '../model/alert-records.ts'
import type { JudgedRules } from '../model/judgement.ts'
import type { Silence, SilenceMatcher } from '../model/silence.ts'
import type { MarkWish } from './board/marks.ts'
import type { ForeignAlert, ForeignReceipt } from './foreign/foreign-alert.ts'
import type { RuleNoise } from './history/noise.ts'
import type { ReceiverWatch } from './routing/delivery/receiver-watch.ts'
import type { TestedChange } from './routing/delivery/test-change.ts'
import type { LinkVerdict } from './routing/escalation/acknowledge-link.ts'
import type { AlertsSettings } from './settings.ts'
import type { SilencePreview } from './silences/preview.ts'
import type { SilenceWish } from './silences/silence.ts'

/** What the active alerts are chosen by; what is left out lets all through. */
export type CountFilter = {
  /** Only these. */
  ids?: readonly string[]
  states?: readonly AlertState[]
  severities?: readonly Severity[]
  text?: string
  labels?: Readonly<Record<string, string>>
  /** Only those that fired, whatever became of them. */
  fired?: boolean
  /** Those that overlap it. */
  range?: { readonly from: number; readonly to: number }
}

export type AlertFilter = CountFilter & {
  /** Also alerts that ended. */
  past?: boolean
  limit: number
  offset?: number
}

/** A try to deliver, with the names of the rules whose alerts it told of. */
export type NamedDelivery = DeliveryAttempt & { readonly rules: readonly string[] }

export type AlertCount = { readonly severity: Severity; readonly state: AlertState; readonly count: number }

/** What people do with silences. */
export interface SilenceDesk {
  list(): readonly Silence[]
  /** Throws NOT_FOUND. */
  get(id: string): Silence
  /** Makes a silence, or changes the one it names; what may not change in place ends, and a new one takes over. */
  set(wish: SilenceWish): Silence
  /** Throws NOT_FOUND; CONFLICT when it has expired already. */
  expire(id: string, actor: string): Silence
  preview(matchers: readonly SilenceMatcher[], days: number): SilencePreview
  /** Ends the silences that were to last as long as this deployment. */
  endWith(deploymentId: string): void
}

/** Alerts that are told together to one receiver. */
export type AlertGroup = {
  readonly receiver: string
  readonly labels: Readonly<Record<string, string>>
  readonly alerts: readonly Alert[]
}

/** Evaluates the rules, keeps the alerts and sends the notifications. */
export interface Alerts extends JudgedRules {
  /** Restores the state and starts the clock; resolves when rules and state are loaded. */
  start(): Promise<void>
  stop(): Promise<void>
  /**
   * Other rules, routes and receivers while everything goes on: rules that are the same are not touched,
   * the others change places when the new ones are ready. Names the rules whose stored samples could not
   * be read. Rejects when nothing was changed.
   */
  reconfigure(settings: AlertsSettings): Promise<{ readonly unseeded: readonly string[] }>
  rules(): readonly RuleStatus[]
  list(filter: AlertFilter): { alerts: readonly Alert[]; total: number }
  /** How many are active; costs much less than listing them. */
  count(filter: CountFilter): readonly AlertCount[]
  /** Throws NOT_FOUND for an unknown id, CONFLICT when the alert is not active. */
  acknowledge(id: string, by: { actor: string; comment: string; forMs?: number }): Promise<Alert>
  /** Takes those of them that are active, all in one; the others are left out of the answer. */
  acknowledgeAll(ids: readonly string[], by: { actor: string; comment: string; forMs?: number }): Promise<readonly Alert[]>
  unacknowledge(id: string, by: { actor: string; comment: string }): Promise<Alert>
  /** Ends the alert; it fires again if the condition still holds at a later evaluation. */
  resolve(id: string, by: { actor: string; comment: string }): Promise<Alert>
  /** Says whether an episode was worth hearing of; throws NOT_FOUND, or CONFLICT when it has not fired. */
  mark(id: string, wish: MarkWish): Promise<Alert>
  /** How much each rule asked of people in a range. */
  noise(range: { readonly from: number; readonly to: number }): readonly RuleNoise[]
  /** Takes alerts that another system evaluates; `source` is one of the configured ones. */
  receive(source: string, alerts: readonly ForeignAlert[]): ForeignReceipt
  readonly silences: SilenceDesk
  /** The tries to deliver, the newest first. */
  deliveries(filter: DeliveryFilter): { deliveries: readonly NamedDelivery[]; total: number }
  /** Which group a link of a notification is good for. */
  checkAcknowledgeLink(token: string): LinkVerdict
  /** Their names. */
  receivers(): readonly string[]
  /** The alerts that receivers are told of, as they are grouped now. */
  groups(): readonly AlertGroup[]
  /** Those of one group that fire, as its notifications show them; none where there is no such group. */
  firingIn(groupKey: string): readonly Alert[]
  /** Hears how it goes with receivers that are told of other things than alerts, and fires when they fail. */
  readonly receiverWatch: Pick<ReceiverWatch, 'onSent' | 'onFailure'>
  /** Sends word of an alert, or of a change, marked TEST through one receiver; throws NOT_FOUND for an unknown one, CONFLICT for one that hears of no such change. */
  testReceiver(name: string, actor: string, change?: TestedChange): Promise<{ ok: boolean; message: string }>
}
