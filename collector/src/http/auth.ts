import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { AppError } from '../lib/errors.ts'
import type { Scope, TokenEntry } from '../model/token.ts'
import type { HttpEnv } from './deps.ts'

/** Who asks. `local` stands for anyone on this machine while no token is configured. */
export type Identity = { readonly name: string; readonly scopes: readonly Scope[]; readonly via: 'local' | 'header' | 'basic' | 'query' }

export type Auth = {
  /** True while no token is configured. */
  readonly open: boolean
  /** Lets the request through when it carries a token with this scope; `admin` has every scope. */
  require(scope: Scope): MiddlewareHandler<HttpEnv>
}

export function createAuth(tokens: readonly TokenEntry[]): Auth {
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
    if (known.length === 0) return { name: 'local', scopes: ['admin'], via: 'local' }
    const credential = credentialOf(c)
    if (!credential) throw new AppError('UNAUTHENTICATED', 'This needs a token: send "Authorization: Bearer <token>".')
    const entry = find(credential.token)
    if (!entry)
      throw new AppError('UNAUTHENTICATED', 'The token is not known here; check that it was copied whole and is still configured.')
    return { name: entry.name, scopes: entry.scopes, via: credential.via }
  }

  return {
    open: known.length === 0,
    require: (scope) => async (c, next) => {
      const identity = identify(c)
      if (!identity.scopes.includes(scope) && !identity.scopes.includes('admin')) {
        throw new AppError('FORBIDDEN', `The token "${identity.name}" lacks the scope "${scope}".`)
      }
      c.set('identity', identity)
      await next()
    },
  }
}

/** Paths whose clients put the password in the query string, as InfluxDB 1.x allows. */
const queryCredentialPaths = new Set(['/write', '/query'])

function credentialOf(c: Context<HttpEnv>): { token: string; via: Identity['via'] } | undefined {
  const header = c.req.header('authorization')
  if (header) return fromHeader(header)
  if (!queryCredentialPaths.has(c.req.path)) return undefined
  const password = c.req.query('p')
  return password ? { token: password, via: 'query' } : undefined
}

function fromHeader(header: string): { token: string; via: Identity['via'] } | undefined {
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S.*)$/.exec(header.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return { token: value, via: 'header' }
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString('utf8')
      return { token: pair.slice(pair.indexOf(':') + 1), via: 'basic' }
    }
    default:
      return undefined
  }
}
