import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { durationSchema, formatDuration } from '../lib/duration.ts'
import { messageOf } from '../lib/errors.ts'
import { redactUrl } from '../lib/redact-url.ts'
import { parseRetryAfter } from '../lib/retry-after.ts'
import type { SendResult } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { toWebhookBody } from './webhook-body.ts'

const schema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .meta({ description: 'Receives a POST in the form of Alertmanager (version 4).' }),
  headers: z.record(z.string(), z.string()).default({}).meta({ description: 'Sent along, for example Authorization.' }),
  secret: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Signs each body: X-Tidewatch-Signature holds the HMAC-SHA256 of "<timestamp>:<body>" in hexadecimal.' }),
  timeout: durationSchema.prefault('10s'),
  max_alerts: z.int().min(0).default(0).meta({ description: 'Most alerts in one body; 0 means all.' }),
})

const answerBytesMax = 500

/** Alertmanager's webhook: any 2xx means taken; 429, 408 and 5xx mean try again; anything else is final. */
export const webhook = defineNotifier({
  type: 'webhook',
  schema,
  create: ({ url, headers, secret, timeout, max_alerts }, { fetch, clock }) => ({
    async send(notification, signal) {
      const body = JSON.stringify(toWebhookBody(notification, max_alerts))
      const slow = new AbortController()
      const cancelTimer = clock.after(timeout, () => slow.abort())
      try {
        const response = await fetch(url, {
          method: 'POST',
          // A redirect would carry headers and body to an address that nobody configured.
          redirect: 'manual',
          headers: {
            ...headers,
            'content-type': 'application/json',
            'user-agent': 'Tidewatch',
            'idempotency-key': notification.idempotencyKey,
            ...(secret ? signature(secret, body, clock.now()) : {}),
          },
          body,
          signal: AbortSignal.any([signal, slow.signal]),
        })
        return await toResult(response, clock.now())
      } catch (thrown) {
        if (slow.signal.aborted)
          return { ok: false, retryable: true, message: `${redactUrl(url)} did not answer within ${formatDuration(timeout)}` }
        return { ok: false, retryable: true, message: `${redactUrl(url)} could not be reached: ${reasonOf(thrown)}` }
      } finally {
        cancelTimer()
      }
    },
  }),
})

/** The signature of Grafana's webhooks with a timestamp: an old body cannot be played back. */
function signature(secret: string, body: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000))
  const hex = createHmac('sha256', secret).update(`${timestamp}:${body}`).digest('hex')
  return { 'x-tidewatch-timestamp': timestamp, 'x-tidewatch-signature': hex }
}

async function toResult(response: Response, nowMs: number): Promise<SendResult> {
  if (response.ok) {
    await response.body?.cancel()
    return { ok: true, detail: String(response.status) }
  }
  const retryable = response.status === 429 || response.status === 408 || response.status >= 500
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), nowMs)
  return { ok: false, retryable, retryAfterMs, message: `answered ${response.status}${await excerptOf(response)}` }
}

/** The beginning of an error's body, which often says what is wrong. */
async function excerptOf(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const first = await reader.read()
  await reader.cancel()
  const text = new TextDecoder().decode(first.value?.subarray(0, answerBytesMax)).trim()
  return text === '' ? '' : `: ${text}`
}

/** What fetch hides in its cause: ECONNREFUSED and its like. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  if (cause instanceof Error && 'code' in cause) return `${cause.code}`
  return cause instanceof Error ? cause.message : messageOf(thrown)
}
