import { z } from 'zod'
import type { Notifier, SendResult } from '../../model/alert.ts'
import { defineNotifier, type NotifierDoors } from '../../model/kinds.ts'
import { toChangeMessage } from '../shared/change-message.ts'
import { type ChangeOption, changesFor, deploymentsOption } from '../shared/change-option.ts'
import { type Message, toMessage } from '../shared/message.ts'
import { parseJson } from '../shared/parse-json.ts'
import { createRequest, excerptOf } from '../shared/request.ts'
import { timeoutOption } from '../shared/timeout-option.ts'
import { createTurns, type Turn } from '../shared/turns.ts'
import { webAddress } from '../shared/web-address.ts'
import { createBot } from './bot.ts'
import { slackLimits, toSlackBody } from './slack-body.ts'

const schema = z
  .strictObject({
    url: webAddress.optional().meta({ description: 'An incoming webhook; or give token and channel.' }),
    token: z.string().min(1).optional().meta({ description: "A bot's token, with the scope chat:write." }),
    channel: z.string().min(1).optional().meta({ description: 'Its id, such as C0123456789: the bot must be a member.' }),
    api: webAddress.default('https://slack.com/api').meta({ description: "Where a bot's calls go." }),
    deployments: deploymentsOption,
    timeout: timeoutOption('10s'),
  })
  .refine(({ url, token }) => (url === undefined) !== (token === undefined), 'give url, or token and channel')
  .refine(({ token, channel }) => (token === undefined) === (channel === undefined), 'token and channel go together')

/** https://docs.slack.dev/apis/web-api/rate-limits: a message a second for each channel. */
const everyMs = 1000

/** Slack: an incoming webhook, or a bot that keeps one message for each group up to date. */
export const slack = defineNotifier({
  type: 'slack',
  schema,
  create({ url, token, channel, api, timeout, deployments }, doors): Notifier {
    const turn = createTurns(doors.clock, everyMs)
    if (url !== undefined) return createIncoming({ url, timeoutMs: timeout, deployments, turn }, doors)
    return createBot({ token: token ?? '', channel: channel ?? '', api, timeoutMs: timeout, deployments, turn }, doors)
  },
})

type IncomingOptions = { readonly url: string; readonly timeoutMs: number; readonly deployments: ChangeOption; readonly turn: Turn }

function createIncoming({ url, timeoutMs, deployments, turn }: IncomingOptions, doors: NotifierDoors): Notifier {
  const post = createRequest(doors, timeoutMs)

  async function tell(message: Message, signal: AbortSignal): Promise<SendResult> {
    await turn(signal)
    const result = await post({ url, body: JSON.stringify(toSlackBody(message)) }, signal)
    if (!result.ok) return result
    // Slack's webhooks say yes with this word and nothing else, those of workflows with {"ok":true}; a proxy's page with 200 is no yes.
    if (result.body === 'ok' || parseJson(result.body).ok === true) return { ok: true, detail: 'ok' }
    return { ok: false, retryable: false, message: `answered ${result.status}, but not "ok"${excerptOf(result.body, [url])}` }
  }

  return {
    send: (notification, signal) => tell(toMessage(notification, slackLimits), signal),
    ...changesFor(deployments, (news, signal) => tell(toChangeMessage(news, slackLimits), signal)),
  }
}
