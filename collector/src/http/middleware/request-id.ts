import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from '../env.ts'

const acceptable = /^[\w.:-]{1,64}$/

/** Gives every request an id that answers, errors and logs share; a sender's own id is kept. */
export const requestId: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const given = c.req.header('x-request-id')
  const id = given !== undefined && acceptable.test(given) ? given : randomUUID()
  c.set('requestId', id)
  c.header('X-Request-Id', id)
  await next()
}
