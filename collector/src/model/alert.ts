import type { ChangeNews, ChangeStanding } from './change-notice.ts'
import type { ChangeKind } from './deployment.ts'

export const severities = ['info', 'warning', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

export const alertStates = ['pending', 'firing', 'recovering', 'no_data', 'error', 'resolved'] as const
export type AlertState = (typeof alertStates)[number]

/** A metric that left its own baseline before the alert's did. */
export type Mover = {
  /** `queue.depth`. */
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  readonly direction: 'rose' | 'fell'
  /** How long before the metric of the alert it moved. */
  readonly leadMs: number
  /** Its median before it moved, and after. */
  readonly before: number
  readonly after: number
  /** How far it moved, in robust deviations of such moves in the hours before. */
  readonly deviations: number
  /** How many samples this was read from. */
  readonly samples: number
}

/** What the summary says when neither a change nor a metric stands out. */
export const noClearCause = 'no clear cause'

/** What came before an alert in its blast radius: the last change, and what moved first. Probable, never certain. */
export type Cause = {
  /** The change, or `noClearCause`. */
  readonly summary: string
  readonly kind?: ChangeKind
  readonly deploymentId?: string
  readonly service?: string
  /** Of a flag or a setting. */
  readonly name?: string
  readonly version?: string
  readonly previousVersion?: string
  readonly actor?: string
  readonly ageMs?: number
  /** `3f2c1ab..9d8e7f6`, or one commit when the one before is not known. */
  readonly commits?: string
  /** Where those are shown. */
  readonly commitsUrl?: string
  readonly url?: string
  /** What a person may run to undo the change. */
  readonly rollback?: string
  /** At most three, the first to move first; left out while nobody has looked. */
  readonly moved?: readonly Mover[]
  /** Among how many series they were looked for. */
  readonly seriesSearched?: number
}

/** How a value went, in order of time: the last hour before now, or more. */
export type Course = {
  /** `mean of cpu.usage over 5m`. */
  readonly what: string
  /** Milliseconds since 1970. */
  readonly times: readonly number[]
  readonly values: readonly number[]
}

/** A rule that holds (or held) for one label set. Times are RFC 3339. */
export type Alert = {
  /** Stable for one label set of one rule; a new episode keeps it. */
  readonly id: string
  readonly rule: string
  /** The system that evaluates it; left out for our own. */
  readonly source?: string | undefined
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
  /** Whether somebody found it worth hearing of; left out while nobody said. */
  readonly useful?: boolean
  /** Its last values, one every 20 seconds, the newest last; only in lists. */
  readonly recent?: readonly number[]
  /** What its rule holds the value against: `above 90`; only in notifications. */
  readonly limit?: string
  /** What its value is counted in: `%`; only in notifications. */
  readonly unit?: string
  /** How its value went; only in notifications, and left out while nobody knows. */
  readonly course?: Course
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
  /** How the receiver calls its message about this group; left out before the first. */
  readonly thread?: string
  /** It only says who took the alerts: nobody is to be called. */
  readonly quiet?: true
  readonly test?: boolean
}

export type SendResult =
  /** `thread` is how the receiver calls its message, for what is to be said later in the same place. */
  | { readonly ok: true; readonly detail?: string; readonly thread?: string }
  | { readonly ok: false; readonly retryable: boolean; readonly retryAfterMs?: number; readonly message: string }

export interface Notifier {
  /** Expected failures are values; it throws only on programmer errors. */
  send(notification: Notification, signal: AbortSignal): Promise<SendResult>
  /** It takes for over what it hears no more of, so repeats go on whoever took the alerts. */
  readonly needsRepeats?: true
  /** It edits its messages, and so can say who took the alerts without calling anybody. */
  readonly hearsOfTaking?: true
  /** Left out: it hears of alerts only. */
  readonly changes?: {
    wants(standing: ChangeStanding): boolean
    /** Tells how a change stands; failures are values, as above. */
    send(news: ChangeNews, signal: AbortSignal): Promise<SendResult>
  }
}
