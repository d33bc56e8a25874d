import { createHash } from 'node:crypto'

export const tokenHashPattern = /^sha256:[0-9a-f]{64}$/

/** The form in which tokens are kept. Tokens are random and long, so one round of SHA-256 is enough. */
export function hashToken(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`
}
