import type { RuleStatus } from '../contract/alerts.ts'
import type { Alert, AlertState, Severity } from '../model/alert.ts'

export type AlertFilter = {
  states?: readonly AlertState[]
  severities?: readonly Severity[]
  text?: string
  labels?: Readonly<Record<string, string>>
  /** Also alerts that ended; with `range`, those that overlap it. */
  past?: boolean
  range?: { readonly from: number; readonly to: number }
  limit: number
  offset?: number
}

/** Evaluates the rules, keeps the alerts and sends the notifications. */
export interface Alerts {
  /** Restores the state and starts the clock; resolves when rules and state are loaded. */
  start(): Promise<void>
  stop(): Promise<void>
  rules(): readonly RuleStatus[]
  list(filter: AlertFilter): { alerts: readonly Alert[]; total: number }
  /** Throws NOT_FOUND for an unknown id, CONFLICT when the alert is not active. */
  acknowledge(id: string, by: { actor: string; comment: string; forMs?: number }): Promise<Alert>
  unacknowledge(id: string, by: { actor: string; comment: string }): Promise<Alert>
  /** Ends the alert; it fires again if the condition still holds at a later evaluation. */
  resolve(id: string, by: { actor: string; comment: string }): Promise<Alert>
  /** Sends a notification marked TEST through one receiver; throws NOT_FOUND for an unknown one. */
  testReceiver(name: string, actor: string): Promise<{ ok: boolean; message: string }>
}
