import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export type Certificate = { readonly key: string; readonly cert: string }

/** For localhost, and vouched for by nobody else. */
export function createCertificate(): Certificate {
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
  const made = { key: readFileSync(file('key.pem'), 'utf8'), cert: readFileSync(file('cert.pem'), 'utf8') }
  rmSync(directory, { recursive: true })
  return made
}

export type Delivered = {
  readonly mail: ParsedMail
  readonly secure: boolean
  readonly user: string | undefined
  readonly to: readonly string[]
}

/** What the server answers in place of 250, when it does. */
export type Answers = {
  readonly onRcpt?: (address: string) => number
  readonly onData?: () => number
  /** Breaks the connection in the middle of a mail. */
  readonly breaks?: () => boolean
  readonly withoutStartTls?: boolean
}

const refusal = (code: number) => Object.assign(new Error(code < 500 ? 'come again' : `${code} no such\nmailbox`), { responseCode: code })

/** A real mail server on localhost that wants STARTTLS and a password. */
export async function startMailServer(certificate: Certificate, { onRcpt, onData, breaks, withoutStartTls = false }: Answers = {}) {
  const delivered: Delivered[] = []
  const server = new SMTPServer({
    ...certificate,
    disabledCommands: withoutStartTls ? ['STARTTLS'] : [],
    authOptional: false,
    onAuth: ({ username, password }, _, done) => (password === 'mail-s3cret' ? done(null, { user: username }) : done(refusal(535))),
    onRcptTo({ address }, _, done) {
      const code = onRcpt?.(address) ?? 250
      done(code === 250 ? null : refusal(code))
    },
    async onData(stream, session, done) {
      if (breaks?.()) {
        for (const connection of server.connections as Set<{ _socket: { destroy(): void } }>) connection._socket.destroy()
        return
      }
      const mail = await simpleParser(stream)
      const code = onData?.() ?? 250
      const user = session.user === undefined ? undefined : String(session.user)
      if (code === 250) delivered.push({ mail, secure: session.secure, user, to: session.envelope.rcptTo.map(({ address }) => address) })
      done(code === 250 ? null : refusal(code))
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return { port: (server.server.address() as { port: number }).port, delivered, stop: () => void server.close() }
}
