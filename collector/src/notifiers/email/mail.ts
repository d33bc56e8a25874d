import { createHash } from 'node:crypto'
import type { Notification } from '../../model/alert.ts'
import { toMessage, toText } from '../shared/message.ts'
import { toHtml } from './html.ts'

const alertsMax = 50
/** Longer subjects are cut on phones; this much reaches every list of mail. */
const subjectMax = 160

/**
 * A mail for one notification. Its id is the same for every try, so that a server may drop a double, and every mail of a group
 * refers to the same first one, which keeps them in one thread.
 */
export function createMail(notification: Notification, { from, to }: { from: string; to: readonly string[] }) {
  const message = toMessage(notification, { alertsMax })
  const host = hostOf(notification.externalUrl)
  const thread = `<group.${hash(notification.groupKey)}@${host}>`
  const subject = toMessage(notification, { alertsMax: 0, textMax: subjectMax }).title
  return {
    from,
    to: [...to],
    subject,
    text: toText(message),
    html: toHtml(message),
    messageId: `<${hash(notification.idempotencyKey)}@${host}>`,
    inReplyTo: thread,
    references: thread,
    headers: {
      // No answer from a holiday, and nobody's out-of-office in a loop (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Tidewatch-Status': message.ended ? 'resolved' : 'firing',
      ...(message.test ? { 'X-Tidewatch-Test': 'TEST' } : {}),
      ...(!message.ended && !message.test && message.severity === 'critical' ? { Importance: 'high' } : {}),
    },
  }
}

export type Mail = ReturnType<typeof createMail>

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

const hostOf = (url: string): string =>
  URL.canParse(url) && /^[a-z0-9.-]+$/i.test(new URL(url).hostname) ? new URL(url).hostname : 'tidewatch'
