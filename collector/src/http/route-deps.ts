import type { Auth } from './auth.ts'
import type { HttpDeps } from './deps.ts'

/** What every route family is given: the doors, and the gate that checks tokens. */
export type RouteDeps = HttpDeps & { readonly auth: Auth }
