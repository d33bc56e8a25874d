import type { MiddlewareHandler } from 'hono'
import { METHOD_NAME_ALL } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'
import { AppError } from '../../lib/errors.ts'
import type { HttpEnv } from '../env.ts'

type Route = { readonly path: string; readonly method: string }

/**
 * Stands behind all routes but the page's: what comes here was not answered. A path that is there for
 * other methods is told from one that is not, and does not show the page, which would look like success.
 */
export function refuseOtherMethods(routes: readonly Route[]): MiddlewareHandler<HttpEnv> {
  const methodsOf = new TrieRouter<string>()
  // One that is for every method checks something, and answers nothing.
  for (const { path, method } of routes) if (method !== METHOD_NAME_ALL) methodsOf.add(METHOD_NAME_ALL, path, method)

  return async (c, next) => {
    const methods = new Set(methodsOf.match(METHOD_NAME_ALL, c.req.path)[0].map(([method]) => method))
    if (methods.size === 0) return next()
    if (methods.has('GET')) methods.add('HEAD')
    const allowed = [...methods].sort().join(', ')
    if (methods.has(c.req.method)) return next()
    c.header('Allow', allowed)
    if (c.req.method === 'OPTIONS') return c.body(null, 204)
    throw new AppError('METHOD_NOT_ALLOWED', `${c.req.path} takes ${allowed}, not ${c.req.method}.`)
  }
}
