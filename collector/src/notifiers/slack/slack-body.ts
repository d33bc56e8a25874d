import type { Fact, Link } from '../shared/fact.ts'
import type { Entry, Message } from '../shared/message.ts'
import { fitLines } from '../shared/trim.ts'

/** A section takes 3,000 characters, a message 50 blocks; ten alerts are what a person reads in a chat. */
const sectionMax = 3000
export const slackLimits = { alertsMax: 10, textMax: 500 }

/**
 * A message of Slack: the title as text, which is also what a phone shows, and the entries as blocks beside a bar of colour.
 * https://docs.slack.dev/reference/block-kit/blocks/section-block
 */
export function toSlackBody(message: Message) {
  return {
    text: `${message.icon} *${escapeMarkup(message.title)}*${message.lede ? `\n${escapeMarkup(message.lede)}` : ''}`,
    attachments: [{ color: `#${message.color}`, fallback: escapeMarkup(message.title), blocks: toBlocks(message) }],
  }
}

function toBlocks(message: Message) {
  const notes = [...(message.more ? [message.more] : []), ...(message.test ? ['TEST, nothing is wrong'] : []), escapeMarkup(message.reason)]
  const footer = fitLines(message.links.map(toLink).join(' · '), notes, [], sectionMax).replaceAll('\n', ' · ')
  const sections = message.entries.map((entry) => sectionOf(entry, message.single)).filter((text) => text !== '')
  return [...sections.map((text) => ({ type: 'section', text: textOf(text) })), { type: 'context', elements: [textOf(footer)] }]
}

/**
 * With `verbatim` Slack looks for no names of channels and people in a text: @here in a label is a word.
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
const textOf = (text: string) => ({ type: 'mrkdwn', text, verbatim: true })

/** The headline stands above already where there is one entry. */
function sectionOf({ icon, word, headline, facts, links }: Entry, isAlone: boolean): string {
  const [first = '', ...rest] = [...(isAlone ? [] : [`${icon} *${word}* ${escapeMarkup(headline)}`]), ...facts.map(toLine)]
  return fitLines(first, rest, links.map(toLink), sectionMax)
}

function toLine({ name, text, url, isCommand }: Fact): string {
  if (url !== undefined) return `*${name}:* ${toLink({ text, url })}`
  return `*${name}:* ${isCommand && !text.includes('`') ? `\`${escapeMarkup(text)}\`` : withLinks(escapeMarkup(text))}`
}

/** Nor does it find addresses any more. */
const withLinks = (escaped: string): string => escaped.replace(/https?:\/\/(?:(?!&[lg]t;)[^\s|])+/g, '<$&>')

const toLink = ({ text, url }: Link): string => `<${escapeMarkup(url).replaceAll('|', '%7C')}|${escapeMarkup(text)}>`

/** Slack's three signs; with them gone, no text from outside can call a channel. */
export const escapeMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
