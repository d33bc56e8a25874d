import type { Database } from './database.ts'

export const signingKeyTables = `
CREATE TABLE signing_key (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), key BLOB NOT NULL) STRICT;
`

/** The key that signs links in notifications: made once, so that links outlive a restart. */
export function loadSigningKey(db: Database, create: () => Uint8Array): Uint8Array {
  const found = db.get('SELECT key FROM signing_key')?.key
  if (found instanceof Uint8Array) return found
  const key = create()
  db.run('INSERT INTO signing_key (only_row, key) VALUES (1, ?)', key)
  return key
}
