import type { Alert, Cause, Severity } from './alert.ts'

/** `ok` is only known in memory: it says that the rule has seen this label set and it is fine. */
export type InstanceState = 'ok' | 'pending' | 'firing' | 'recovering' | 'no_data' | 'error'

/** One rule on one label set, as the engine keeps it. An episode runs from pending to resolved. */
export type AlertInstance = {
  readonly id: string
  readonly rule: string
  /** The system that told of it; left out for our own. */
  readonly source?: string | undefined
  readonly severity: Severity
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: InstanceState
  readonly value: number | null
  /** When the condition began to hold; null while it does not. */
  readonly activeSinceMs: number | null
  /** When it fired; null before. An instance with a time here has been, or will be, announced. */
  readonly firedAtMs: number | null
  /** When the condition stopped holding while `keep_firing_for` holds the alert. */
  readonly recoveringSinceMs: number | null
  /** When its data went missing. */
  readonly missingSinceMs: number | null
  readonly cause: Cause | null
}

export type Acknowledgement = {
  readonly alertId: string
  readonly actor: string
  readonly comment: string
  readonly atMs: number
  /** Null: until the alert ends. */
  readonly untilMs: number | null
  /** The severity that was acknowledged; a higher one is news. */
  readonly severity: Severity
}

/** Whether an episode was worth hearing of, as somebody said; null takes that back. */
export type AlertMark = {
  readonly alertId: string
  readonly startsAtMs: number
  readonly useful: boolean | null
  readonly actor: string
  readonly comment: string
  readonly atMs: number
}

/** What was told of an alert that fires. */
export type ToldAlert = {
  readonly severity: Severity
  /** When the episode that was told began; null where an older version, which did not keep it, told of it. */
  readonly startsAt: string | null
}

/** What one receiver knows of one group of alerts. */
export type NotifyEntry = {
  readonly groupKey: string
  readonly receiver: string
  readonly groupLabels: Readonly<Record<string, string>>
  /** Told to be firing. */
  readonly firing: Readonly<Record<string, ToldAlert>>
  readonly resolved: readonly string[]
  /** A try was under way or ended without an answer: the receiver may or may not know of these. */
  readonly unsure: readonly string[]
  /** Told to be flapping. */
  readonly flapping: readonly string[]
  /** When the last notification was taken; null before the first. */
  readonly sentAtMs: number | null
  /** How it calls its message about the group, while that is the same outage. */
  readonly thread: string | null
  /** Its last message says, or a try without an answer may have said, that somebody has all the alerts. */
  readonly taken: boolean
}

/** A notification that is owed. Its text is made anew before each try. */
export type QueuedNotification = {
  readonly id: string
  readonly groupKey: string
  readonly receiver: string
  readonly groupLabels: Readonly<Record<string, string>>
  readonly createdAtMs: number
  readonly attempts: number
  readonly nextTryAtMs: number
  readonly lastError: string | null
  /** Why it is sent whatever the receiver knows, while somebody has yet to take the alerts. */
  readonly demand: string | null
}

/** How far the chain of a group has come. */
export type EscalationState = { readonly groupKey: string; readonly position: number; readonly dueAtMs: number }

/** One row for each try to deliver. */
export type DeliveryAttempt = {
  readonly atMs: number
  readonly receiver: string
  readonly groupKey: string
  readonly reason: string
  readonly status: 'firing' | 'resolved'
  readonly alertIds: readonly string[]
  readonly attempt: number
  readonly outcome: 'sent' | 'retry' | 'dead_letter'
  readonly message: string
  readonly idempotencyKey: string
  readonly durationMs: number
}

export type DeliveryFilter = {
  readonly fromMs?: number
  readonly toMs?: number
  readonly receiver?: string
  readonly outcome?: DeliveryAttempt['outcome']
  readonly alertId?: string
  readonly limit: number
  readonly offset?: number
}

/** Where alerts outlive the process. Each method is one transaction, durable when it returns. */
export interface AlertRecords {
  instances(): readonly AlertInstance[]
  /** Saves changed instances, removes ended ones and keeps the ended episodes as history. */
  commit(change: { save: readonly AlertInstance[]; remove: readonly string[]; ended: readonly Alert[] }): void
  acknowledgements(): readonly Acknowledgement[]
  acknowledge(acknowledgement: Acknowledgement): void
  unacknowledge(alertId: string): void
  /** Episodes that ended and overlap the range, newest first; with `ids` only those of these alerts. */
  history(range: { readonly fromMs: number; readonly toMs: number; readonly ids?: readonly string[] }, limit: number): readonly Alert[]
  lastEpisode(alertId: string): Alert | undefined
  /** The one that began then, if it has ended. */
  episode(alertId: string, startsAtMs: number): Alert | undefined
  marks(): readonly (AlertMark & { readonly useful: boolean })[]
  mark(mark: AlertMark): void
  /** Forgets episodes, marks and deliveries from before. */
  prune(beforeMs: number): void
  /** When the engine last evaluated: tells how long it was away. */
  lastSeenMs(): number | null
  seen(nowMs: number): void
}

/** Where owed notifications outlive the process. Each method is one transaction, durable when it returns. */
export interface NotificationRecords {
  entries(): readonly NotifyEntry[]
  queue(): readonly QueuedNotification[]
  escalations(): readonly EscalationState[]
  commit(change: {
    readonly entry?: NotifyEntry
    readonly removeEntry?: { readonly groupKey: string; readonly receiver: string }
    readonly enqueue?: QueuedNotification
    readonly dequeue?: string
    readonly attempt?: DeliveryAttempt
    readonly escalation?: EscalationState
    readonly endEscalation?: string
  }): void
  /** The newest tries first, and how many there are in all. */
  deliveries(filter: DeliveryFilter): { readonly deliveries: readonly DeliveryAttempt[]; readonly total: number }
}
