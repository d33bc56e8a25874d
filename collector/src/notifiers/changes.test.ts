import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { silentLog } from '../lib/log.ts'
import type { Notifier } from '../model/alert.ts'
import type { ChangeNews } from '../model/change-notice.ts'
import { sampleNews, startReceiver, type TestReceiver } from './contract.ts'
import { discord } from './discord.ts'
import { createChangeMail } from './email/mail.ts'
import { log } from './log.ts'
import { ntfy } from './ntfy.ts'
import { slack } from './slack/slack.ts'
import { teams } from './teams.ts'

const clock = createFakeClock()
const doors = { fetch, log: silentLog, clock }
const deployments = true
const signal = new AbortController().signal
const commits = { text: '3f2c1ab..9d8e7f6', url: 'https://git.example.org/compare/3f2c1ab...9d8e7f6' }

let receiver: TestReceiver
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.stop())

const bodies = () => receiver.received.map(({ body }) => JSON.parse(body))

async function told(notifier: Notifier, news: ChangeNews, answer: string) {
  receiver.answer = (response) => response.end(answer)
  const result = await notifier.changes?.send(news, signal)
  expect(result).toMatchObject({ ok: true })
  return bodies().at(-1)
}

const at = (status: ChangeNews['change']['status'], more: Partial<ChangeNews> = {}): ChangeNews => ({
  ...sampleNews,
  change: { ...sampleNews.change, status },
  moment: status,
  durationMs: status === 'running' ? null : 190_000,
  ...more,
})

test.each([
  [at('running'), '🚀 *STARTED: shop 1.4.1 → 1.4.2 to production by jane*'],
  [at('succeeded'), '✅ *SUCCEEDED: shop 1.4.1 → 1.4.2 to production by jane, after 3m10s*'],
  [at('failed'), '🔴 *FAILED: shop 1.4.1 → 1.4.2 to production by jane, after 3m10s*'],
  [at('rolled_back'), '🟠 *ROLLED BACK: shop 1.4.2 back to 1.4.1 in production by jane, after 3m10s*'],
  [at('running', { moment: 'gate passed' }), '🟢 *GATE PASSED: shop 1.4.1 → 1.4.2 to production by jane*\n7 rules hold'],
  [
    at('running', {
      moment: 'gate failed',
      verdicts: [{ name: 'gate', passed: false, message: 'errors rose', at: '2026-01-01T00:00:05.000Z' }],
    }),
    '🔴 *GATE FAILED: shop 1.4.1 → 1.4.2 to production by jane*\nerrors rose',
  ],
])('the first line of %# says what, from what to what, where, who and how long', async (news, title) => {
  const notifier = slack.create(slack.schema.parse({ url: receiver.url, deployments }), doors)
  expect((await told(notifier, news, 'ok')).text).toBe(title)
})

test('a flag says what it is set to', async () => {
  const change = { ...sampleNews.change, kind: 'flag', name: 'new-checkout', previousVersion: 'off', version: 'on' } as const
  const notifier = slack.create(slack.schema.parse({ url: receiver.url, deployments }), doors)
  const { text } = await told(notifier, { ...at('succeeded'), change: { ...change, status: 'succeeded' }, durationMs: null }, 'ok')
  expect(text).toBe('✅ *SUCCEEDED: flag new-checkout of shop in production: off → on by jane*')
})

test('slack shows the verdict, the commits as a link and the command that rolls back', async () => {
  const notifier = slack.create(slack.schema.parse({ url: receiver.url, deployments }), doors)
  const [section, context] = (await told(notifier, at('failed', { commits }), 'ok')).attachments[0].blocks
  expect(section.text.text).toContain('*Verdict:* gate passed: 7 rules hold')
  expect(section.text.text).toContain(`*Commits:* <${commits.url}|${commits.text}>`)
  expect(section.text.text).toContain('*Roll back with:* `deploy shop 1.4.1 --to production`')
  expect(section.text.text).toContain('<https://ci.example.org/7|Details>')
  expect(context.elements[0].text).toContain('<http://127.0.0.1:8484/d/tidewatch-deployments|Open in Tidewatch>')
})

