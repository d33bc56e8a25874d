/** One try to deliver a notification. Times are RFC 3339. */
export type DeliveryView = {
  at: string
  receiver: string
  groupKey: string
  reason: string
  status: 'firing' | 'resolved'
  alertIds: readonly string[]
  /** The rules of these alerts. */
  rules: readonly string[]
  attempt: number
  outcome: 'sent' | 'retry' | 'dead_letter'
  message: string
  idempotencyKey: string
  durationMs: number
}
export type DeliveriesResponse = { deliveries: readonly DeliveryView[]; total: number }
