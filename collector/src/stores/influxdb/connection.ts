import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { AppError, messageOf } from '../../lib/errors.ts'

export type ConnectionOptions = {
  readonly url: string
  readonly username?: string
  readonly password?: string
  readonly token?: string
  readonly timeoutMs: number
  /** Writes that may be under way at once. */
  readonly writesAtOnce: number
}

export type Connection = ReturnType<typeof createConnection>

/** Beside the writes: long answers and administration at once. */
const otherSockets = 8

/** Keep-alive HTTP to one InfluxDB. */
export function createConnection({ url, username, password, token, timeoutMs, writesAtOnce }: ConnectionOptions) {
  const base = new URL(url)
  const isSecure = base.protocol === 'https:'
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: writesAtOnce + otherSockets })
  const headers: Record<string, string> = { 'user-agent': 'tidewatch' }
  if (token !== undefined) headers.authorization = `Token ${token}`
  else if (username !== undefined) headers.authorization = `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`

  function once(path: string, body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options: RequestOptions = {
        method: 'POST',
        agent,
        signal,
        timeout: timeoutMs,
        headers: { ...headers, 'content-type': contentType, 'content-length': body.byteLength },
      }
      const request = (isSecure ? httpsRequest : httpRequest)(new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base), options, resolve)
      request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)))
      // A socket kept alive may have been closed at the other end just now; a new one is tried once.
      request.on('error', (cause: NodeJS.ErrnoException) =>
        request.reusedSocket && cause.code === 'ECONNRESET' ? resolve(once(path, body, contentType, signal)) : reject(cause),
      )
      request.end(body)
    })
  }

  return {
    /** The address without secrets, for messages. */
    address: `${base.protocol}//${base.host}`,
    /** Sends a body; every request here may be repeated without harm. */
    async post(path: string, body: Uint8Array, contentType: string, signal?: AbortSignal): Promise<IncomingMessage> {
      try {
        return await once(path, body, contentType, signal)
      } catch (cause) {
        throw unreachable(`${base.protocol}//${base.host}`, cause)
      }
    },
    close: () => agent.destroy(),
  }
}

/** An answer's body as text, up to a size: for errors and small answers. */
export async function readText(response: IncomingMessage, bytesMax = 1_000_000): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response) {
    bytes += part.length
    if (bytes > bytesMax) break
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

export function unreachable(address: string, cause: unknown): AppError {
  const reason = messageOf(cause) || (cause as NodeJS.ErrnoException).code
  return new AppError('STORE_UNAVAILABLE', `influxdb: ${address} cannot be reached: ${reason}. Check store.url and that InfluxDB runs.`, {
    cause,
    retryable: true,
  })
}

/** What an answer that is no success means for the caller. `text` is the body. */
export function toAnswerError(address: string, status: number, text: string, retryAfterMs?: number): AppError {
  const reason = toReason(text)
  if (status === 401 || status === 403)
    return new AppError(
      'STORE_UNAVAILABLE',
      `influxdb: ${address} refused the credentials: ${reason}. Check username, password and token of the store.`,
      {
        retryable: true,
      },
    )
  if (status === 400 && reason.startsWith('error parsing query')) {
    const isRegex = reason.includes('error parsing regexp')
    const sentence = isRegex
      ? `The regular expression cannot be read: ${reason.replace(/^.*error parsing regexp: /s, '')}`
      : `InfluxDB cannot read the query: ${reason}`
    return new AppError('QUERY_INVALID', `${sentence}.`)
  }
  const sentence = `influxdb: ${address} answered ${status}: ${reason}`
  if (isFinal(status, reason)) return new AppError('STORE_REFUSED', sentence)
  return new AppError('STORE_UNAVAILABLE', sentence, { retryable: true, retryAfterMs })
}

/** Whether the same request would be refused for ever. An unknown retention policy is a 500 to InfluxDB. */
function isFinal(status: number, reason: string): boolean {
  if (reason.startsWith('retention policy not found')) return true
  return status >= 400 && status < 500 && ![404, 408, 425, 429].includes(status)
}

/** The sentence of `{"error":"…"}`, or the text itself. */
export function toReason(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'error' in parsed) return String(parsed.error)
  } catch {
    // A proxy in between answers in its own form, and that is what people need to see.
  }
  return text.trim().slice(0, 500)
}
