export const scopes = ['read', 'write', 'operate', 'hooks', 'admin'] as const
/** What a token opens; `admin` opens everything. */
export type Scope = (typeof scopes)[number]

/** A token as the collector holds it: never the secret itself. */
export type TokenEntry = {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** As `hashToken` writes it. */
  readonly hash: string
}
