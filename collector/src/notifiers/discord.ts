import { z } from 'zod'
import type { Notification, SendResult } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { toChangeMessage } from './shared/change-message.ts'
import { changesFor, deploymentsOption } from './shared/change-option.ts'
import type { Fact, Link } from './shared/fact.ts'
import { type Entry, type Message, toMessage } from './shared/message.ts'
import { parseJson } from './shared/parse-json.ts'
import { createRequest, excerptOf } from './shared/request.ts'
import { timeoutOption } from './shared/timeout-option.ts'
import { fitLines, trim } from './shared/trim.ts'
import { webAddress } from './shared/web-address.ts'

const schema = z.strictObject({
  url: webAddress.meta({ description: "A webhook of a channel, from the channel's settings under Integrations." }),
  deployments: deploymentsOption,
  timeout: timeoutOption('10s'),
})

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits; the last counts all texts together. */
const limits = { embeds: 10, content: 2000, title: 256, description: 4096, total: 6000 }
const textMax = 700
/** A pause longer than this is cut, as with Retry-After. */
const pauseMsMax = 3_600_000

/** Discord. With `wait`, it answers when the message is kept; without, a message that is not kept gives no error. */
export const discord = defineNotifier({
  type: 'discord',
  schema,
  create({ url, timeout, deployments }, doors) {
    const post = createRequest(doors, timeout)
    const address = new URL(url)
    address.searchParams.set('wait', 'true')

    async function tell(content: object, signal: AbortSignal): Promise<SendResult> {
      const result = await post({ url: address.href, body: JSON.stringify(content), secrets: [url], pauseMsOf }, signal)
      if (!result.ok) return result
      if (typeof parseJson(result.body).id === 'string') return { ok: true, detail: String(result.status) }
      const message = `answered ${result.status} without a message${excerptOf(result.body, [address.href, url])}`
      return { ok: false, retryable: false, message }
    }

    return {
      send: (notification, signal) => tell(toDiscordBody(notification), signal),
      ...changesFor(deployments, (news, signal) => {
        const message = toChangeMessage(news, { textMax })
        return tell(toBody(message, toEmbeds(message)), signal)
      }),
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
    const message = toMessage(notification, { alertsMax, textMax })
    const embeds = toEmbeds(message)
    if (embeds.reduce((sum, { title = '', description }) => sum + title.length + description.length, 0) <= limits.total)
      return toBody(message, embeds)
  }
  const message = toMessage(notification, { alertsMax: 1, textMax })
  return toBody(message, toEmbeds(message))
}

function toBody({ icon, title, lede, more, test, reason, links }: Message, embeds: readonly object[]) {
  const footer = [...(more ? [more] : []), ...(test ? ['TEST, nothing is wrong'] : []), reason].join(' · ')
  return {
    content: fitLines(
      `${icon} **${plain(title)}**`,
      [...(lede ? [plain(lede)] : []), plain(footer)],
      [links.map(toLink).join(' · ')],
      limits.content,
    ),
    embeds,
    // No text from outside calls anybody.
    allowed_mentions: { parse: [] },
  }
}

/** The headline stands above already where there is one entry. */
const toEmbeds = ({ entries, single }: Message) => entries.map((entry) => toEmbed(entry, single))

function toEmbed({ icon, word, headline, facts, color, links }: Entry, isAlone: boolean) {
  const [first = '', ...rest] = facts.map(toLine)
  const places = links.length > 0 ? [links.map(toLink).join(' · ')] : []
  return {
    ...(isAlone ? {} : { title: fitTitle(`${icon} ${word}: `, headline) }),
    description: fitLines(first, rest, places, limits.description),
    color: Number.parseInt(color, 16),
  }
}

function toLine({ name, text, url, isCommand }: Fact): string {
  if (url !== undefined) return `**${name}:** ${toLink({ text, url })}`
  return `**${name}:** ${isCommand && !text.includes('`') ? `\`${text}\`` : plain(text)}`
}

/** In signs of less and greater, an address draws no preview. */
const toLink = ({ text, url }: Link): string => `[${plain(text)}](<${url.replaceAll('>', '%3E').replaceAll(')', '%29')}>)`

/** A title is read as Markdown, too; what is cut is not cut behind a backslash. */
function fitTitle(first: string, headline: string): string {
  const room = limits.title - first.length
  const kept = trim(headline, room)
  return `${first}${plain(kept).length <= room ? plain(kept) : plain(trim(headline, Math.floor(room / 2)))}`
}

/** A sign of number or a dash at the beginning of a line would make a heading or a list of it. */
const plain = (text: string): string => text.replace(/[\\*_`~|>#[\]]|^-/gm, '\\$&')
