import { connect } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Clock } from '../../lib/clock.ts'
import { formatDuration } from '../../lib/duration.ts'
import { messageOf } from '../../lib/errors.ts'
import { counted } from '../../lib/words.ts'
import type { SendResult } from '../../model/alert.ts'
import { redact } from '../shared/redact.ts'
import type { Mail } from './mail.ts'

export type SmtpOptions = {
  readonly host: string
  readonly port: number
  readonly security: 'starttls' | 'tls' | 'none'
  readonly ca: string | undefined
  readonly username: string | undefined
  readonly password: string | undefined
  readonly timeoutMs: number
}

const messageMax = 500

/**
 * Hands one mail to a mail server, over a connection of its own that ends with the try.
 *
 * A 4xx answer, silence and a broken connection may be tried again; a 5xx answer is final.
 */
export function createSmtp({ timeoutMs, ...options }: SmtpOptions, clock: Clock) {
  const place = `${options.host}:${options.port}`

  return async (mail: Mail, signal: AbortSignal): Promise<SendResult> => {
    const slow = new AbortController()
    const cancelTimer = clock.after(timeoutMs, () => slow.abort())
    const ended = AbortSignal.any([signal, slow.signal])
    const transport = createTransport(toTransport(options, ended))
    try {
      const { rejected } = await transport.sendMail(mail)
      return {
        ok: true,
        detail:
          rejected.length > 0 ? `taken, but not for ${rejected.length} of ${counted(mail.to.length, 'address', 'addresses')}` : 'taken',
      }
    } catch (thrown) {
      if (slow.signal.aborted) return { ok: false, retryable: true, message: `${place} did not answer within ${formatDuration(timeoutMs)}` }
      return toRefusal(thrown, place, [options.password])
    } finally {
      cancelTimer()
      transport.close()
    }
  }
}

/** The socket is ours, because the library cannot be told to let go of one. */
function toTransport({ host, port, security, ca, username, password }: Omit<SmtpOptions, 'timeoutMs'>, signal: AbortSignal) {
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { servername: host, minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) },
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' } }),
    // Nothing in a mail may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket(_: unknown, done: (error: Error | null, socket?: { connection: ReturnType<typeof connect> }) => void) {
      const socket = connect({ host, port, signal })
      socket.once('error', done)
      socket.once('connect', () => {
        socket.off('error', done)
        done(null, { connection: socket })
      })
    },
  }
}

function toRefusal(thrown: unknown, place: string, secrets: readonly (string | undefined)[]): SendResult {
  const { responseCode, code } = thrown as { responseCode?: number; code?: string }
  const retryable = responseCode === undefined || responseCode < 500
  const what = responseCode === undefined ? `could not be reached: ${code ? `${code}, ` : ''}` : 'refused: '
  return { ok: false, retryable, message: redact(`${place} ${what}${inOneLine(messageOf(thrown))}`, secrets).slice(0, messageMax) }
}

/** A server names its code in each line of an answer, and one that passes on another's answer names that, too. */
function inOneLine(answer: string): string {
  return answer
    .replace(/\b([45]\d\d)-(?=[^\n]*\n\1[ -])/g, '$1 ')
    .replace(/\r?\n(?:[45]\d\d[ -])?/g, ' ')
    .replace(/\b([45]\d\d)[ -](?=\1[ -])/g, '')
}
