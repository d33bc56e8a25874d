import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import type { GrafanaHook, Hook } from '../../model/hook.ts'
import type { HttpEnv } from '../env.ts'

type Sent = { readonly c: Context<HttpEnv>; readonly body: Buffer; readonly nowMs: number }

/** Whether the sender of a message knows the secret of a hook. */
export function isSigned(hook: Hook, sent: Sent): boolean {
  return [hook.secret, hook.oldSecret].some((secret) => secret !== undefined && fits(hook, secret, sent))
}

function fits(hook: Hook, secret: string, sent: Sent): boolean {
  switch (hook.type) {
    case 'grafana':
      return isFromGrafana(hook, secret, sent)
    case 'alertmanager':
      return isFromAlertmanager(secret, sent)
    case 'github':
      return isFromGithub(secret, sent)
  }
}

/**
 * Grafana signs `<unix seconds>:<body>` when it was told of a header for the time, else the body alone.
 * A message whose time is too far from ours may be one that somebody recorded, and is refused.
 */
function isFromGrafana({ header, timestampHeader, timestampToleranceMs }: GrafanaHook, secret: string, { c, body, nowMs }: Sent): boolean {
  const hmac = createHmac('sha256', secret)
  if (timestampHeader !== undefined) {
    const timestamp = c.req.header(timestampHeader) ?? ''
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - nowMs) > timestampToleranceMs) return false
    hmac.update(`${timestamp}:`)
  }
  return isEqual(hmac.update(body).digest('hex'), c.req.header(header))
}

/** Alertmanager signs nothing; it sends what `http_config.authorization` or `basic_auth` holds. */
function isFromAlertmanager(secret: string, { c }: Sent): boolean {
  const [, scheme = '', value = ''] = /^(\S+)\s+(\S+)$/.exec(c.req.header('authorization') ?? '') ?? []
  if (scheme.toLowerCase() !== 'basic') return isEqual(secret, value)
  return isEqual(secret, /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8'))?.[1])
}

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
function isFromGithub(secret: string, { c, body }: Sent): boolean {
  return isEqual(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`, c.req.header('x-hub-signature-256'))
}

/** Takes as long for a near miss as for any other: digests are compared, not texts. */
function isEqual(wanted: string, given: string | undefined): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return given !== undefined && timingSafeEqual(digest(wanted), digest(given))
}
