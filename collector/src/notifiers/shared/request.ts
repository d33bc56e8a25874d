import { formatDuration } from '../../lib/duration.ts'
import { messageOf } from '../../lib/errors.ts'
import { redactUrl } from '../../lib/redact-url.ts'
import { parseRetryAfter } from '../../lib/retry-after.ts'
import type { SendResult } from '../../model/alert.ts'
import type { NotifierDoors } from '../../model/kinds.ts'
import { redact } from './redact.ts'

export type Request = {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  /** What must never be told, whatever the receiver answers; the address itself is among it always. */
  readonly secrets?: readonly (string | undefined)[]
  /** Reads the pause a receiver asks for in the body of its refusal. */
  readonly pauseMsOf?: (body: string) => number | undefined
}

export type Refusal = SendResult & { readonly ok: false }
/** An answer with a good status; what it says is for the kind to judge. */
export type Reply = { readonly ok: true; readonly status: number; readonly body: string; readonly retryAfterMs?: number }

const answerBytesMax = 64 * 1024
const excerptMax = 500

/**
 * Posts to a receiver, once. A 2xx is a reply; 408, 429, 5xx and silence may be tried again, never sooner than the receiver
 * asks; any other status is final.
 */
export function createRequest({ fetch, clock }: NotifierDoors, timeoutMs: number) {
  async function post(request: Request, signal: AbortSignal): Promise<Reply | Refusal> {
    const { url, headers, body, secrets = [] } = request
    const slow = new AbortController()
    const cancelTimer = clock.after(timeoutMs, () => slow.abort())
    try {
      const response = await fetch(url, {
        method: 'POST',
        // A redirect would carry headers and body to an address that nobody configured.
        redirect: 'manual',
        headers: { 'content-type': 'application/json', 'user-agent': 'Tidewatch', ...headers },
        body,
        signal: AbortSignal.any([signal, slow.signal]),
      })
      const answer = await readStart(response)
      return toResult(response, answer, request, clock.now())
    } catch (thrown) {
      const failure = slow.signal.aborted
        ? `did not answer within ${formatDuration(timeoutMs)}`
        : `could not be reached: ${reasonOf(thrown)}`
      return { ok: false, retryable: true, message: redact(`${redactUrl(url)} ${failure}`, [...secrets, url]) }
    } finally {
      cancelTimer()
    }
  }
  return post
}

function toResult(response: Response, body: string, { url, secrets = [], pauseMsOf }: Request, nowMs: number): Reply | Refusal {
  const { status } = response
  const asked = [parseRetryAfter(response.headers.get('retry-after'), nowMs), pauseMsOf?.(body)].filter((ms) => ms !== undefined)
  const pause = asked.length > 0 ? { retryAfterMs: Math.max(...asked) } : {}
  if (response.ok) return { ok: true, status, body, ...pause }
  const retryable = status === 429 || status === 408 || status >= 500
  return { ok: false, retryable, ...pause, message: `answered ${status}${excerptOf(body, [...secrets, url])}` }
}

/** The beginning of what a receiver said, which often tells what is wrong. */
export function excerptOf(body: string, secrets: readonly (string | undefined)[]): string {
  const text = redact(body, secrets).slice(0, excerptMax).trim()
  return text === '' ? '' : `: ${text}`
}

/** As much of a body as anyone may need; the rest is not waited for. */
async function readStart(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  while (bytes < answerBytesMax) {
    const { done, value } = await reader.read()
    if (done || !value) break
    chunks.push(value)
    bytes += value.length
  }
  await reader.cancel()
  return Buffer.concat(chunks).subarray(0, answerBytesMax).toString()
}

/** What fetch hides in its cause: ECONNREFUSED and its like. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  if (cause instanceof Error && 'code' in cause) return `${cause.code}`
  return cause instanceof Error ? cause.message : messageOf(thrown)
}
