import { expect, test } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { type Notification, type Notifier, noClearCause } from '../model/alert.ts'
import type { NotifierDoors } from '../model/kinds.ts'
import { alertmanager } from './alertmanager.ts'
import { awaitedFetch, passing } from './contract/patience.ts'
import { hugeNotification, sampleNotification, startReceiver, testNotifier, testOfReceiver } from './contract.ts'
import { discord } from './discord.ts'
import { ntfy } from './ntfy.ts'
import { pagerduty } from './pagerduty.ts'
import { sms } from './sms.ts'
import { teams } from './teams.ts'

const numbers = ['+46701234567']
const create = {
  alertmanager: (url: string, doors: NotifierDoors) => alertmanager.create(alertmanager.schema.parse({ url, timeout: '5s' }), doors),
  discord: (url: string, doors: NotifierDoors) => discord.create(discord.schema.parse({ url, timeout: '5s', deployments: true }), doors),
  ntfy: (url: string, doors: NotifierDoors) =>
    ntfy.create(ntfy.schema.parse({ url, topic: 'alerts', timeout: '5s', deployments: true }), doors),
  pagerduty: (url: string, doors: NotifierDoors) =>
    pagerduty.create(pagerduty.schema.parse({ url, routing_key: 'r0uting-key', timeout: '5s', changes: true }), doors),
  sms: (url: string, doors: NotifierDoors, to = numbers) =>
    sms.create(sms.schema.parse({ url, account: 'AC1', token: 's3cret-token', from: '+15005550006', to, timeout: '5s' }), doors),
  teams: (url: string, doors: NotifierDoors) => teams.create(teams.schema.parse({ url, timeout: '5s', deployments: true }), doors),
}
const yes = {
  alertmanager: { status: 200, body: '' },
  discord: { status: 200, body: '{"id":"1"}' },
  ntfy: { status: 200, body: '{"id":"x7","event":"message"}' },
  pagerduty: { status: 202, body: '{"status":"success"}' },
  sms: { status: 201, body: '{"sid":"SM1","status":"queued"}' },
  teams: { status: 202, body: '' },
}

testNotifier('alertmanager', { create: create.alertmanager, accepted: yes.alertmanager, patienceMs: 5000 })
testNotifier('discord', {
  ...{ create: create.discord, accepted: yes.discord, wrongBody: { status: 204, body: '' }, patienceMs: 5000, tellsChanges: true },
})
testNotifier('ntfy', {
  ...{ create: create.ntfy, accepted: yes.ntfy, wrongBody: { status: 200, body: '<html>' }, patienceMs: 5000, tellsChanges: true },
})
testNotifier('pagerduty', {
  create: create.pagerduty,
  accepted: yes.pagerduty,
  wrongBody: { status: 200, body: '<html>' },
  patienceMs: 5000,
  tellsChanges: true,
})
testNotifier('sms', { create: create.sms, accepted: yes.sms, wrongBody: { status: 200, body: '<html>' }, patienceMs: 5000 })
testNotifier('teams', { create: create.teams, accepted: yes.teams, patienceMs: 5000, tellsChanges: true })

const signal = new AbortController().signal
const doors = { fetch: awaitedFetch, log: silentLog, clock: createFakeClock() }

/** What one kind sends for a notification. */
async function sent(kind: keyof typeof create, notification: Notification = sampleNotification) {
  const receiver = await startReceiver()
  receiver.answer = (response) => response.writeHead(yes[kind].status).end(yes[kind].body || undefined)
  expect(await create[kind](receiver.url, doors).send(notification, signal)).toMatchObject({ ok: true })
  await receiver.stop()
  const [received] = receiver.received
  if (!received) throw new Error('nothing was received')
  return received
}
const json = async (...from: Parameters<typeof sent>) => JSON.parse((await sent(...from)).body)

/** Answers in turn, and what came of one try each. */
async function tries(
  makeNotifier: (url: string, doors: NotifierDoors) => Notifier,
  answers: readonly { status: number; body: string }[],
  count = 1,
) {
  const receiver = await startReceiver()
  const rest = [...answers]
  receiver.answer = (response) => {
    const next = rest.shift()
    response.writeHead(next?.status ?? 500).end(next?.body)
  }
  const clock = createFakeClock()
  const notifier = makeNotifier(receiver.url, { ...doors, clock })
  const results = []
  for (let round = 0; round < count; round++) results.push(await passing(clock, notifier.send(sampleNotification, signal)))
  await receiver.stop()
  return { results, received: receiver.received }
}

const over: Notification = { ...sampleNotification, status: 'resolved' }

