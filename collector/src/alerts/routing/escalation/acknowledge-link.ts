import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../../lib/clock.ts'

export type AcknowledgeLinkOptions = {
  readonly key: Uint8Array
  readonly clock: Clock
  readonly externalUrl: string
  readonly lifetimeMs: number
}

export type LinkVerdict = { readonly ok: true; readonly groupKey: string } | { readonly ok: false; readonly reason: 'forged' | 'expired' }

/**
 * Links that let whoever got a notification take its alerts without a token. The signature is the
 * permission: it is good for one group of alerts and for a while.
 */
export function createAcknowledgeLinks({ key, clock, externalUrl, lifetimeMs }: AcknowledgeLinkOptions) {
  const sign = (text: string): string => createHmac('sha256', key).update(`acknowledge ${text}`).digest('base64url')

  return {
    /** Equal for every try of one notification, whose text must not change. */
    urlFor(groupKey: string, createdAtMs: number): string {
      const text = `${groupKey}.${Math.floor((createdAtMs + lifetimeMs) / 1000).toString(36)}`
      return `${externalUrl.replace(/\/+$/, '')}/ack/${text}.${sign(text)}`
    },
    check(token: string): LinkVerdict {
      const [groupKey = '', expires = '', signature = ''] = token.split('.')
      const [given, wanted] = [Buffer.from(signature), Buffer.from(sign(`${groupKey}.${expires}`))]
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return { ok: false, reason: 'forged' }
      return Number.parseInt(expires, 36) * 1000 > clock.now() ? { ok: true, groupKey } : { ok: false, reason: 'expired' }
    },
  }
}

export type AcknowledgeLinks = ReturnType<typeof createAcknowledgeLinks>
