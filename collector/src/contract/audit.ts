/** Who did what to what; the time is RFC 3339. */
export type AuditEntryView = { at: string; actor: string; action: string; target: string; detail: Readonly<Record<string, unknown>> }
/** `hasMore`: there are older ones, found with a greater `offset`. */
export type AuditResponse = { entries: readonly AuditEntryView[]; hasMore: boolean }