test('pagerduty opens and closes one incident for a group', async () => {
  const opened = await json('pagerduty')
  expect(opened).toMatchObject({
    routing_key: 'r0uting-key',
    event_action: 'trigger',
    payload: { severity: 'critical', source: 'a', timestamp: '2026-01-01T00:00:00.000Z', class: 'HighCpu' },
  })
  const closed = await json('pagerduty', over)
  expect(closed).toEqual({ routing_key: 'r0uting-key', dedup_key: opened.dedup_key, event_action: 'resolve' })
  expect((await sent('pagerduty')).path).toBe('/v2/enqueue')
})

test('pagerduty keeps to 512 KB and 1,024 characters', async () => {
  const { body } = await sent('pagerduty', hugeNotification)
  expect(Buffer.byteLength(body)).toBeLessThan(512_000)
  expect(JSON.parse(body).payload.summary.length).toBeLessThanOrEqual(1024)
  expect(JSON.parse(body).payload.custom_details.alerts).toMatch(/… and \d+ more alerts/)
})

test('teams gets a card as an attachment, in less than 21 KB', async () => {
  expect(await json('teams')).toMatchObject({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: { type: 'AdaptiveCard' } }],
  })
  const { body } = await sent('teams', hugeNotification)
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20_000)
  expect(body).toMatch(/… and \d+ more alerts/)
})

test('discord is asked to wait, calls nobody and gets at most 6,000 characters', async () => {
  const { body, path } = await sent('discord', hugeNotification)
  expect(path).toBe('/?wait=true')
  const { embeds, content, allowed_mentions } = JSON.parse(body)
  expect(allowed_mentions).toEqual({ parse: [] })
  expect(content.length).toBeLessThanOrEqual(2000)
  expect(content).toMatch(/… and \d+ more alerts/)
  expect(embeds.length).toBeLessThanOrEqual(10)
  const total = embeds.reduce(
    (sum: number, embed: { title: string; description: string }) => sum + embed.title.length + embed.description.length,
    0,
  )
  expect(total).toBeLessThanOrEqual(6000)
})

test('discord shows titles and lines of others as they are', async () => {
  const [alert] = sampleNotification.alerts
  if (!alert) throw new Error('the sample has alerts')
  const annotations = { summary: '*bold* # _it_', description: 'one\n# two\n- three-four' }
  const { embeds } = await json('discord', { ...sampleNotification, alerts: [{ ...alert, annotations }, alert] })
  expect(embeds[0].title).toBe('🔴 CRITICAL: \\*bold\\* \\# \\_it\\_')
  expect(embeds[0].description).toContain('one\n\\# two\n\\- three-four')
  const long = { ...alert, annotations: { summary: '*'.repeat(300) } }
  const [{ title }] = (await json('discord', { ...sampleNotification, alerts: [long, alert] })).embeds
  expect(title.length).toBeLessThanOrEqual(256)
  expect(title).toMatch(/(?:\\\*)+…$/)
})

test.each(['teams', 'ntfy', 'pagerduty'] as const)('%s leads to a runbook that alerts share once', async (kind) => {
  const runbook_url = 'https://wiki.example.org/cpu'
  const alerts = sampleNotification.alerts.map((alert) => ({ ...alert, annotations: { runbook_url } }))
  expect((await sent(kind, { ...sampleNotification, alerts })).body.split(runbook_url)).toHaveLength(kind === 'pagerduty' ? 4 : 2)
})

test('discord is left alone for the fraction of a second it asks for', async () => {
  const { results } = await tries(
    (url, doors) => create.discord(url, doors),
    [{ status: 429, body: '{"retry_after":1.337,"global":false}' }],
  )
  expect(results).toMatchObject([{ ok: false, retryable: true, retryAfterMs: 1337 }])
})

test('ntfy gets a topic, a priority and at most 4,096 bytes', async () => {
  expect(await json('ntfy')).toMatchObject({ topic: 'alerts', priority: 5, tags: ['critical'] })
  expect(await json('ntfy', over)).toMatchObject({ priority: 3, title: expect.stringContaining('RESOLVED') })
  expect(await json('ntfy', testOfReceiver)).toMatchObject({ priority: 3, tags: ['TEST'] })
  expect(Buffer.byteLength((await json('ntfy', hugeNotification)).message)).toBeLessThanOrEqual(4096)
})

test('alertmanager is told when what fires ends if it hears no more, and when what ended did', async () => {
  const { path, body } = await sent('alertmanager')
  expect(path).toBe('/api/v2/alerts')
  expect(JSON.parse(body)).toMatchObject([
    { labels: { alertname: 'HighCpu', host: 'a' }, endsAt: '2026-01-01T05:00:00.000Z', annotations: { value: '97.5' } },
    { labels: { host: 'b' }, endsAt: '2026-01-01T00:05:00.000Z' },
  ])
})

test('alertmanager is told that a test ends in five minutes', async () => {
  expect(await json('alertmanager', testOfReceiver)).toMatchObject([{ endsAt: '2026-01-01T00:05:00.000Z' }])
})

