import type { Deployment } from './deployment.ts'

/** Word of a change that is owed to one receiver. What it says is made anew before each try. */
export type ChangeNotice = {
  readonly id: string
  readonly receiver: string
  readonly changeId: string
  /** What is news: a status, or `gate passed`. */
  readonly moment: string
  readonly createdAtMs: number
  readonly attempts: number
  readonly nextTryAtMs: number
}

/** What a gate or a verification found. */
export type ChangeVerdict = {
  /** `gate`, `verification`. */
  readonly name: string
  readonly passed: boolean
  readonly message: string | null
  /** RFC 3339. */
  readonly at: string
}

/** How a change stands. */
export type ChangeStanding = {
  readonly change: Deployment
  /** In order of time. */
  readonly verdicts: readonly ChangeVerdict[]
  /** What is news: how it ended or that it began, or the verdict that came since. */
  readonly moment: string
  /** Since when. */
  readonly at: string
}

/** What a receiver is told of a change. */
export type ChangeNews = ChangeStanding & {
  readonly receiver: string
  /** Null while it goes on, and of what changes at once. */
  readonly durationMs: number | null
  /** `3f2c1ab..9d8e7f6`, and where these are shown. */
  readonly commits: { readonly text: string; readonly url: string | null } | null
  /** What a person may run to undo it. */
  readonly rollback: string | null
  readonly externalUrl: string
  /** Equal for every try to tell the same, so that a receiver may drop doubles. */
  readonly idempotencyKey: string
  /** How the receiver calls its message about this change; null before the first. */
  readonly thread: string | null
  /** Nothing was changed: somebody tries the receiver out. */
  readonly test?: boolean
}

/** Where owed notices outlive the process. Each method is one transaction, durable when it returns. */
export interface ChangeNoticeRecords {
  /** The oldest first. */
  all(): readonly ChangeNotice[]
  save(notice: ChangeNotice): void
  remove(id: string): void
  thread(receiver: string, changeId: string): string | null
  /** Old ones are forgotten. */
  saveThread(receiver: string, changeId: string, thread: string, atMs: number): void
}
