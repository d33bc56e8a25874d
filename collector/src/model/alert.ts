export const severities = ['info', 'warning', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

export const alertStates = ['pending', 'firing', 'recovering', 'no_data', 'error', 'resolved'] as const
export type AlertState = (typeof alertStates)[number]

/** The last change before an alert in its blast radius. Probable, never certain. */
export type Cause = {
  readonly summary: string
  readonly deploymentId?: string
  readonly service?: string
  readonly version?: string
  readonly actor?: string
  readonly ageMs?: number
}

/** A rule that holds (or held) for one label set. Times are RFC 3339. */
export type Alert = {
  /** Stable for one label set of one rule; a new episode keeps it. */
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly state: AlertState
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly value: number | null
  readonly startsAt: string
  readonly endsAt: string | null
  readonly acknowledgedBy: string | null
  readonly acknowledgedUntil: string | null
  readonly acknowledgeComment: string | null
  readonly resolvedBy: string | null
  readonly cause: Cause | null
  /** `suppressed`: receivers are kept from hearing of it, by what the next three name. Left out of ended alerts. */
  readonly status?: 'active' | 'suppressed'
  /** It comes and goes; receivers hear no more until it settles. */
  readonly flapping?: boolean
  /** Ids of silences. */
  readonly silencedBy?: readonly string[]
  /** Ids of alerts. */
  readonly inhibitedBy?: readonly string[]
  /** Names of time intervals. */
  readonly mutedBy?: readonly string[]
}

/** What a notifier sends: one group of alerts for one receiver. */
export type Notification = {
  readonly receiver: string
  readonly groupKey: string
  /** `firing` while any of the alerts fires. */
  readonly status: 'firing' | 'resolved'
  readonly reason: string
  readonly groupLabels: Readonly<Record<string, string>>
  readonly alerts: readonly Alert[]
  readonly externalUrl: string
  /** A signed link to a page where the alerts can be taken; only while something fires. */
  readonly acknowledgeUrl?: string
  /** Equal for every try of the same notification, so that a receiver may drop doubles. */
  readonly idempotencyKey: string
  readonly test?: boolean
}

export type SendResult =
  | { readonly ok: true; readonly detail?: string }
  | { readonly ok: false; readonly retryable: boolean; readonly retryAfterMs?: number; readonly message: string }

export interface Notifier {
  /** Expected failures are values; it throws only on programmer errors. */
  send(notification: Notification, signal: AbortSignal): Promise<SendResult>
}
