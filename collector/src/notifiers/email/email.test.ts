import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Notification } from '../../model/alert.ts'
import { type Answers, createCertificate, type Delivered, startMailServer } from '../contract/mail-server.ts'
import { hugeNotification, sampleNews, sampleNotification, testOfReceiver } from '../contract.ts'
import { email } from './email.ts'

const certificate = createCertificate()

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function startServer(answers?: Answers) {
  const server = await startMailServer(certificate, answers)
  closing.push(server.stop)
  return server
}

const signal = new AbortController().signal
const clock = createFakeClock()
const create = (port: number, options: object = {}) =>
  email.create(
    email.schema.parse({
      host: 'localhost',
      port,
      ca: certificate.cert,
      username: 'tide',
      password: 'mail-s3cret',
      from: 'Tidewatch <tidewatch@example.org>',
      to: ['a@example.org', 'b@example.org'],
      ...options,
    }),
    { fetch, log: silentLog, clock },
  )

async function mailOf(notification: Notification = sampleNotification): Promise<Delivered> {
  const { port, delivered } = await startServer()
  expect(await create(port).send(notification, signal)).toMatchObject({ ok: true })
  const [first] = delivered
  if (!first) throw new Error('nothing was delivered')
  return first
}

describe('email', () => {
  test('goes through STARTTLS with a password, as text and as HTML', async () => {
    const { mail, secure, user, to } = await mailOf()
    expect({ secure, user, to }).toEqual({ secure: true, user: 'tide', to: ['a@example.org', 'b@example.org'] })
    expect(mail.subject).toBe('CRITICAL: HighCpu (1 firing, 1 resolved)')
    expect(mail.text).toContain('Changed before: api 1.4.2 deployed by jane 4 min before')
    expect(mail.html).toContain('api 1.4.2 deployed by jane 4 min before')
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
  })

  test('keeps a group in one thread, and gives each try of a mail the same id', async () => {
    const [first, again, later] = [await mailOf(), await mailOf(), await mailOf({ ...sampleNotification, idempotencyKey: 'key-2' })]
    expect(again.mail.messageId).toBe(first.mail.messageId)
    expect(later.mail.messageId).not.toBe(first.mail.messageId)
    expect(later.mail.inReplyTo).toBe(first.mail.inReplyTo)
    expect([later.mail.references].flat()).toEqual([first.mail.inReplyTo])
    expect((await mailOf({ ...sampleNotification, groupKey: 'other' })).mail.inReplyTo).not.toBe(first.mail.inReplyTo)
  })

  test('says TEST where a test is sent', async () => {
    const { mail } = await mailOf(testOfReceiver)
    expect(mail.subject).toMatch(/^TEST · /)
    expect(mail.text).toMatch(/^TEST · /)
    expect(mail.html).toContain('TEST, NOTHING IS WRONG')
    expect(mail.headers.get('importance')).toBeUndefined()
  })

  test('draws how the value went in a picture of its own, and says the same in words', async () => {
    const [alert] = sampleNotification.alerts
    if (!alert) throw new Error('the sample has alerts')
    const course = { what: 'last of cpu.usage', times: [0, 1, 2, 3].map((step) => step * 1_200_000), values: [41, 38, 98, 97.5] }
    const { mail } = await mailOf({ ...sampleNotification, alerts: [{ ...alert, course }] })
    const words = '41 → 97.5 in 1h, least 38, most 98 (last of cpu.usage)'
    expect(mail.text).toContain(`Went: ${words}`)
    const [picture] = mail.attachments
    expect(picture).toMatchObject({ contentType: 'image/png', contentDisposition: 'inline', related: true })
    expect(picture?.content.subarray(1, 4).toString()).toBe('PNG')
    expect(picture?.size).toBeLessThan(20_000)
    // The reader of the mail puts the picture where its id stood.
    expect(mail.html).toContain(`alt="Value: ${words}"`)
    expect(mail.html).toContain(`src="data:image/png;base64,${picture?.content.toString('base64').slice(0, 60)}`)
    expect((await mailOf()).mail.attachments).toEqual([])
  })

  test('shows markup of others as text and runs no header into another', async () => {
    const [alert] = sampleNotification.alerts
    if (!alert) throw new Error('the sample has alerts')
    const annotations = { summary: '<img src=x onerror=alert(1)>\r\nBcc: evil@example.org', runbook_url: 'javascript:alert(1)' }
    const { mail, to } = await mailOf({ ...sampleNotification, alerts: [{ ...alert, annotations }] })
    expect(mail.html).toContain('&lt;img src=x')
    expect(mail.html).not.toMatch(/<img|javascript:/)
    expect(mail.bcc).toBeUndefined()
    expect(to).toHaveLength(2)
  })

  test('takes on a group of a thousand alerts and says how many it left out', async () => {
    const { mail } = await mailOf(hugeNotification)
    const [left] = /… and \d+ more alerts/.exec(mail.text ?? '') ?? ['none']
    expect(mail.html).toContain(left)
    // Gmail shows 102 KB.
    expect(Buffer.byteLength(String(mail.html))).toBeLessThan(102_000)
  })

  test('will try again when the server says 451, and gives up when it says 550', async () => {
    const busy = await startServer({ onData: () => 451 })
    expect(await create(busy.port).send(sampleNotification, signal)).toMatchObject({
      ok: false,
      retryable: true,
      message: expect.stringContaining('451'),
    })
    const refusing = await startServer({ onRcpt: () => 550 })
    expect(await create(refusing.port).send(sampleNotification, signal)).toMatchObject({
      ok: false,
      retryable: false,
      // The server says `550-550 no such` and `550 mailbox`.
      message: expect.stringMatching(/: 550 no such mailbox$/),
    })
  })

  test('will try again when the connection breaks in the middle of a mail, under the same id', async () => {
    let isBroken = true
    const { port, delivered } = await startServer({ breaks: () => isBroken })
    const notifier = create(port)
    expect(await notifier.send(sampleNotification, signal)).toMatchObject({ ok: false, retryable: true })
    expect(delivered).toEqual([])
    isBroken = false
    expect(await notifier.send(sampleNotification, signal)).toMatchObject({ ok: true })
    expect(delivered[0]?.mail.messageId).toBe((await mailOf()).mail.messageId)
  })

  test('tells the audience of an environment of its deployments, in one thread, and everybody else of the others', async () => {
    const { port, delivered } = await startServer()
    const audiences = { production: ['support@example.org'] }
    const { changes } = create(port, { deployments: { environments: ['production', 'staging'] }, audiences })
    const ended = {
      ...sampleNews,
      change: { ...sampleNews.change, status: 'rolled_back' },
      moment: 'rolled_back',
      idempotencyKey: 'key-2',
    } as const
    const staging = { ...sampleNews, change: { ...sampleNews.change, environment: 'staging' } }
    for (const news of [sampleNews, ended, staging]) expect(await changes?.send(news, signal)).toMatchObject({ ok: true })
    expect(delivered.map(({ to }) => to)).toEqual([['support@example.org'], ['support@example.org'], ['a@example.org', 'b@example.org']])
    const [began, last] = delivered.map(({ mail }) => mail)
    expect(last?.references).toEqual(began?.references)
    expect(last?.subject).toBe('ROLLED BACK: shop 1.4.2 back to 1.4.1 in production by jane')
    expect(last?.headers.get('x-tidewatch-status')).toBe('rolled_back')
    expect(changes?.wants({ ...sampleNews, change: { ...sampleNews.change, environment: 'test' } })).toBe(false)
  })

  test('reaches the others when one address is refused', async () => {
    const { port, delivered } = await startServer({ onRcpt: (address) => (address === 'a@example.org' ? 550 : 250) })
    expect(await create(port).send(sampleNotification, signal)).toEqual({ ok: true, detail: 'taken, but not for 1 of 2 addresses' })
    expect(delivered[0]?.to).toEqual(['b@example.org'])
  })

  test('gives up a wrong password and does not tell it', async () => {
    const { port } = await startServer()
    const result = await create(port, { password: 'wrong-s3cret' }).send(sampleNotification, signal)
    expect(result).toMatchObject({ ok: false, retryable: false, message: expect.stringContaining('535') })
    expect(JSON.stringify(result)).not.toMatch(/s3cret|d3Jvbmct/)
  })

  test('sends nothing without STARTTLS, nor to a server whose certificate nobody vouches for', async () => {
    const plain = await startServer({ withoutStartTls: true })
    expect(await create(plain.port).send(sampleNotification, signal)).toMatchObject({ ok: false })
    const unknown = await startServer()
    expect(await create(unknown.port, { ca: undefined }).send(sampleNotification, signal)).toMatchObject({ ok: false })
    expect([...plain.delivered, ...unknown.delivered]).toEqual([])
  })

  test('will try again when nobody is there', async () => {
    const result = await create(1).send(sampleNotification, signal)
    expect(result).toMatchObject({ ok: false, retryable: true, message: expect.stringContaining('ECONNREFUSED') })
  })

  test('does not wait for ever, and lets go when the collector stops', async () => {
    const { port, connected } = await startSilentServer()
    const waiting = create(port, { timeout: '5s' }).send(sampleNotification, signal)
    await connected()
    await clock.advance(5000)
    expect(await waiting).toEqual({ ok: false, retryable: true, message: `localhost:${port} did not answer within 5s` })

    const stopping = new AbortController()
    const stopped = create(port).send(sampleNotification, stopping.signal)
    await connected()
    stopping.abort()
    expect(await stopped).toMatchObject({ ok: false, retryable: true })
  })

  test.each([{ username: undefined }, { to: [] }, { to: 'nobody' }, { from: 'a@b.org\r\nBcc: c@d.org' }])(
    'refuses %j as options',
    (options) => {
      const least = { host: 'localhost', username: 'tide', password: 'x', from: 'a@example.org', to: 'b@example.org' }
      expect(email.schema.safeParse({ ...least, ...options }).success).toBe(false)
    },
  )
})

/** Takes connections and says nothing. */
async function startSilentServer() {
  const sockets: Socket[] = []
  let next = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    sockets.push(socket)
    next.resolve()
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as { port: number }).port,
    async connected() {
      await next.promise
      next = Promise.withResolvers()
    },
  }
}
