import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ApiError } from '../../contract/query.ts'
import { AppError, errorStatus } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { HttpEnv } from '../env.ts'

/** What may be told to the sender about anything that was thrown. */
export type Failure = {
  readonly status: ContentfulStatusCode
  readonly error: Required<ApiError>
  readonly retryable: boolean
  readonly retryAfterMs?: number | undefined
}

/**
 * Turns a thrown thing into what the sender may know.
 *
 * The message of an unknown error stays in the log: it may name files, addresses or secrets.
 */
export function toFailure(thrown: unknown, requestId: string, log: Log): Failure {
  if (thrown instanceof AppError) {
    const status = errorStatus[thrown.code] as ContentfulStatusCode
    // What may be tried again is told by whoever refuses, once: a line for each refusal would fill the disk as well.
    if (status >= 500) log[thrown.retryable ? 'debug' : 'error']({ err: thrown, requestId }, thrown.message)
    const { code, message, retryAfterMs } = thrown
    return { status, error: { code, message, requestId }, retryable: thrown.retryable || status === 503, retryAfterMs }
  }
  if (thrown instanceof HTTPException && thrown.status < 500) {
    return { status: thrown.status, error: { code: 'BAD_REQUEST', message: thrown.message, requestId }, retryable: false }
  }
  log.error({ err: thrown, requestId }, 'a request failed for an unexpected reason')
  return { status: 500, error: { code: 'INTERNAL', message: 'internal error', requestId }, retryable: false }
}

/** How a protocol tells of a failure. */
export type ErrorForm = (c: Context<HttpEnv>, failure: Failure) => Response

/** Our own routes: `{"error":{"code","message","requestId"}}`. */
const ownForm: ErrorForm = (c, failure) => c.json({ error: failure.error }, failure.status)

/** Answers whatever was thrown, in the form that belongs to the path; without one, in ours. */
export function onError(log: Log, formOf: (path: string) => ErrorForm | undefined): (thrown: Error, c: Context<HttpEnv>) => Response {
  return (thrown, c) => {
    const failure = toFailure(thrown, c.get('requestId') ?? '', log)
    challenge(c, failure)
    return (formOf(c.req.path) ?? ownForm)(c, failure)
  }
}

/** The headers that go with a status: how to authenticate, when to come back. */
export function challenge(c: Context<HttpEnv>, failure: Failure): void {
  if (failure.status === 401) c.header('WWW-Authenticate', 'Bearer realm="tidewatch"')
  if (failure.status === 503 || failure.status === 429) c.header('Retry-After', String(Math.ceil((failure.retryAfterMs ?? 2000) / 1000)))
  if (failure.status === 413 || failure.status === 408) c.header('Connection', 'close')
}

export function onNotFound(c: Context<HttpEnv>): never {
  throw new AppError('NOT_FOUND', `There is nothing at ${c.req.method} ${c.req.path}; /docs lists what there is.`)
}
