import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Alert, Notification } from '../model/alert.ts'
import type { ChangeNews } from '../model/change-notice.ts'
import { testBroken } from './contract/broken.ts'
import type { NotifierCase, Received, Stage, TestReceiver } from './contract/stage.ts'
import { testChanges } from './contract/told-changes.ts'

export type { TestReceiver }

/** Every notifier that speaks HTTP passes this against a real server. */
export function testNotifier(kind: string, notifierCase: NotifierCase): void {
  describe(`${kind}, like every notifier,`, () => {
    let receiver: TestReceiver
    let clock: FakeClock
    const create = (url: string) => notifierCase.create(url, { fetch, log: silentLog, clock })

    beforeEach(async () => {
      receiver = await startReceiver()
      clock = createFakeClock()
    })
    afterEach(() => receiver.stop())

    const stage: Stage = {
      receiver: () => receiver,
      clock: () => clock,
      create,
      send: (signal = new AbortController().signal, notification = sampleNotification) => create(receiver.url).send(notification, signal),
      answer(status, body, headers = {}) {
        receiver.answer = (response) => response.writeHead(status, headers).end(body)
      },
    }
    testAnswers(stage, notifierCase)
    testSilence(stage, notifierCase)
    testBroken(stage, notifierCase)
    if (notifierCase.tellsChanges) testChanges(stage, notifierCase, sampleNews)
    testContent(stage, notifierCase)
  })
}

function testAnswers({ receiver, send, answer }: Stage, { accepted, wrongBody }: NotifierCase): void {
  test('reports what the receiver took', async () => {
    answer(accepted.status, accepted.body)
    expect(await send()).toMatchObject({ ok: true })
    expect(receiver().received).toHaveLength(1)
  })

  test('says the same each time it is told to try again', async () => {
    answer(accepted.status, accepted.body)
    await send()
    await send()
    const [first, second] = receiver().received
    expect(second?.body).toBe(first?.body)
  })

  test('honours Retry-After of a receiver that has too much to do', async () => {
    answer(429, '', { 'retry-after': '7' })
    expect(await send()).toMatchObject({ ok: false, retryable: true, retryAfterMs: 7000 })
  })

  test('will try again after an error of the receiver', async () => {
    answer(500, 'out of order')
    expect(await send()).toMatchObject({ ok: false, retryable: true })
  })

  test('gives up at once when the receiver refuses', async () => {
    answer(404, 'no_service')
    expect(await send()).toMatchObject({ ok: false, retryable: false })
  })

  test('does not follow a redirect to an address nobody configured', async () => {
    answer(302, '', { location: 'http://127.0.0.1:1/' })
    expect(await send()).toMatchObject({ ok: false, retryable: false })
  })

  if (wrongBody) {
    test('does not take a good status with the wrong body for yes', async () => {
      answer(wrongBody.status, wrongBody.body)
      expect(await send()).toMatchObject({ ok: false })
    })
  } else {
    test('does not mind what a body says beside a good status', async () => {
      answer(accepted.status, '<html>not what you expect')
      expect(await send()).toMatchObject({ ok: true })
    })
  }
}

function testSilence({ receiver, clock, create, send }: Stage, { patienceMs }: NotifierCase): void {
  test('does not wait for ever', async () => {
    const asked = new Promise<void>((resolve) => {
      receiver().answer = () => resolve()
    })
    const result = send()
    await asked
    await clock().advance(patienceMs)
    expect(await result).toMatchObject({ ok: false, retryable: true })
  })

  test('lets go when the collector stops', async () => {
    const stopping = new AbortController()
    receiver().answer = () => stopping.abort()
    expect(await send(stopping.signal)).toMatchObject({ ok: false, retryable: true })
  })

  test('will try again when nobody is there, and does not tell the secrets of the address', async () => {
    await receiver().stop()
    const result = await create(`${receiver().url}/a-secret-path`).send(sampleNotification, new AbortController().signal)
    expect(result).toMatchObject({ ok: false, retryable: true, message: expect.stringContaining('ECONNREFUSED') })
    expect(JSON.stringify(result)).not.toContain('a-secret-path')
  })
}

