export const silenceStates = ['pending', 'active', 'expired'] as const
export type SilenceState = (typeof silenceStates)[number]

/** A label test as Alertmanager's API writes it. */
export type SilenceMatcher = { readonly name: string; readonly value: string; readonly isRegex: boolean; readonly isEqual: boolean }

/** Keeps the alerts that all its matchers match from receivers, for a while. */
export type Silence = {
  readonly id: string
  readonly matchers: readonly SilenceMatcher[]
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly updatedAtMs: number
  /** Who answers for it. */
  readonly createdBy: string
  readonly comment: string
  readonly annotations: Readonly<Record<string, string>>
  /** Ends with this deployment, if that comes first. */
  readonly untilDeployment: string | null
}

/** Where silences outlive the process. Each method is one transaction, durable when it returns. */
export interface SilenceRecords {
  silences(): readonly Silence[]
  save(silences: readonly Silence[]): void
  /** Forgets those that ended before. */
  prune(beforeMs: number): void
}
