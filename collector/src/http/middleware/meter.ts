export const quotaKinds = ['requests', 'bytes', 'points'] as const
export type QuotaKind = (typeof quotaKinds)[number]

/** What one token has written, held against what it may. */
export type Meter = {
  /** Throws when the token has written more than it may. */
  check(kind: QuotaKind): void
  /** Counts what came; more than is left is a debt that later requests wait for. */
  spend(kind: QuotaKind, amount: number): void
}
