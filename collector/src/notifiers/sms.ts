import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import type { Notification, SendResult } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { type Message, toMessage } from './shared/message.ts'
import { parseJson } from './shared/parse-json.ts'
import { createRequest, excerptOf, type Refusal } from './shared/request.ts'
import { trim } from './shared/trim.ts'
import { under, webAddress } from './shared/web-address.ts'

const number = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +46701234567')

const schema = z
  .strictObject({
    account: z.string().min(1).meta({ description: 'The account SID.' }),
    token: z.string().min(1).meta({ description: 'Its auth token.' }),
    key: z.string().min(1).optional().meta({ description: 'The SID of an API key, whose secret is then the token.' }),
    from: z.string().min(1).optional().meta({ description: 'The number or name that sends; or give messaging_service.' }),
    messaging_service: z.string().min(1).optional().meta({ description: 'The SID of a messaging service.' }),
    to: z.array(number).min(1).max(50).meta({ description: 'Who gets it.' }),
    max_length: z.int().min(70).max(1600).default(480).meta({ description: 'Longest message; longer ones cost several.' }),
    url: webAddress.default('https://api.twilio.com').meta({ description: 'Twilio, or what speaks its API.' }),
    timeout: durationSchema.prefault('10s'),
  })
  .refine((entry) => (entry.from === undefined) !== (entry.messaging_service === undefined), 'give from or messaging_service: exactly one')

/** Notifications some of whose numbers were reached already; the oldest is forgotten. */
const partialMax = 100

/** Text messages by Twilio, or by a service that speaks its API. */
export const sms = defineNotifier({
  type: 'sms',
  schema,
  create({ account, token, key, from, messaging_service, to, max_length, url, timeout }, doors) {
    const post = createRequest(doors, timeout)
    const address = under(url, `/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`)
    const headers = {
      authorization: `Basic ${Buffer.from(`${key ?? account}:${token}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    }
    const sender: Record<string, string> = from === undefined ? { MessagingServiceSid: messaging_service ?? '' } : { From: from }
    const reached = new Map<string, Set<string>>()

    async function sendTo(number: string, text: string, signal: AbortSignal): Promise<SendResult> {
      const body = new URLSearchParams({ ...sender, To: number, Body: text }).toString()
      const result = await post({ url: address, headers, body, secrets: [token, key, headers.authorization, number, account, url] }, signal)
      if (!result.ok) return { ...result, message: `${masked(number)} ${result.message}` }
      if (typeof parseJson(result.body).sid === 'string') return { ok: true }
      const said = excerptOf(result.body, [token, key, number, account])
      return { ok: false, retryable: false, message: `${masked(number)} answered ${result.status} without a message${said}` }
    }

    return {
      /** A try leaves out who was reached by an earlier one: nobody is woken twice because someone else's phone is full. */
      async send(notification, signal) {
        const done = reached.get(notification.idempotencyKey) ?? new Set()
        const text = toSms(notification, max_length)
        const refusals: Refusal[] = []
        for (const number of to.filter((one) => !done.has(one))) {
          const result = await sendTo(number, text, signal)
          if (result.ok) done.add(number)
          else refusals.push(result)
        }
        reached.delete(notification.idempotencyKey)
        const result = toResult(done.size, refusals)
        if (!result.ok && done.size > 0) reached.set(notification.idempotencyKey, done)
        const [oldest] = reached.keys()
        if (reached.size > partialMax && oldest !== undefined) reached.delete(oldest)
        if (result.ok && refusals.length > 0)
          doors.log.warn({ receiver: notification.receiver, reason: result.detail }, 'not every number was reached')
        return result
      },
    }
  },
})

/** Worth another try while one number may still be reached; one refused for good does not undo the others. */
function toResult(reached: number, refusals: readonly Refusal[]): SendResult {
  const message = refusals.map((refusal) => refusal.message).join('; ')
  const passing = refusals.filter(({ retryable }) => retryable)
  if (passing.length > 0) {
    const pauses = passing.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]))
    return { ok: false, retryable: true, ...(pauses.length > 0 ? { retryAfterMs: Math.max(...pauses) } : {}), message }
  }
  if (reached === 0) return { ok: false, retryable: false, message }
  return { ok: true, detail: refusals.length > 0 ? `${reached} reached; ${message}` : `${reached} reached` }
}

/** The end of a number is enough to know whose it is. */
const masked = (number: string): string => `…${number.slice(-3)}`

/** The address always fits: without it there is nowhere to acknowledge. */
function toSms(notification: Notification, lengthMax: number): string {
  const { title, entries, more, url }: Message = toMessage(notification, { alertsMax: 3, textMax: 160 })
  const cause = entries.flatMap(({ facts }) => facts.filter(({ name }) => name === 'Changed before'))[0]
  const alerts = entries.length > 1 ? entries.map(({ word, headline }) => `${word}: ${headline}`) : []
  const words = [title, ...(cause ? [`Changed before: ${cause.text}`] : []), ...alerts, ...(more ? [more] : [])].join('\n')
  const rest = lengthMax - url.length - 1
  return rest < 60 ? trim(words, lengthMax) : `${trim(words, rest)}\n${url}`
}
