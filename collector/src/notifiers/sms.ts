import { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import { counted } from '../lib/words.ts'
import type { Notification, SendResult } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { type Message, toMessage } from './shared/message.ts'
import { parseJson } from './shared/parse-json.ts'
import { createRequest, excerptOf, type Refusal } from './shared/request.ts'
import { timeoutOption } from './shared/timeout-option.ts'
import { trim } from './shared/trim.ts'
import { createTurns } from './shared/turns.ts'
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
    max_per_hour: z.int().min(1).max(10_000).default(100).meta({
      description: 'Most messages in an hour, to all numbers together; what is more waits until the hour allows it.',
    }),
    url: webAddress.default('https://api.twilio.com').meta({ description: 'Twilio, or what speaks its API.' }),
    timeout: timeoutOption('10s'),
  })
  .refine((entry) => (entry.from === undefined) !== (entry.messaging_service === undefined), 'give from or messaging_service: exactly one')

/** A number of the US sends a segment a second; Twilio queues more for ten hours. */
const everyMs = 1000
/** What a telephone shows at once. */
const segmentMax = 160

/** Notifications some of whose numbers were reached already; the oldest is forgotten. */
const partialMax = 100

/** Text messages by Twilio, or by a service that speaks its API. */
export const sms = defineNotifier({
  type: 'sms',
  schema,
  create({ account, token, key, from, messaging_service, to, max_length, max_per_hour, url, timeout }, doors) {
    const post = createRequest(doors, timeout)
    const address = under(url, `/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`)
    const headers = {
      authorization: `Basic ${Buffer.from(`${key ?? account}:${token}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    }
    const sender: Record<string, string> = from === undefined ? { MessagingServiceSid: messaging_service ?? '' } : { From: from }
    const reached = new Map<string, Set<string>>()
    const turn = createTurns(doors.clock, everyMs)
    const allowance = createAllowance(doors.clock, max_per_hour)

    async function sendTo(number: string, text: string, signal: AbortSignal): Promise<SendResult> {
      const waitMs = allowance.waitMs()
      if (waitMs > 0) {
        const message = `${masked(number)} has to wait: the last hour has had its ${counted(max_per_hour, 'message')} (max_per_hour)`
        return { ok: false, retryable: true, retryAfterMs: waitMs, message }
      }
      await turn(signal)
      const body = new URLSearchParams({ ...sender, To: number, Body: text }).toString()
      const result = await post({ url: address, headers, body, secrets: [token, key, headers.authorization, number, account, url] }, signal)
      if (!result.ok) return { ...result, message: `${masked(number)} ${result.message}` }
      const { sid, status } = parseJson(result.body)
      if (result.status === 201 && typeof sid === 'string' && status !== 'failed' && status !== 'undelivered') {
        allowance.spend()
        return { ok: true }
      }
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

/** Messages that may go out in an hour. */
function createAllowance(clock: Clock, perHour: number) {
  let sentMs: number[] = []
  return {
    /** How long the next one has to wait. */
    waitMs(): number {
      const nowMs = clock.monotonic()
      sentMs = sentMs.filter((atMs) => nowMs - atMs < 3_600_000)
      return sentMs.length < perHour ? 0 : (sentMs[0] ?? nowMs) + 3_600_000 - nowMs
    },
    spend: (): void => void sentMs.push(clock.monotonic()),
  }
}

/** The first segment says it all but for details; the address always fits, without it there is nowhere to acknowledge. */
function toSms(notification: Notification, lengthMax: number): string {
  const { title, lede, entries, more, url }: Message = toMessage(notification, { alertsMax: 3, textMax: segmentMax })
  const alerts = entries.length > 1 ? entries.map(({ word, headline }) => `${word}: ${headline}`) : []
  const first = cut(plain(title), lede ? titleMax : segmentMax)
  const rest = [...(lede ? [lede] : []), ...alerts, ...(more ? [more] : [])].map(plain).join('\n')
  const words = rest === '' ? first : `${first}\n${rest}`
  const room = lengthMax - url.length - 1
  return room < shortestMax ? cut(words, lengthMax) : `${cut(words, room)}\n${url}`
}

/** So much of the first segment is for the title when there is more to say. */
const titleMax = 110

/** With less room than this beside it, the address is left out. */
const shortestMax = 60

/** One sign outside of GSM's alphabet makes each segment 70 characters instead of 160; these have others that say the same. */
const plainer: Readonly<Record<string, string>> = {
  '…': '...',
  '→': '->',
  '·': '-',
  '–': '-',
  '—': '-',
  '“': '"',
  '”': '"',
  '’': "'",
  '‘': "'",
}

/** Pictures say nothing that the words do not, and cost as much. */
const pictures = /\s?(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f])+/gu

const plain = (text: string): string => text.replace(pictures, '').replace(/[…→·–—“”’‘]/g, (sign) => plainer[sign] ?? sign)

const cut = (text: string, lengthMax: number): string => (text.length <= lengthMax ? text : `${trim(text, lengthMax - 2).slice(0, -1)}...`)
