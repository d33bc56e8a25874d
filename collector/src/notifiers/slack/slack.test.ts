import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Notification } from '../../model/alert.ts'
import { awaitedFetch, passing } from '../contract/patience.ts'
import { hugeNotification, sampleNotification, startReceiver, type TestReceiver, testNotifier } from '../contract.ts'
import { slack } from './slack.ts'

const taken = { status: 200, body: JSON.stringify({ ok: true, channel: 'C1', ts: '1.5' }) }

testNotifier('slack by webhook', {
  create: (url, doors) => slack.create(slack.schema.parse({ url, timeout: '5s', deployments: true }), doors),
  accepted: { status: 200, body: 'ok' },
  wrongBody: { status: 200, body: '<!doctype html><title>ok</title>' },
  tellsChanges: true,
  patienceMs: 5000,
})

testNotifier('slack by bot', {
  create: (api, doors) =>
    slack.create(slack.schema.parse({ token: 'xoxb-secret', channel: 'C1', api, timeout: '5s', deployments: true }), doors),
  accepted: taken,
  wrongBody: { status: 200, body: '{"ok":false,"error":"not_in_channel"}' },
  tellsChanges: true,
  patienceMs: 5000,
})

let receiver: TestReceiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.stop())

const signal = new AbortController().signal
const clock = createFakeClock()
const doors = { fetch: awaitedFetch, log: silentLog, clock }
const bodies = () => receiver.received.map(({ body }) => JSON.parse(body))

describe('a Slack message', () => {
  const send = async (notification: Notification) => {
    receiver.answer = (response) => response.end('ok')
    await slack.create(slack.schema.parse({ url: receiver.url }), doors).send(notification, signal)
    return bodies()[0]
  }

  test('tells what fires, why, and what changed before', async () => {
    const body = await send(sampleNotification)
    expect(body.text).toBe(
      '🔴 *CRITICAL: HighCpu (1 firing, 1 resolved)*\nsince 00:00 UTC · changed before: api 1.4.2 deployed by jane 4 min before',
    )
    const [first, second] = body.attachments[0].blocks
    expect(first.text.text).toContain('*Changed before:* api 1.4.2 deployed by jane 4 min before')
    expect(second.text.text).toContain('✅ *RESOLVED* CPU is at 97')
  })

  test.each([
    ['{"ok":true}', true],
    ['{"ok":false,"error":"x"}', false],
    ['<html>ok</html>', false],
  ])('takes the answer %s for yes: %j', async (answer, ok) => {
    receiver.answer = (response) => response.end(answer)
    const result = await slack.create(slack.schema.parse({ url: receiver.url }), doors).send(sampleNotification, signal)
    expect(result.ok).toBe(ok)
  })

  test('calls no channel, whatever a label holds', async () => {
    const [alert] = sampleNotification.alerts
    if (!alert) throw new Error('the sample has alerts')
    const body = await send({ ...sampleNotification, alerts: [{ ...alert, annotations: { summary: '<!channel> & <@U1>' } }] })
    expect(JSON.stringify(body)).not.toMatch(/<[!@]/)
    expect(body.text).toContain('&lt;!channel&gt; &amp;')
  })

  test('lets Slack look for no names in what others say, and shows addresses itself', async () => {
    const [alert] = sampleNotification.alerts
    if (!alert) throw new Error('the sample has alerts')
    const description = '@here see <https://wiki.example.org/a?b=1&c=2> or http://x.example.org|y'
    const { blocks } = (await send({ ...sampleNotification, alerts: [{ ...alert, annotations: { description } }] })).attachments[0]
    for (const block of blocks) expect(block.text ?? block.elements[0]).toMatchObject({ type: 'mrkdwn', verbatim: true })
    expect(blocks[0].text.text).toContain('@here see &lt;<https://wiki.example.org/a?b=1&amp;c=2>&gt; or <http://x.example.org>|y')
  })

  test('keeps to the limits and says how many alerts it left out', async () => {
    const { blocks } = (await send(hugeNotification)).attachments[0]
    expect(blocks.length).toBeLessThanOrEqual(50)
    for (const block of blocks) if (block.text) expect(block.text.text.length).toBeLessThanOrEqual(3000)
    expect(JSON.stringify(blocks)).toContain('… and 990 more alerts')
  })
})

