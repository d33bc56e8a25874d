import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Notification } from '../../model/alert.ts'
import { hugeNotification, sampleNotification, testOfReceiver } from '../contract.ts'
import { email } from './email.ts'

let key: string
let cert: string

beforeAll(() => {
  const directory = mkdtempSync(join(tmpdir(), 'tidewatch-smtp-'))
  const file = (name: string) => join(directory, name)
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ]
  const names = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', file('key.pem'), '-out', file('cert.pem')]
  execFileSync('openssl', [...request, ...names], { stdio: 'ignore' })
  key = readFileSync(file('key.pem'), 'utf8')
  cert = readFileSync(file('cert.pem'), 'utf8')
  rmSync(directory, { recursive: true })
})

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

type Delivered = { readonly mail: ParsedMail; readonly secure: boolean; readonly user: string | undefined; readonly to: readonly string[] }

/** What the server answers in place of 250, when it does. */
type Answers = { readonly onRcpt?: (address: string) => number; readonly onData?: () => number; readonly withoutStartTls?: boolean }

const refusal = (code: number) => Object.assign(new Error(code < 500 ? 'come again' : 'no such mailbox'), { responseCode: code })

/** A real mail server on localhost that wants STARTTLS and a password. */
async function startMailServer({ onRcpt, onData, withoutStartTls = false }: Answers = {}) {
  const delivered: Delivered[] = []
  const server = new SMTPServer({
    key,
    cert,
    disabledCommands: withoutStartTls ? ['STARTTLS'] : [],
    authOptional: false,
    onAuth: ({ username, password }, _, done) => (password === 'mail-s3cret' ? done(null, { user: username }) : done(refusal(535))),
    onRcptTo({ address }, _, done) {
      const code = onRcpt?.(address) ?? 250
      done(code === 250 ? null : refusal(code))
    },
    async onData(stream, session, done) {
      const mail = await simpleParser(stream)
      const code = onData?.() ?? 250
      const user = session.user === undefined ? undefined : String(session.user)
      if (code === 250) delivered.push({ mail, secure: session.secure, user, to: session.envelope.rcptTo.map(({ address }) => address) })
      done(code === 250 ? null : refusal(code))
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  closing.push(() => server.close())
  return { port: (server.server.address() as { port: number }).port, delivered }
}

const signal = new AbortController().signal
const clock = createFakeClock()
const create = (port: number, options: object = {}) =>
  email.create(
    email.schema.parse({
      host: 'localhost',
      port,
      ca: cert,
      username: 'tide',
      password: 'mail-s3cret',
      from: 'Tidewatch <tidewatch@example.org>',
      to: ['a@example.org', 'b@example.org'],
      ...options,
    }),
    { fetch, log: silentLog, clock },
  )

async function mailOf(notification: Notification = sampleNotification): Promise<Delivered> {
  const { port, delivered } = await startMailServer()
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
    expect(mail.text).toContain('… and 950 more alerts')
    expect(mail.html).toContain('… and 950 more alerts')
  })

  test('will try again when the server says 451, and gives up when it says 550', async () => {
    const busy = await startMailServer({ onData: () => 451 })
    expect(await create(busy.port).send(sampleNotification, signal)).toMatchObject({
      ok: false,
      retryable: true,
      message: expect.stringContaining('451'),
    })
    const refusing = await startMailServer({ onRcpt: () => 550 })
    expect(await create(refusing.port).send(sampleNotification, signal)).toMatchObject({ ok: false, retryable: false })
  })

  test('reaches the others when one address is refused', async () => {
    const { port, delivered } = await startMailServer({ onRcpt: (address) => (address === 'a@example.org' ? 550 : 250) })
    expect(await create(port).send(sampleNotification, signal)).toEqual({ ok: true, detail: 'taken, but not for 1 of 2 addresses' })
    expect(delivered[0]?.to).toEqual(['b@example.org'])
  })

  test('gives up a wrong password and does not tell it', async () => {
    const { port } = await startMailServer()
    const result = await create(port, { password: 'wrong-s3cret' }).send(sampleNotification, signal)
    expect(result).toMatchObject({ ok: false, retryable: false, message: expect.stringContaining('535') })
    expect(JSON.stringify(result)).not.toMatch(/s3cret|d3Jvbmct/)
  })

  test('sends nothing without STARTTLS, nor to a server whose certificate nobody vouches for', async () => {
    const plain = await startMailServer({ withoutStartTls: true })
    expect(await create(plain.port).send(sampleNotification, signal)).toMatchObject({ ok: false })
    const unknown = await startMailServer()
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
