export const scopes = ['read', 'write', 'operate', 'hooks', 'admin'] as const
/** What a token opens; `admin` opens everything. */
export type Scope = (typeof scopes)[number]

/** How much may be written with a token; what is left out has no bound. */
export type Quota = {
  readonly pointsPerSecond?: number | undefined
  readonly bytesPerSecond?: number | undefined
  readonly requestsPerSecond?: number | undefined
  /** As much as fits into this time may come at once. */
  readonly burstMs: number
}

/** A token as the collector holds it: never the secret itself. */
export type TokenEntry = {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** As `hashToken` writes it. */
  readonly hash: string
  readonly quota?: Quota
}
