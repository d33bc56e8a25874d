import type { Notification } from '../../model/alert.ts'
import { type Entry, type Message, toMessage } from '../shared/message.ts'
import { trim } from '../shared/trim.ts'

/** A section takes 3,000 characters, a message 50 blocks; ten alerts are what a person reads in a chat. */
const sectionMax = 3000
const alertsMax = 10

/**
 * A message of Slack: the title as text, which is also what a phone shows, and the alerts as blocks beside a bar of colour.
 * https://docs.slack.dev/reference/block-kit/blocks/section-block
 */
export function toSlackBody(notification: Notification) {
  const message = toMessage(notification, { alertsMax, textMax: 500 })
  return {
    text: `${message.icon} *${escapeMarkup(message.title)}*`,
    attachments: [{ color: `#${message.color}`, fallback: escapeMarkup(message.title), blocks: toBlocks(message) }],
  }
}

function toBlocks(message: Message) {
  const footer = [
    ...(message.more ? [message.more] : []),
    ...(message.test ? ['TEST, nothing is wrong'] : []),
    message.reason,
    `<${message.url}|Open Tidewatch>`,
  ]
  return [
    ...message.entries.map((entry) => ({ type: 'section', text: { type: 'mrkdwn', text: trim(sectionOf(entry), sectionMax) } })),
    { type: 'context', elements: [{ type: 'mrkdwn', text: footer.join(' · ') }] },
  ]
}

function sectionOf({ icon, word, headline, facts, runbookUrl }: Entry): string {
  return [
    `${icon} *${word}* ${escapeMarkup(headline)}`,
    ...facts.map(({ name, text }) => `*${name}:* ${escapeMarkup(text)}`),
    ...(runbookUrl ? [`<${escapeMarkup(runbookUrl).replaceAll('|', '%7C')}|Runbook>`] : []),
  ].join('\n')
}

/** Slack's three signs; with them gone, no text from outside can call a channel. */
export const escapeMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
