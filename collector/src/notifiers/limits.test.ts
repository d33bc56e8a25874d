import { expect, test } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Notification, Notifier } from '../model/alert.ts'
import { sampleNews, sampleNotification, startReceiver } from './contract.ts'
import { discord } from './discord.ts'
import { ntfy } from './ntfy.ts'
import { pagerduty } from './pagerduty.ts'
import { slack } from './slack/slack.ts'
import { sms } from './sms.ts'
import { teams } from './teams.ts'

const doors = { fetch, log: silentLog, clock: createFakeClock() }
const nasty = (length: number): string => '&<*_`😀"\\\n'.repeat(Math.ceil(length / 10)).slice(0, length)
const many = (count: number, length: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`label_${index}`, nasty(length)]))

/** Every text as long as somebody who sends alerts here could make it, full of signs that grow when they are escaped. */
function hostile(alerts: number): Notification {
  const [alert] = sampleNotification.alerts
  if (!alert) throw new Error('the sample has alerts')
  return {
    ...sampleNotification,
    groupLabels: { alertname: nasty(20_000), ...many(500, 2000) },
    alerts: Array.from({ length: alerts }, (_, index) => ({
      ...alert,
      id: String(index).padStart(16, '0'),
      rule: nasty(20_000),
      labels: { host: nasty(20_000), component: nasty(20_000), ...many(200, 2000) },
      annotations: { summary: nasty(20_000), description: nasty(100_000), runbook_url: `https://example.org/${'x'.repeat(60_000)}` },
      cause: { summary: nasty(20_000) },
    })),
  }
}

async function bodyOf(create: (url: string) => Notifier, alerts: number, answer: { status: number; body: string }): Promise<string> {
  const receiver = await startReceiver()
  receiver.answer = (response) => response.writeHead(answer.status).end(answer.body)
  const result = await create(receiver.url).send(hostile(alerts), new AbortController().signal)
  await receiver.stop()
  expect(result).toMatchObject({ ok: true })
  return receiver.received[0]?.body ?? ''
}

const counts = [1, 12, 200]

test.each(counts)('slack keeps to 50 blocks of 3,000 characters and 40,000 characters of text, with %i alerts', async (alerts) => {
  const body = await bodyOf((url) => slack.create(slack.schema.parse({ url }), doors), alerts, { status: 200, body: 'ok' })
  const { text, attachments } = JSON.parse(body)
  expect(text.length).toBeLessThanOrEqual(40_000)
  const blocks: { text?: { text: string }; elements?: { text: string }[] }[] = attachments[0].blocks
  expect(blocks.length).toBeLessThanOrEqual(50)
  for (const part of blocks.flatMap((block) => [block.text, ...(block.elements ?? [])]))
    expect(part?.text.length ?? 0).toBeLessThanOrEqual(3000)
})

test.each(counts)('pagerduty keeps to 512 KB, 1,024 characters of summary and 255 of the key, with %i alerts', async (alerts) => {
  const options = { url: 'http://x', routing_key: 'r0uting-key' }
  const create = (url: string) => pagerduty.create(pagerduty.schema.parse({ ...options, url }), doors)
  const body = await bodyOf(create, alerts, { status: 202, body: '{}' })
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(512_000)
  const { payload, dedup_key } = JSON.parse(body)
  expect(payload.summary.length).toBeLessThanOrEqual(1024)
  expect(dedup_key.length).toBeLessThanOrEqual(255)
})

test.each(counts)('teams keeps to 28 KB, with %i alerts', async (alerts) => {
  const body = await bodyOf((url) => teams.create(teams.schema.parse({ url }), doors), alerts, { status: 202, body: '' })
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(28_000)
})

test.each(counts)('discord keeps to its sums, with %i alerts', async (alerts) => {
  const body = await bodyOf((url) => discord.create(discord.schema.parse({ url }), doors), alerts, { status: 200, body: '{"id":"1"}' })
  const { content, embeds } = JSON.parse(body) as { content: string; embeds: { title?: string; description: string }[] }
  expect(content.length).toBeLessThanOrEqual(2000)
  expect(embeds.length).toBeLessThanOrEqual(10)
  for (const { title = '', description } of embeds) {
    expect(title.length).toBeLessThanOrEqual(256)
    expect(description.length).toBeLessThanOrEqual(4096)
  }
  expect(embeds.reduce((sum, { title = '', description }) => sum + title.length + description.length, 0)).toBeLessThanOrEqual(6000)
})

test('all of them keep to their limits with a deployment of two hundred failed steps', async () => {
  const failed = { status: 'failed', message: nasty(4000), startedAt: sampleNews.at, finishedAt: sampleNews.at } as const
  const steps = Array.from({ length: 200 }, (_, index) => ({ ...failed, name: `${index} ${nasty(200)}` }))
  const change = {
    ...sampleNews.change,
    status: 'failed',
    service: nasty(200),
    version: nasty(200),
    actor: nasty(200),
    reason: nasty(100),
    steps,
  } as const
  const news = {
    ...sampleNews,
    change,
    moment: 'failed',
    rollback: nasty(1000),
    commits: { text: nasty(40), url: `https://example.org/${'x'.repeat(1400)}` },
  }
  const bodyOfChange = async (create: (url: string) => Notifier, answer: string): Promise<string> => {
    const receiver = await startReceiver()
    receiver.answer = (response) => response.end(answer)
    expect(await create(receiver.url).changes?.send(news, new AbortController().signal)).toMatchObject({ ok: true })
    await receiver.stop()
    return receiver.received[0]?.body ?? ''
  }
  const deployments = true
  const card = await bodyOfChange((url) => teams.create(teams.schema.parse({ url, deployments }), doors), '')
  expect(Buffer.byteLength(card)).toBeLessThanOrEqual(28_000)
  const push = await bodyOfChange((url) => ntfy.create(ntfy.schema.parse({ url, topic: 'alerts', deployments }), doors), '{"id":"1"}')
  expect(Buffer.byteLength(JSON.parse(push).message)).toBeLessThanOrEqual(4096)
  const chat = JSON.parse(await bodyOfChange((url) => slack.create(slack.schema.parse({ url, deployments }), doors), 'ok'))
  for (const block of chat.attachments[0].blocks) expect((block.text ?? block.elements[0]).text.length).toBeLessThanOrEqual(3000)
  expect(JSON.stringify(chat)).toContain('https://example.org/xxx')
  const { embeds } = JSON.parse(
    await bodyOfChange((url) => discord.create(discord.schema.parse({ url, deployments }), doors), '{"id":"1"}'),
  )
  expect(embeds[0].description.length).toBeLessThanOrEqual(6000)
  expect(embeds[0].description.length).toBeLessThanOrEqual(4096)
})

test.each(counts)('ntfy keeps to 4,096 bytes and sms to 1,600 characters, with %i alerts', async (alerts) => {
  const push = await bodyOf((url) => ntfy.create(ntfy.schema.parse({ url, topic: 'alerts' }), doors), alerts, {
    status: 200,
    body: '{"id":"1"}',
  })
  expect(Buffer.byteLength(JSON.parse(push).message)).toBeLessThanOrEqual(4096)
  const options = { account: 'AC1', token: 's3cret-token', from: '+15005550006', to: ['+46701234567'], max_length: 1600 }
  const create = (url: string) => sms.create(sms.schema.parse({ ...options, url }), doors)
  const text = await bodyOf(create, alerts, { status: 201, body: '{"sid":"SM1"}' })
  expect(new URLSearchParams(text).get('Body')?.length).toBeLessThanOrEqual(1600)
})
