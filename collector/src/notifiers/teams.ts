import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import type { Notification } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { type Entry, type Message, toMessage } from './shared/message.ts'
import { createRequest } from './shared/request.ts'
import { fitBody } from './shared/trim.ts'
import { webAddress } from './shared/web-address.ts'

const schema = z.strictObject({
  url: webAddress.meta({ description: 'The address of a flow "When a Teams webhook request is received".' }),
  timeout: durationSchema.prefault('15s'),
})

/** 28 KB by its documentation; less got through where it was measured. */
const bodyBytesMax = 20_000
const alertsMax = 10

/** Microsoft Teams by a workflow, which takes adaptive cards. */
export const teams = defineNotifier({
  type: 'teams',
  schema,
  create({ url, timeout }, doors) {
    const post = createRequest(doors, timeout)
    return {
      async send(notification, signal) {
        const body = fitBody(alertsMax, bodyBytesMax, (most, textMax) => JSON.stringify(toTeamsBody(notification, most, textMax)))
        const result = await post({ url, body }, signal)
        return result.ok ? { ok: true, detail: String(result.status) } : result
      },
    }
  },
})

/** Without `attachments` at the top a flow fails, although it said 202 before. */
function toTeamsBody(notification: Notification, most: number, textMax: number) {
  const message = toMessage(notification, { alertsMax: most, textMax })
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
      ...message.entries.flatMap(toRows),
      { ...textBlock(plain(footer.join(' · '))), isSubtle: true, size: 'Small', separator: true },
    ],
    actions: [
      { type: 'Action.OpenUrl', title: 'Open Tidewatch', url: message.url },
      ...message.entries
        .flatMap(({ runbookUrl }) => (runbookUrl ? [runbookUrl] : []))
        .slice(0, 3)
        .map((url) => ({ type: 'Action.OpenUrl', title: 'Runbook', url })),
    ],
  }
}

function toRows(entry: Entry) {
  const { icon, word, headline, facts } = entry
  return [
    { ...textBlock(`${icon} **${word}** ${plain(headline)}`), color: colorOf(entry), separator: true },
    { type: 'FactSet', facts: facts.map(({ name, text }) => ({ title: name, value: plain(text) })) },
  ]
}

const textBlock = (text: string) => ({ type: 'TextBlock', text, wrap: true })

/** A card reads Markdown: a label with stars in it shall stay what it is. */
const plain = (text: string): string => text.replace(/[\\*_`[\]~#]/g, '\\$&')