test('alertmanager is told the cause without saying its name twice', async () => {
  const alerts = sampleNotification.alerts.map((alert) => ({ ...alert, cause: { summary: noClearCause, moved: [], seriesSearched: 7 } }))
  expect(await json('alertmanager', { ...sampleNotification, alerts })).toMatchObject([
    { annotations: { cause: 'no clear cause (7 series searched)' } },
    {},
  ])
})

test('sms goes to the account as a form, short, with the address at the end', async () => {
  const { path, headers, body } = await sent('sms', hugeNotification)
  expect(path).toBe('/2010-04-01/Accounts/AC1/Messages.json')
  expect(headers.authorization).toBe(`Basic ${Buffer.from('AC1:s3cret-token').toString('base64')}`)
  const form = new URLSearchParams(body)
  expect(form.get('To')).toBe('+46701234567')
  expect(form.get('Body')?.length).toBeLessThanOrEqual(480)
  expect(form.get('Body')).toMatch(/\.\.\.\nhttp:\/\/127\.0\.0\.1:8484\/d\/tidewatch-alerts$/)
})

test('sms leaves out whom an earlier try reached', async () => {
  const both = ['+46701111111', '+46702222222']
  const { results, received } = await tries((url, doors) => create.sms(url, doors, both), [yes.sms, { status: 429, body: '' }, yes.sms], 2)
  expect(results).toMatchObject([{ ok: false, retryable: true }, { ok: true }])
  expect(received.map(({ body }) => new URLSearchParams(body).get('To'))).toEqual([both[0], both[1], both[1]])
})

test('sms that reached one is not sent again for a number that does not exist, and tells no number', async () => {
  const both = ['+46701111111', '+46702222222']
  const wrong = { status: 400, body: '{"code":21211,"message":"Invalid To +46702222222 s3cret-token"}' }
  const { results } = await tries((url, doors) => create.sms(url, doors, both), [yes.sms, wrong])
  expect(results).toMatchObject([{ ok: true, detail: expect.stringContaining('21211') }])
  expect(JSON.stringify(results)).not.toMatch(/46702222222|s3cret/)
})

test('sms says what matters in the first 160 characters, in signs that need no more than one segment', async () => {
  const body = async (notification: Notification) => new URLSearchParams((await sent('sms', notification)).body).get('Body') ?? ''
  const [alert] = sampleNotification.alerts
  if (!alert) throw new Error('the sample has alerts')
  const long = { ...alert, annotations: { summary: `shop “checkout” → slow… ${'very slow '.repeat(40)}` } }
  const [first = ''] = (await body({ ...sampleNotification, alerts: [long] })).split('\n')
  expect(first).toMatch(/^CRITICAL: shop "checkout" -> slow\.\.\. very slow/)
  expect(first.length).toBeLessThanOrEqual(160)
  expect(await body(hugeNotification)).not.toMatch(/[…→·😀]/u)
  const drawn = { ...long, annotations: { summary: '🔥 web 👩‍👩‍👧 is down ⚠️ 3 # 🇸🇪' } }
  expect(await body({ ...sampleNotification, alerts: [drawn] })).toMatch(/^CRITICAL: web is down 3 #\n/)
})

test('sms waits a second between messages, and no more than so many go out in an hour', async () => {
  const three = ['+46701111111', '+46702222222', '+46703333333']
  const clock = createFakeClock()
  const receiver = await startReceiver()
  receiver.answer = (response) => response.writeHead(201).end(yes.sms.body)
  const options = { url: receiver.url, account: 'AC1', token: 's3cret-token', from: '+15005550006', to: three, max_per_hour: 2 }
  const notifier = sms.create(sms.schema.parse(options), { ...doors, clock })
  const first = await passing(clock, notifier.send(sampleNotification, signal))
  expect(first).toMatchObject({ ok: false, retryable: true, message: expect.stringContaining('the last hour has had its 2 messages') })
  expect(receiver.received).toHaveLength(2)
  expect(clock.monotonic()).toBeGreaterThanOrEqual(1000)
  await clock.advance(first.ok ? 0 : (first.retryAfterMs ?? 0))
  expect(await passing(clock, notifier.send(sampleNotification, signal))).toMatchObject({ ok: true })
  expect(receiver.received.map(({ body }) => new URLSearchParams(body).get('To'))).toEqual(three)
  await receiver.stop()
})

test('sms takes nothing but 201 with a message that did not fail for yes', async () => {
  for (const answer of [
    { ...yes.sms, status: 200 },
    { status: 201, body: '{"sid":"SM1","status":"failed"}' },
  ]) {
    const { results } = await tries((url, doors) => create.sms(url, doors), [answer])
    expect(results).toMatchObject([{ ok: false, retryable: false }])
  }
})
