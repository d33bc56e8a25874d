import type { Scope } from '../model/token.ts'
import { type Database, fromJson, numberOrNull, type Row } from './database.ts'

export const tokenTables = `
CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER,
  last_used_at_ms INTEGER,
  revoked_at_ms INTEGER
) STRICT;
`

/** A token is kept as its hash only; two of one name may be valid at once, for rotation. */
export type TokenRecord = {
  readonly id: string
  readonly name: string
  readonly hash: string
  readonly scopes: readonly Scope[]
  readonly createdAtMs: number
  readonly expiresAtMs: number | null
  readonly lastUsedAtMs: number | null
  readonly revokedAtMs: number | null
}

export function createTokenRecords(db: Database) {
  return {
    add(token: Omit<TokenRecord, 'lastUsedAtMs' | 'revokedAtMs'>): void {
      db.run(
        'INSERT INTO tokens (id, name, hash, scopes, created_at_ms, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
        token.id,
        token.name,
        token.hash,
        JSON.stringify(token.scopes),
        token.createdAtMs,
        token.expiresAtMs,
      )
    },
    list: (): readonly TokenRecord[] => db.all('SELECT * FROM tokens ORDER BY created_at_ms, id').map(toToken),
    /** A token that is neither revoked nor expired. */
    findValid(hash: string, nowMs: number): TokenRecord | undefined {
      const row = db.get(
        'SELECT * FROM tokens WHERE hash = ? AND revoked_at_ms IS NULL AND (expires_at_ms IS NULL OR expires_at_ms > ?)',
        hash,
        nowMs,
      )
      return row && toToken(row)
    },
    used: (id: string, atMs: number): void => db.run('UPDATE tokens SET last_used_at_ms = ? WHERE id = ?', atMs, id),
    revoke: (id: string, atMs: number): void =>
      db.run('UPDATE tokens SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL', atMs, id),
  }
}

function toToken(row: Row): TokenRecord {
  return {
    id: String(row.id),
    name: String(row.name),
    hash: String(row.hash),
    scopes: fromJson(row.scopes),
    createdAtMs: Number(row.created_at_ms),
    expiresAtMs: numberOrNull(row.expires_at_ms),
    lastUsedAtMs: numberOrNull(row.last_used_at_ms),
    revokedAtMs: numberOrNull(row.revoked_at_ms),
  }
}
