import type { Notifier } from '../../model/alert.ts'
import type { NotifierDoors } from '../../model/kinds.ts'
import { isBad, toChangeMessage } from '../shared/change-message.ts'
import { type ChangeOption, changesFor } from '../shared/change-option.ts'
import { type Message, toMessage } from '../shared/message.ts'
import { parseJson } from '../shared/parse-json.ts'
import { createRequest, excerptOf, type Refusal } from '../shared/request.ts'
import type { Turn } from '../shared/turns.ts'
import { under } from '../shared/web-address.ts'
import { escapeMarkup, slackLimits, toSlackBody } from './slack-body.ts'

export type BotOptions = {
  readonly token: string
  readonly channel: string
  readonly api: string
  readonly timeoutMs: number
  readonly deployments: ChangeOption
  /** Waits until the channel may be written to again. */
  readonly turn: Turn
}

/** Where a message stands; `chat.update` wants both. */
type Place = { readonly channel: string; readonly ts: string }
type Answer = { readonly ok: true; readonly place: Place } | (Refusal & { readonly code?: string })
/** What is said beside an edit, and whether the whole channel sees it. */
type Reply = { readonly text: string; readonly isLoud: boolean }

/** What Slack means to take later, https://api.slack.com/methods/chat.postMessage#errors. */
const passing = ['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'timeout']
/** The first message is gone or too old: a new one takes its place. */
const lost = ['message_not_found', 'cant_update_message', 'edit_window_closed', 'channel_not_found', 'is_inactive']

/**
 * Posts one message for each group of alerts, or deployment, and edits it as that goes on. Because an edit calls nobody, what
 * is news is said in a reply as well. Where the message stands comes with what is sent, so it outlives the process.
 */
export function createBot({ token, channel, api, timeoutMs, deployments, turn }: BotOptions, doors: NotifierDoors): Notifier {
  const post = createRequest(doors, timeoutMs)

  async function call(method: string, body: object, signal: AbortSignal): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' }
    const result = await post({ url: under(api, `/${method}`), headers, body: JSON.stringify(body), secrets: [token, api] }, signal)
    if (!result.ok) return result
    const answer = parseJson(result.body)
    if (answer.ok === true && typeof answer.ts === 'string')
      return { ok: true, place: { channel: typeof answer.channel === 'string' ? answer.channel : channel, ts: answer.ts } }
    const code = typeof answer.error === 'string' ? answer.error : undefined
    const message = `${method} answered ${result.status}${excerptOf(code ?? result.body, [token])}`
    return {
      ok: false,
      retryable: code !== undefined && passing.includes(code),
      ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
      message,
      ...(code === undefined ? {} : { code }),
    }
  }

  async function write(body: object, signal: AbortSignal): Promise<Answer> {
    await turn(signal)
    return call('chat.postMessage', { unfurl_links: false, ...body }, signal)
  }

  async function edit(place: Place, message: Message, { text, isLoud }: Reply, signal: AbortSignal): Promise<Answer> {
    const edited = await call('chat.update', { ...place, ...toSlackBody(message) }, signal)
    if (!edited.ok) return edited
    const replied = await write({ channel: place.channel, thread_ts: place.ts, reply_broadcast: isLoud, text }, signal)
    return replied.ok ? edited : replied
  }

  async function tell(thread: string | null | undefined, message: Message, reply: Reply, signal: AbortSignal) {
    const place = toPlace(thread)
    const edited = place && (await edit(place, message, reply, signal))
    const isNew = !edited || (!edited.ok && lost.includes(edited.code ?? ''))
    const answer = isNew ? await write({ channel, ...toSlackBody(message) }, signal) : edited
    if (answer.ok) return { ok: true, detail: `message ${answer.place.ts}`, thread: `${answer.place.channel}/${answer.place.ts}` } as const
    const { code: _, ...refusal } = answer
    return refusal
  }

  return {
    hearsOfTaking: true,
    send(notification, signal) {
      const message = toMessage(notification, slackLimits)
      const { icon, title, ended, reason } = toMessage(notification, { alertsMax: 0, textMax: 500 })
      return tell(
        notification.thread,
        message,
        { text: `${icon} ${escapeMarkup(title)} (${escapeMarkup(reason)})`, isLoud: !ended && !notification.quiet },
        signal,
      )
    },
    ...changesFor(deployments, (news, signal) => {
      const message = toChangeMessage(news, slackLimits)
      return tell(news.thread, message, { text: `${message.icon} ${escapeMarkup(message.title)}`, isLoud: isBad(news) }, signal)
    }),
  }
}

function toPlace(thread: string | null | undefined): Place | undefined {
  const [channel = '', ts = ''] = (thread ?? '').split('/')
  return channel && ts ? { channel, ts } : undefined
}
