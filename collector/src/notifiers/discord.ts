import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import type { Notification } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { type Entry, type Message, toMessage } from './shared/message.ts'
import { parseJson } from './shared/parse-json.ts'
import { createRequest, excerptOf } from './shared/request.ts'
import { trim } from './shared/trim.ts'
import { webAddress } from './shared/web-address.ts'

const schema = z.strictObject({
  url: webAddress.meta({ description: "A webhook of a channel, from the channel's settings under Integrations." }),
  timeout: durationSchema.prefault('10s'),
})

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits; the last counts all texts together. */
const limits = { embeds: 10, content: 2000, title: 256, description: 4096, total: 6000 }
/** A pause longer than this is cut, as with Retry-After. */
const pauseMsMax = 3_600_000

/** Discord. With `wait`, it answers when the message is kept; without, a message that is not kept gives no error. */
export const discord = defineNotifier({
  type: 'discord',
  schema,
  create({ url, timeout }, doors) {
    const post = createRequest(doors, timeout)
    const address = new URL(url)
    address.searchParams.set('wait', 'true')
    return {
      async send(notification, signal) {
        const body = JSON.stringify(toDiscordBody(notification))
        const result = await post({ url: address.href, body, secrets: [url], pauseMsOf }, signal)
        if (!result.ok) return result
        if (typeof parseJson(result.body).id === 'string') return { ok: true, detail: String(result.status) }
        return {
          ok: false,
          retryable: false,
          message: `answered ${result.status} without a message${excerptOf(result.body, [address.href, url])}`,
        }
      },
    }
  },
})

function pauseMsOf(body: string): number | undefined {
  const { retry_after: seconds } = parseJson(body)
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return undefined
  return Math.min(pauseMsMax, Math.ceil(seconds * 1000))
}

/** As many alerts as the sum of all texts allows. */
function toDiscordBody(notification: Notification) {
  for (let alertsMax = limits.embeds; alertsMax > 1; alertsMax--) {
    const message = toMessage(notification, { alertsMax, textMax: 700 })
    const embeds = message.entries.map(toEmbed)
    if (embeds.reduce((sum, { title, description }) => sum + title.length + description.length, 0) <= limits.total)
      return toBody(message, embeds)
  }
  const message = toMessage(notification, { alertsMax: 1, textMax: 700 })
  return toBody(message, message.entries.map(toEmbed))
}

function toBody({ icon, title, more, test, reason, url }: Message, embeds: readonly object[]) {
  const footer = [...(more ? [more] : []), ...(test ? ['TEST, nothing is wrong'] : []), reason].join(' · ')
  return {
    content: trim(`${icon} **${plain(title)}**\n${plain(footer)}\n<${url}>`, limits.content),
    embeds,
    // No text from outside calls anybody.
    allowed_mentions: { parse: [] },
  }
}

function toEmbed({ icon, word, headline, facts, color, runbookUrl }: Entry) {
  const lines = facts.map(({ name, text }) => `**${name}:** ${plain(text)}`)
  return {
    title: trim(`${icon} ${word}: ${headline}`, limits.title),
    description: trim(
      [...lines, ...(runbookUrl ? [`[Runbook](${runbookUrl.replaceAll(')', '%29')})`] : [])].join('\n'),
      limits.description,
    ),
    color: Number.parseInt(color, 16),
  }
}

const plain = (text: string): string => text.replace(/[\\*_`~|>[\]]/g, '\\$&')
