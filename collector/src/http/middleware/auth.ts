import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { AppError } from '../../lib/errors.ts'
import type { Scope, TokenEntry } from '../../model/token.ts'
import type { HttpEnv, Identity } from '../env.ts'
import { admit, type Quotas } from './quotas.ts'

export type Auth = {
  /** True while no token is configured. */
  readonly open: boolean
  /** Lets the request through when it carries a token with this scope; `admin` has every scope, and its quota, if it writes. */
  require(scope: Scope): MiddlewareHandler<HttpEnv>
}

export function createAuth(tokens: readonly TokenEntry[], quotas: Quotas): Auth {
  const known = tokens.map((entry) => ({ entry, digest: Buffer.from(entry.hash.slice('sha256:'.length), 'hex') }))

  /** Compares with every token, so that the time taken does not tell which one was close. */
  function find(token: string): TokenEntry | undefined {
    const digest = createHash('sha256').update(token).digest()
    let found: TokenEntry | undefined
    for (const { entry, digest: other } of known) {
      if (other.length === digest.length && timingSafeEqual(other, digest)) found = entry
    }
    return found
  }

  function identify(c: Context<HttpEnv>): Identity {
    if (known.length === 0) return { name: 'local', scopes: ['admin'] }
    const token = credentialOf(c)
    if (!token) throw new AppError('UNAUTHENTICATED', 'This needs a token: send "Authorization: Bearer <token>".')
    const entry = find(token)
    if (!entry)
      throw new AppError('UNAUTHENTICATED', 'The token is not known here; check that it was copied whole and is still configured.')
    return { name: entry.name, scopes: entry.scopes }
  }

  return {
    open: known.length === 0,
    require: (scope) => async (c, next) => {
      const identity = identify(c)
      if (!identity.scopes.includes(scope) && !identity.scopes.includes('admin')) {
        throw new AppError('FORBIDDEN', `The token "${identity.name}" lacks the scope "${scope}".`)
      }
      c.set('identity', identity)
      if (scope === 'write') admit(c, quotas.meterOf(identity.name))
      await next()
    },
  }
}

/** Paths whose clients put the password in the query string, as InfluxDB 1.x allows. */
const queryCredentialPaths = new Set(['/write', '/query'])

function credentialOf(c: Context<HttpEnv>): string | undefined {
  const header = c.req.header('authorization')
  if (header) return fromHeader(header)
  if (!queryCredentialPaths.has(c.req.path)) return undefined
  return c.req.query('p') || undefined
}

function fromHeader(header: string): string | undefined {
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S.*)$/.exec(header.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return value
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString('utf8')
      return pair.slice(pair.indexOf(':') + 1)
    }
    default:
      return undefined
  }
}
