import type { Context } from 'hono'
import { AppError } from '../../lib/errors.ts'
import type { HttpEnv } from '../env.ts'

const charactersMax = 255

/**
 * The key of a request, from its header or its body; each token has keys of its own.
 *
 * The header is a quoted string to the specification, and most clients send it bare.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07
 */
export function idempotencyKeyOf(c: Context<HttpEnv>, inBody: string | undefined): string | undefined {
  const header = c.req.header('idempotency-key')?.trim()
  const inHeader = header === undefined ? undefined : (/^"(.*)"$/.exec(header)?.[1] ?? header)
  if (inHeader !== undefined && inBody !== undefined && inHeader !== inBody) throw invalid('differs between header and body')
  const key = inHeader ?? inBody
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > charactersMax) {
    throw invalid(`must have 1 to ${charactersMax} visible ASCII characters, such as a UUID`)
  }
  return `${c.get('identity')?.name} ${key}`
}

const invalid = (problem: string) => new AppError('VALIDATION_FAILED', `The idempotency key ${problem}.`)