test('a Slack bot keeps one message for a deployment, and says in its thread what is news; the channel sees what went wrong', async () => {
  const bot = () => slack.create(slack.schema.parse({ token: 'xoxb', channel: 'C1', api: receiver.url, deployments }), doors)
  receiver.answer = (response) => response.end(JSON.stringify({ ok: true, channel: 'C1', ts: '1.5' }))
  const first = await bot().changes?.send(at('running'), signal)
  expect(first).toEqual({ ok: true, detail: 'message 1.5', thread: 'C1/1.5' })
  // Another process, that knows only what was kept.
  await bot().changes?.send(at('succeeded', { thread: 'C1/1.5' }), signal)
  await bot().changes?.send(at('rolled_back', { thread: 'C1/1.5' }), signal)
  expect(receiver.received.map(({ path }) => path)).toEqual([
    '/chat.postMessage',
    ...['/chat.update', '/chat.postMessage'],
    ...['/chat.update', '/chat.postMessage'],
  ])
  expect(bodies()[1]).toMatchObject({ channel: 'C1', ts: '1.5', text: expect.stringContaining('SUCCEEDED') })
  expect(bodies()[2]).toMatchObject({ thread_ts: '1.5', reply_broadcast: false, text: expect.stringContaining('SUCCEEDED') })
  expect(bodies()[4]).toMatchObject({ thread_ts: '1.5', reply_broadcast: true, text: expect.stringContaining('ROLLED BACK') })
})

test('mails about one deployment are one thread, and each has an id that its tries share', () => {
  const addresses = { from: 'a@example.org', to: ['b@example.org'] }
  const [began, ended] = [at('running'), { ...at('succeeded'), idempotencyKey: 'key-2' }].map((news) => createChangeMail(news, addresses))
  expect(began?.references).toBe(ended?.references)
  expect(began?.messageId).not.toBe(ended?.messageId)
  expect(createChangeMail(at('running'), addresses).messageId).toBe(began?.messageId)
  const other = { ...at('running'), change: { ...sampleNews.change, id: 'd2' } }
  expect(createChangeMail(other, addresses).references).not.toBe(began?.references)
  expect(ended?.subject).toBe('SUCCEEDED: shop 1.4.1 → 1.4.2 to production by jane, after 3m10s')
  expect(ended?.text).toContain('Roll back with: deploy shop 1.4.1 --to production')
  expect(ended?.html).toContain('deploy shop 1.4.1 --to production</code>')
  expect(ended?.text).not.toContain('Acknowledge')
})

test('teams and discord link the commits, and ntfy rings louder for what failed', async () => {
  const card = await told(teams.create(teams.schema.parse({ url: receiver.url, deployments }), doors), at('failed', { commits }), '')
  expect(JSON.stringify(card)).toContain(`[${commits.text}](${commits.url})`)
  const { embeds } = await told(
    discord.create(discord.schema.parse({ url: receiver.url, deployments }), doors),
    at('failed', { commits }),
    '{"id":"1"}',
  )
  expect(embeds[0].description).toContain(`[${commits.text}](<${commits.url}>)`)
  const push = ntfy.create(ntfy.schema.parse({ url: receiver.url, topic: 't', deployments }), doors)
  expect(await told(push, at('failed'), '{"id":"1"}')).toMatchObject({ priority: 4, title: expect.stringContaining('FAILED') })
  expect(await told(push, at('succeeded'), '{"id":"1"}')).toMatchObject({ priority: 3 })
  expect(await told(push, at('running'), '{"id":"1"}')).toMatchObject({ priority: 2 })
})

test('the log has a line for each, a warning for what went wrong', async () => {
  const lines: string[] = []
  const write = (level: string) => (_: object, text: string) => void lines.push(`${level} ${text}`)
  const logger = { ...silentLog, info: write('info'), warn: write('warn') } as unknown as Log
  const notifier = log.create(log.schema.parse({ deployments }), { ...doors, log: logger })
  await notifier.changes?.send(at('succeeded'), signal)
  await notifier.changes?.send(at('failed'), signal)
  expect(lines).toEqual([
    'info deployment SUCCEEDED: shop 1.4.1 → 1.4.2 to production by jane, after 3m10s',
    'warn deployment FAILED: shop 1.4.1 → 1.4.2 to production by jane, after 3m10s',
  ])
})

test('a command that does not fit is not told at all, since half of it is another one', async () => {
  const news = at('failed', { rollback: `deploy ${'x'.repeat(900)}` })
  const notifier = slack.create(slack.schema.parse({ url: receiver.url, deployments }), doors)
  const [section] = (await told(notifier, news, 'ok')).attachments[0].blocks
  expect(section.text.text).toContain('*Roll back with:* a command that is too long for here; Tidewatch shows it')
})
