import type { Notification, Notifier } from '../../model/alert.ts'
import type { NotifierDoors } from '../../model/kinds.ts'
import { toMessage } from '../shared/message.ts'
import { parseJson } from '../shared/parse-json.ts'
import { createRequest, excerptOf, type Refusal } from '../shared/request.ts'
import { under } from '../shared/web-address.ts'
import { escapeMarkup, toSlackBody } from './slack-body.ts'

export type BotOptions = { readonly token: string; readonly channel: string; readonly api: string; readonly timeoutMs: number }

/** Where a message stands; `chat.update` wants both. */
type Place = { readonly channel: string; readonly ts: string }
type Answer = { readonly ok: true; readonly place: Place } | (Refusal & { readonly code?: string })

/** Groups whose message is remembered; the oldest is forgotten and gets a new message. */
const placesMax = 1000
/** What Slack means to take later, https://api.slack.com/methods/chat.postMessage#errors. */
const passing = ['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'timeout']
/** The first message is gone or too old: a new one takes its place. */
const lost = ['message_not_found', 'cant_update_message', 'edit_window_closed', 'channel_not_found', 'is_inactive']

/**
 * Posts one message for each group and edits it as the group changes. Because an edit calls nobody, what is news is said in a
 * reply as well. Which message belongs to which group is known until the collector stops; after that a new one is posted.
 */
export function createBot({ token, channel, api, timeoutMs }: BotOptions, doors: NotifierDoors): Notifier {
  const post = createRequest(doors, timeoutMs)
  const places = new Map<string, Place>()

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

  function remember({ groupKey, status }: Notification, place: Place): void {
    places.delete(groupKey)
    // What is over is told; a new outage of the same group deserves a message that people see.
    if (status === 'resolved') return
    places.set(groupKey, place)
    const [oldest] = places.keys()
    if (places.size > placesMax && oldest !== undefined) places.delete(oldest)
  }

  async function update(notification: Notification, place: Place, signal: AbortSignal): Promise<Answer> {
    const edited = await call('chat.update', { ...place, ...toSlackBody(notification) }, signal)
    if (!edited.ok) return edited
    const { icon, title, ended, reason } = toMessage(notification, { alertsMax: 0, textMax: 500 })
    const reply = {
      channel: place.channel,
      thread_ts: place.ts,
      reply_broadcast: !ended,
      text: `${icon} ${escapeMarkup(title)} (${reason})`,
    }
    const replied = await call('chat.postMessage', reply, signal)
    return replied.ok ? edited : replied
  }

  return {
    async send(notification, signal) {
      const known = places.get(notification.groupKey)
      const edited = known ? await update(notification, known, signal) : undefined
      const isNew = !edited || (!edited.ok && lost.includes(edited.code ?? ''))
      const answer = !isNew
        ? edited
        : await call('chat.postMessage', { channel, unfurl_links: false, ...toSlackBody(notification) }, signal)
      if (answer.ok) {
        remember(notification, answer.place)
        return { ok: true, detail: `message ${answer.place.ts}` }
      }
      const { code: _, ...refusal } = answer
      return refusal
    },
  }
}
