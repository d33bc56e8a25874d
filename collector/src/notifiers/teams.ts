import { z } from 'zod'
import type { SendResult } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { toChangeMessage } from './shared/change-message.ts'
import { changesFor, deploymentsOption } from './shared/change-option.ts'
import type { Fact, Link } from './shared/fact.ts'
import { type Entry, linksOfEntries, type Message, toMessage } from './shared/message.ts'
import { createRequest } from './shared/request.ts'
import { timeoutOption } from './shared/timeout-option.ts'
import { fitBody } from './shared/trim.ts'
import { createTurns } from './shared/turns.ts'
import { webAddress } from './shared/web-address.ts'

const schema = z.strictObject({
  url: webAddress.meta({ description: 'The address of a flow "When a Teams webhook request is received".' }),
  deployments: deploymentsOption,
  timeout: timeoutOption('15s'),
})

/** 28 KB by its documentation; less got through where it was measured. */
const bodyBytesMax = 20_000
const alertsMax = 10
/** Four requests a second are throttled. */
const everyMs = 334
/** A card shows six actions; three of them may lead to runbooks and panels. */
const entryLinksMax = 3

/** Microsoft Teams by a workflow, which takes adaptive cards. */
export const teams = defineNotifier({
  type: 'teams',
  schema,
  create({ url, timeout, deployments }, doors) {
    const post = createRequest(doors, timeout)
    const turn = createTurns(doors.clock, everyMs)

    async function tell(toCardMessage: (most: number, textMax: number) => Message, signal: AbortSignal): Promise<SendResult> {
      const body = fitBody(alertsMax, bodyBytesMax, (most, textMax) => JSON.stringify(toTeamsBody(toCardMessage(most, textMax))))
      await turn(signal)
      const result = await post({ url, body }, signal)
      return result.ok ? { ok: true, detail: String(result.status) } : result
    }

    return {
      send: (notification, signal) => tell((most, textMax) => toMessage(notification, { alertsMax: most, textMax }), signal),
      ...changesFor(deployments, (news, signal) => tell((_, textMax) => toChangeMessage(news, { textMax }), signal)),
    }
  },
})

/** Without `attachments` at the top a flow fails, although it said 202 before. */
function toTeamsBody(message: Message) {
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: toCard(message) }],
  }
}

const colorOf = ({ ended, severity }: Message | Entry): string => {
  if (ended) return 'Good'
  return { critical: 'Attention', high: 'Attention', warning: 'Warning', info: 'Accent' }[severity]
}

function toCard(message: Message) {
  const footer = [...(message.more ? [message.more] : []), ...(message.test ? ['TEST, nothing is wrong'] : []), message.reason]
  const links = [...message.links, ...linksOfEntries(message).slice(0, entryLinksMax)]
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    msteams: { width: 'full' },
    body: [
      {
        ...textBlock(`${message.icon} ${plain(message.title)}`),
        weight: 'Bolder',
        size: 'Medium',
        style: 'heading',
        color: colorOf(message),
      },
      ...(message.lede ? [textBlock(plain(message.lede))] : []),
      ...message.entries.flatMap((entry) => toRows(entry, message.single)),
      { ...textBlock(plain(footer.join(' · '))), isSubtle: true, size: 'Small', separator: true },
    ],
    actions: links.map(toAction),
  }
}

const toAction = ({ text, url }: Link) => ({ type: 'Action.OpenUrl', title: text, url })

function toRows(entry: Entry, isAlone: boolean) {
  const { icon, word, headline, facts } = entry
  const head = { ...textBlock(`${icon} **${word}** ${plain(headline)}`), color: colorOf(entry), separator: true }
  return [...(isAlone ? [] : [head]), { type: 'FactSet', facts: facts.map((fact) => ({ title: fact.name, value: markdownOf(fact) })) }]
}

const markdownOf = ({ text, url }: Fact): string => (url === undefined ? plain(text) : `[${plain(text)}](${url.replaceAll(')', '%29')})`)

const textBlock = (text: string) => ({ type: 'TextBlock', text, wrap: true })

/** A card reads Markdown: a label with stars in it shall stay what it is. */
const plain = (text: string): string => text.replace(/[\\*_`[\]~#]/g, '\\$&')
