/** Who did what to what, when. `detail` holds the comment and what else explains it. */
export type AuditEntry = {
  readonly atMs: number
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Every action of a person or a token lands here; rows are only ever added. */
export interface AuditLog {
  record(entry: AuditEntry): void
  /** The newest first. */
  list(filter: { readonly limit: number; readonly beforeMs?: number; readonly action?: string }): readonly AuditEntry[]
}