describe('a Slack bot', () => {
  const create = () => slack.create(slack.schema.parse({ token: 'xoxb-secret', channel: 'C1', api: receiver.url }), doors)
  /** Sends as the queue does: with what the bot said before of the same group, and as patiently as the bot wants. */
  const threads = new Map<string, string | undefined>()
  async function tell(notification: Notification, bot = create()) {
    const thread = threads.get(notification.groupKey)
    const sending = bot.send({ ...notification, ...(thread && { thread }) }, signal)
    const result = await passing(clock, sending)
    threads.set(notification.groupKey, result.ok && notification.status === 'firing' ? result.thread : undefined)
    return result
  }
  const paths = () => receiver.received.map(({ path }) => path)
  const answerJson = (value: object, headers = {}) => {
    receiver.answer = (response) => response.writeHead(200, headers).end(JSON.stringify(value))
  }
  const over: Notification = { ...sampleNotification, status: 'resolved', reason: 'all alerts resolved' }

  beforeEach(() => {
    threads.clear()
    answerJson({ ok: true, channel: 'C1', ts: '1.5' })
  })

  test('edits the first message of a group and says the news in a reply that the channel sees', async () => {
    await tell(sampleNotification)
    await tell({ ...sampleNotification, reason: 'new alerts added' })
    expect(paths()).toEqual(['/chat.postMessage', '/chat.update', '/chat.postMessage'])
    expect(receiver.received[0]?.headers.authorization).toBe('Bearer xoxb-secret')
    expect(bodies()[1]).toMatchObject({ channel: 'C1', ts: '1.5' })
    expect(bodies()[2]).toMatchObject({ thread_ts: '1.5', reply_broadcast: true, text: expect.stringContaining('new alerts added') })
  })

  test('says quietly who took the alerts, and calls nobody by a name', async () => {
    await tell(sampleNotification)
    await tell({ ...sampleNotification, reason: 'acknowledged by <!channel>', quiet: true })
    expect(paths()).toEqual(['/chat.postMessage', '/chat.update', '/chat.postMessage'])
    expect(bodies()[2]).toMatchObject({ reply_broadcast: false, text: expect.stringContaining('(acknowledged by &lt;!channel&gt;)') })
  })

  test('tells the end quietly, and begins anew with the next outage', async () => {
    for (const notification of [sampleNotification, over, sampleNotification]) await tell(notification)
    expect(paths()).toEqual(['/chat.postMessage', '/chat.update', '/chat.postMessage', '/chat.postMessage'])
    expect(bodies()[2]).toMatchObject({ reply_broadcast: false })
    expect(bodies()[3]).not.toHaveProperty('thread_ts')
  })

  test('keeps groups apart', async () => {
    await tell(sampleNotification)
    await tell({ ...sampleNotification, groupKey: 'other' })
    expect(paths()).toEqual(['/chat.postMessage', '/chat.postMessage'])
  })

  test('posts a new message when the first was deleted', async () => {
    await tell(sampleNotification)
    const answers = [
      { ok: false, error: 'message_not_found' },
      { ok: true, channel: 'C1', ts: '2.5' },
    ]
    receiver.answer = (response) => response.end(JSON.stringify(answers.shift()))
    expect(await tell(sampleNotification)).toEqual({ ok: true, detail: 'message 2.5', thread: 'C1/2.5' })
  })

  test('writes to its channel once a second at most, and not at all when it is stopped meanwhile', async () => {
    const bot = create()
    await bot.send(sampleNotification, signal)
    const second = bot.send({ ...sampleNotification, groupKey: 'other' }, signal)
    await clock.advance(999)
    expect(paths()).toHaveLength(1)
    await clock.advance(1)
    await second
    expect(paths()).toHaveLength(2)
    const stopping = new AbortController()
    const third = bot.send({ ...sampleNotification, groupKey: 'third' }, stopping.signal)
    stopping.abort()
    expect(await third).toMatchObject({ ok: false, retryable: true })
    expect(paths()).toHaveLength(2)
  })

  test('tries again what Slack means to take later, and gives up what it refuses', async () => {
    answerJson({ ok: false, error: 'ratelimited' }, { 'retry-after': '7' })
    expect(await create().send(sampleNotification, signal)).toMatchObject({ ok: false, retryable: true, retryAfterMs: 7000 })
    answerJson({ ok: false, error: 'invalid_auth' })
    const refusal = await create().send(sampleNotification, signal)
    expect(refusal).toEqual({ ok: false, retryable: false, message: 'chat.postMessage answered 200: invalid_auth' })
  })
})

test.each([{}, { url: 'https://a.example', token: 't', channel: 'c' }, { token: 't' }, { url: 'https://a.example', channel: 'c' }])(
  'refuses %j as options of slack',
  (options) => expect(slack.schema.safeParse(options).success).toBe(false),
)
