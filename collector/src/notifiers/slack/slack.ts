import { z } from 'zod'
import { durationSchema } from '../../lib/duration.ts'
import type { Notifier } from '../../model/alert.ts'
import { defineNotifier, type NotifierDoors } from '../../model/kinds.ts'
import { createRequest, excerptOf } from '../shared/request.ts'
import { webAddress } from '../shared/web-address.ts'
import { createBot } from './bot.ts'
import { toSlackBody } from './slack-body.ts'

const schema = z
  .strictObject({
    url: webAddress.optional().meta({ description: 'An incoming webhook; or give token and channel.' }),
    token: z.string().min(1).optional().meta({ description: "A bot's token, with the scope chat:write." }),
    channel: z.string().min(1).optional().meta({ description: 'Its id, such as C0123456789: the bot must be a member.' }),
    api: webAddress.default('https://slack.com/api').meta({ description: "Where a bot's calls go." }),
    timeout: durationSchema.prefault('10s'),
  })
  .refine(({ url, token }) => (url === undefined) !== (token === undefined), 'give url, or token and channel')
  .refine(({ token, channel }) => (token === undefined) === (channel === undefined), 'token and channel go together')

/** Slack: an incoming webhook, or a bot that keeps one message for each group up to date. */
export const slack = defineNotifier({
  type: 'slack',
  schema,
  create({ url, token, channel, api, timeout }, doors): Notifier {
    if (url === undefined) return createBot({ token: token ?? '', channel: channel ?? '', api, timeoutMs: timeout }, doors)
    return createIncoming(url, timeout, doors)
  },
})

function createIncoming(url: string, timeoutMs: number, doors: NotifierDoors): Notifier {
  const post = createRequest(doors, timeoutMs)
  return {
    async send(notification, signal) {
      const result = await post({ url, body: JSON.stringify(toSlackBody(notification)) }, signal)
      if (!result.ok) return result
      // Slack's webhooks say yes with this word and nothing else; a proxy's page with 200 is no yes.
      if (result.body.trim() === 'ok') return { ok: true, detail: 'ok' }
      return { ok: false, retryable: false, message: `answered ${result.status}, but not "ok"${excerptOf(result.body, [url])}` }
    },
  }
}
