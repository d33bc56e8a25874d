import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { SendResult } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { changesFor, deploymentsOption } from './shared/change-option.ts'
import { extraHeaders } from './shared/extra-headers.ts'
import { createRequest } from './shared/request.ts'
import { timeoutOption } from './shared/timeout-option.ts'
import { toChangeBody, toWebhookBody } from './webhook-body.ts'

const schema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .meta({ description: 'Receives a POST in the form of Alertmanager (version 4).' }),
  headers: extraHeaders,
  secret: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Signs each body: X-Tidewatch-Signature holds the HMAC-SHA256 of "<timestamp>:<body>" in hexadecimal.' }),
  timeout: timeoutOption('10s'),
  deployments: deploymentsOption,
  max_alerts: z.int().min(0).default(0).meta({ description: 'Most alerts in one body; 0 means all.' }),
})

/** Alertmanager's webhook: any 2xx means taken; 429, 408 and 5xx mean try again; anything else is final. */
export const webhook = defineNotifier({
  type: 'webhook',
  schema,
  create({ url, headers, secret, timeout, max_alerts, deployments }, doors) {
    const post = createRequest(doors, timeout)

    async function tell(content: object, idempotencyKey: string, signal: AbortSignal): Promise<SendResult> {
      const body = JSON.stringify(content)
      const ours = {
        'content-type': 'application/json',
        'user-agent': 'Tidewatch',
        'idempotency-key': idempotencyKey,
        ...(secret ? signature(secret, body, doors.clock.now()) : {}),
      }
      const secrets = [secret, ...Object.values(headers)]
      const result = await post({ url, headers: { ...headers, ...ours }, body, secrets }, signal)
      return result.ok ? { ok: true, detail: String(result.status) } : result
    }

    return {
      send: (notification, signal) => tell(toWebhookBody(notification, max_alerts), notification.idempotencyKey, signal),
      ...changesFor(deployments, (news, signal) => tell(toChangeBody(news), news.idempotencyKey, signal)),
    }
  },
})

/** The signature of Grafana's webhooks with a timestamp: an old body cannot be played back. */
function signature(secret: string, body: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000))
  const hex = createHmac('sha256', secret).update(`${timestamp}:${body}`).digest('hex')
  return { 'x-tidewatch-timestamp': timestamp, 'x-tidewatch-signature': hex }
}
