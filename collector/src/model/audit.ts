/** Who did what to what, when. `detail` holds the comment and what else explains it. */
export type AuditEntry = {
  readonly atMs: number
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** What is left out lets all through. */
export type AuditFilter = {
  readonly fromMs?: number
  readonly toMs?: number
  readonly actor?: string
  readonly action?: string
  readonly target?: string
  readonly limit: number
  readonly offset?: number
}

/** Every action of a person or a token lands here; rows are only ever added. */
export interface AuditLog {
  record(entry: AuditEntry): void
  /** The newest first. */
  list(filter: AuditFilter): readonly AuditEntry[]
}
