import { createHash } from 'node:crypto'
import type { Notification, Severity } from '../../model/alert.ts'
import type { ChangeNews } from '../../model/change-notice.ts'
import { toChangeMessage } from '../shared/change-message.ts'
import { type Entry, type Message, toMessage, toText } from '../shared/message.ts'
import { bytesOf, firstFit } from '../shared/trim.ts'
import { toHtml } from './html.ts'
import { toPng } from './png.ts'
import { drawSparkline } from './sparkline.ts'

const alertsMax = 50
/** Gmail cuts what is longer than 102 KB; pictures and their words take the rest. */
const htmlBytesMax = 90_000
/** So many fit into what a mail server takes; the words of the others stand in the text. */
const picturesMax = 10
/** Longer subjects are cut on phones; this much reaches every list of mail. */
const subjectMax = 160

type Addresses = { readonly from: string; readonly to: readonly string[] }
type Letter = Addresses & {
  readonly message: Message
  readonly subject: string
  /** What the mails of one thread have in common. */
  readonly about: string
  readonly status: string
  readonly idempotencyKey: string
  readonly externalUrl: string
}

/** A mail for one notification. */
export function createMail(notification: Notification, addresses: Addresses) {
  const { groupKey, status, idempotencyKey, externalUrl } = notification
  const message = firstFit(alertsMax, (most, textMax) => toMessage(notification, { alertsMax: most, textMax }), isShownWhole)
  const subject = toMessage(notification, { alertsMax: 0, textMax: subjectMax }).title
  return toMail({ ...addresses, message, subject, about: `group.${hash(groupKey)}`, status, idempotencyKey, externalUrl })
}

const isShownWhole = (message: Message): boolean => bytesOf(toHtml(message, () => undefined)) <= htmlBytesMax

/** A mail that says how a change stands. */
export function createChangeMail(news: ChangeNews, addresses: Addresses) {
  const { change, idempotencyKey, externalUrl } = news
  const subject = toChangeMessage(news, { textMax: subjectMax }).title
  return toMail({
    ...addresses,
    message: toChangeMessage(news),
    subject,
    about: `change.${hash(change.id)}`,
    status: change.status,
    idempotencyKey,
    externalUrl,
  })
}

/**
 * Its id is the same for every try, so that a server may drop a double, and every mail about the same refers to the same first
 * one, which keeps them in one thread.
 */
function toMail({ from, to, message, subject, about, status, idempotencyKey, externalUrl }: Letter) {
  const host = hostOf(externalUrl)
  const thread = `<${about}@${host}>`
  const drawn = message.entries.filter(({ course }) => course).slice(0, picturesMax)
  const cidOf = (place: number) => `value-${place}.${hash(idempotencyKey)}@${host}`
  return {
    from,
    to: [...to],
    subject,
    text: toText(message),
    html: toHtml(message, (entry) => (drawn.includes(entry) ? cidOf(drawn.indexOf(entry)) : undefined)),
    attachments: drawn.flatMap((entry, place) => toAttachment(entry, cidOf(place), place)),
    messageId: `<${hash(idempotencyKey)}@${host}>`,
    inReplyTo: thread,
    references: thread,
    headers: {
      // No answer from a holiday, and nobody's out-of-office in a loop (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Tidewatch-Status': status,
      ...(message.test ? { 'X-Tidewatch-Test': 'TEST' } : {}),
      ...(!message.ended && !message.test && message.severity === 'critical' ? { Importance: 'high' } : {}),
    },
  }
}

/** Colours that stand out by 3 to 1 on white and on the near-black of mail programs. */
const inks: Readonly<Record<Severity, string>> = { critical: 'e5484d', high: 'e8590c', warning: 'b07d00', info: '4c84e6' }
const endedInk = '2da44e'

function toAttachment({ course, severity, ended }: Entry, cid: string, place: number) {
  if (!course) return []
  const content = toPng(drawSparkline(course, ended ? endedInk : inks[severity]))
  return [{ cid, content, filename: `value-${place}.png`, contentType: 'image/png', contentDisposition: 'inline' as const }]
}

export type Mail = ReturnType<typeof toMail>

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

const hostOf = (url: string): string =>
  URL.canParse(url) && /^[a-z0-9.-]+$/i.test(new URL(url).hostname) ? new URL(url).hostname : 'tidewatch'
