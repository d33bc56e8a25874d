import { z } from 'zod'
import type { SendResult } from '../model/alert.ts'
import { defineNotifier } from '../model/kinds.ts'
import { toChangeMessage } from './shared/change-message.ts'
import { changesFor, deploymentsOption } from './shared/change-option.ts'
import type { Link } from './shared/fact.ts'
import { factText, linksOfEntries, type Message, toMessage } from './shared/message.ts'
import { parseJson } from './shared/parse-json.ts'
import { createRequest, excerptOf } from './shared/request.ts'
import { timeoutOption } from './shared/timeout-option.ts'
import { fitBody } from './shared/trim.ts'
import { webAddress } from './shared/web-address.ts'

const schema = z.strictObject({
  topic: z
    .string()
    .regex(/^[-_A-Za-z0-9]{1,64}$/, 'may hold letters, digits, - and _, 64 at most')
    .meta({
      description: 'On a public server its name is the only secret.',
    }),
  token: z.string().min(1).optional().meta({ description: 'An access token, where the topic is protected.' }),
  url: webAddress.default('https://ntfy.sh').meta({ description: 'The server.' }),
  deployments: deploymentsOption,
  timeout: timeoutOption('10s'),
})

/** A longer message becomes an attachment, https://docs.ntfy.sh/publish/#limitations. */
const messageBytesMax = 4096
const alertsMax = 10
/** https://docs.ntfy.sh/publish/#action-buttons. */
const actionsMax = 3

/** ntfy: a push message to phones and desktops. */
export const ntfy = defineNotifier({
  type: 'ntfy',
  schema,
  create({ topic, token, url, timeout, deployments }, doors) {
    const post = createRequest(doors, timeout)
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}

    async function tell(toPushMessage: ToMessage, signal: AbortSignal): Promise<SendResult> {
      const body = JSON.stringify({ topic, ...toNtfyBody(toPushMessage) })
      // Published as JSON to the root: titles in headers could not hold more than ASCII.
      const result = await post({ url: under(url), headers, body, secrets: [token, topic, url] }, signal)
      if (!result.ok) return result
      // The page of a proxy is no message.
      if (typeof parseJson(result.body).id === 'string') return { ok: true, detail: String(result.status) }
      const said = excerptOf(result.body, [token, topic, url])
      return { ok: false, retryable: false, message: `answered ${result.status} without a message${said}` }
    }

    return {
      send: (notification, signal) => tell((most, textMax) => toMessage(notification, { alertsMax: most, textMax }), signal),
      ...changesFor(deployments, (news, signal) => tell((_, textMax) => toChangeMessage(news, { textMax }), signal)),
    }
  },
})

const under = (url: string): string => `${url.replace(/\/+$/, '')}/`

type ToMessage = (alertsMax: number, textMax: number) => Message

function toNtfyBody(toPushMessage: ToMessage) {
  const message = toPushMessage(alertsMax, 200)
  return {
    title: `${message.icon} ${message.title}`,
    message: fitBody(alertsMax, messageBytesMax, (most, textMax) => toLines(toPushMessage(most, textMax))),
    priority: priorityOf(message),
    tags: message.test ? ['TEST'] : [message.ended ? 'resolved' : message.severity],
    click: message.url,
    actions: [...message.links, ...linksOfEntries(message)].slice(0, actionsMax).map(toAction),
  }
}

/** 5 rings until it is seen; what ended, and a test, make no more noise than usual. */
function priorityOf({ ended, test, severity }: Message): number {
  return ended || test ? 3 : { critical: 5, high: 4, warning: 3, info: 2 }[severity]
}

const toAction = ({ text, url }: Link) => ({ action: 'view', label: text, url })

function toLines({ lede, entries, single, more, reason }: Message): string {
  const alerts = entries.map(({ icon, word, headline, facts }) =>
    [...(single ? [] : [`${icon} ${word}: ${headline}`]), ...facts.map((fact) => `${fact.name}: ${factText(fact)}`)].join('\n'),
  )
  return [...(lede ? [lede] : []), ...alerts, ...(more ? [more] : []), reason].join('\n\n')
}
