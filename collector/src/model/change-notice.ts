import type { Deployment } from './deployment.ts'

/** Word of a change that is owed to one receiver. */
export type ChangeNotice = {
  readonly id: string
  readonly receiver: string
  readonly change: Deployment
  readonly createdAtMs: number
  readonly attempts: number
  readonly nextTryAtMs: number
}

/** Where owed notices outlive the process. Each method is one transaction, durable when it returns. */
export interface ChangeNoticeRecords {
  /** The oldest first. */
  all(): readonly ChangeNotice[]
  save(notice: ChangeNotice): void
  remove(id: string): void
}