function testContent({ receiver, create, send, answer }: Stage, { accepted }: NotifierCase): void {
  test('does not repeat the secrets of the address that a receiver quotes', async () => {
    const secret = `${receiver().url}/a-secret-path`
    answer(400, `no such hook: ${secret} or /a-secret-path`)
    const result = await create(secret).send(sampleNotification, new AbortController().signal)
    expect(result).toMatchObject({ ok: false, retryable: false })
    expect(JSON.stringify(result)).not.toContain('a-secret-path')
  })

  test('says TEST where a test is sent', async () => {
    answer(accepted.status, accepted.body)
    await send(undefined, testOfReceiver)
    expect(decodeURIComponent(receiver().received[0]?.body ?? '')).toContain('TEST')
  })

  test('takes on a group of a thousand alerts with long texts', async () => {
    answer(accepted.status, accepted.body)
    expect(await send(undefined, hugeNotification)).toMatchObject({ ok: true })
  })
}

/** A real HTTP server that keeps what it was sent. */
export async function startReceiver(): Promise<TestReceiver> {
  const received: Received[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      })
      receiver.answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: TestReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (response) => response.writeHead(200).end(),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return receiver
}

const alert: Alert = {
  id: '0123456789abcdef',
  rule: 'HighCpu',
  severity: 'critical',
  state: 'firing',
  labels: { alertname: 'HighCpu', host: 'a', severity: 'critical' },
  annotations: { summary: 'CPU is at 97' },
  value: 97.5,
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: null,
  acknowledgedBy: null,
  acknowledgedUntil: null,
  acknowledgeComment: null,
  resolvedBy: null,
  cause: { summary: 'api 1.4.2 deployed by jane 4 min before' },
}

/** Two alerts of one group, one of them over. */
export const sampleNotification: Notification = {
  receiver: 'ops',
  groupKey: 'g',
  status: 'firing',
  reason: 'first notification',
  groupLabels: { alertname: 'HighCpu' },
  externalUrl: 'http://127.0.0.1:8484',
  idempotencyKey: 'key-1',
  alerts: [
    alert,
    {
      ...alert,
      id: 'fedcba9876543210',
      state: 'resolved',
      labels: { ...alert.labels, host: 'b' },
      endsAt: '2026-01-01T00:05:00.000Z',
      cause: null,
    },
  ],
}

/** What is sent when somebody tries a receiver. */
export const testOfReceiver: Notification = {
  ...sampleNotification,
  groupKey: 'test:ops',
  reason: 'test',
  groupLabels: { alertname: 'TEST' },
  test: true,
  alerts: [
    {
      ...alert,
      rule: 'TEST',
      severity: 'info',
      labels: { alertname: 'TEST', severity: 'info' },
      annotations: { summary: 'Sent by jane.' },
      cause: null,
    },
  ],
}

/** More than any channel takes, so that each shows how it cuts. */
export const hugeNotification: Notification = {
  ...sampleNotification,
  alerts: Array.from({ length: 1000 }, (_, index) => ({
    ...alert,
    id: String(index).padStart(16, '0'),
    labels: { ...alert.labels, host: `host-${index}` },
    annotations: { summary: `CPU of host-${index} 😀 ${'is high '.repeat(80)}`, description: 'Really. '.repeat(1000) },
  })),
}

/** A deployment that is under way and was judged once. */
export const sampleNews: ChangeNews = {
  receiver: 'ops',
  change: {
    ...{ id: 'd1', kind: 'deployment', service: 'shop', environment: 'production', name: null, version: '1.4.2', previousVersion: '1.4.1' },
    ...{ status: 'running', actor: 'jane', commit: '9d8e7f6', previousCommit: '3f2c1ab', rollback: null, reason: null },
    ...{ url: 'https://ci.example.org/7', startedAt: '2026-01-01T00:00:00.000Z', finishedAt: null, steps: [] },
  },
  moment: 'running',
  verdicts: [{ name: 'gate', passed: true, message: '7 rules hold', at: '2026-01-01T00:00:05.000Z' }],
  at: '2026-01-01T00:00:00.000Z',
  durationMs: null,
  commits: { text: '3f2c1ab..9d8e7f6', url: null },
  rollback: 'deploy shop 1.4.1 --to production',
  externalUrl: 'http://127.0.0.1:8484',
  idempotencyKey: 'key-1',
  thread: null,
}
