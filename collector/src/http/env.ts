import type { HttpBindings } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Scope } from '../model/token.ts'
import type { Meter } from './middleware/meter.ts'

/** Who asks. `local` stands for anyone on this machine while no token is configured. */
export type Identity = { readonly name: string; readonly scopes: readonly Scope[] }

/** What travels with a request. */
export type HttpEnv = {
  Bindings: Partial<HttpBindings>
  Variables: { requestId: string; identity?: Identity; meter?: Meter }
}

export type HttpApp = OpenAPIHono<HttpEnv>
