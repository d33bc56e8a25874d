import type { Context } from 'hono'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../../lib/errors.ts'
import { counted } from '../../lib/words.ts'
import type { Hook } from '../../model/hook.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { readBody } from '../middleware/body.ts'
import { parseJson } from '../validation.ts'
import { isSigned } from './signature.ts'

type OfType<Type extends Hook['type']> = Extract<Hook, { type: Type }>

export type Admitted<Type extends Hook['type']> = { readonly hook: OfType<Type>; readonly body: Buffer; readonly json: unknown }

/**
 * Lets messages of one kind of hook in whose sender knows its secret.
 *
 * Those who do not are all told the same, whether the secret, the time or the form was wrong.
 */
export function createAdmission<Type extends Hook['type']>(type: Type, { options, clock, log }: RouteDeps) {
  const hooks = options.hooks.filter((hook): hook is OfType<Type> => hook.type === type)
  const limiter = new RateLimiterMemory({ points: Math.max(1, ...hooks.map((hook) => hook.requestsPerMinute)), duration: 60 })
  const bytesMax = Math.max(0, ...hooks.map(({ bodyBytesMax }) => bodyBytesMax))

  async function slowDown(address: string): Promise<void> {
    try {
      await limiter.consume(address)
    } catch (thrown) {
      if (thrown instanceof Error) throw thrown
      const retryAfterMs = (thrown as RateLimiterRes).msBeforeNext
      const message = `More than ${counted(limiter.points, 'message')} a minute came from this address; wait, or raise requestsPerMinute of the hook.`
      throw new AppError('TOO_MANY_REQUESTS', message, { retryable: true, retryAfterMs })
    }
  }

  return async (c: Context<HttpEnv>): Promise<Admitted<Type>> => {
    if (hooks.length === 0) {
      throw new AppError('NOT_FOUND', `No hook of the type "${type}" is configured here; add one under hooks in the configuration.`)
    }
    const address = c.env?.incoming?.socket.remoteAddress ?? 'unknown'
    await slowDown(address)
    const body = await readBody(c, { bytesMax, code: 'BODY_TOO_LARGE' })
    const hook = hooks.find((candidate) => isSigned(candidate, { c, body, nowMs: clock.now() }))
    if (!hook) {
      log.warn({ type, address }, 'a message for a hook was refused: its secret, its signature or its time is not right')
      throw new AppError('UNAUTHENTICATED', 'The message is not signed as this hook wants it.')
    }
    // Not by its content type: `curl -d` calls JSON a form, too.
    if (body.subarray(0, 8).toString() === 'payload=') {
      throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'The message is a form; let the sender send JSON (application/json).')
    }
    return { hook, body, json: parseJson(body) }
  }
}
