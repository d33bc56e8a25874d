import { InfluxDB } from 'influx'
import { type AppError, messageOf } from '../../lib/errors.ts'
import { type ConnectionOptions, toAnswerError, unreachable } from './connection.ts'
import { resultError } from './read-series.ts'

export type AdministrationOptions = Omit<ConnectionOptions, 'writesAtOnce'> & { readonly database: string }

export type Administration = ReturnType<typeof createAdministration>

const pingTimeoutMs = 5000

/** Administers an InfluxDB through its `influx` package. */
export function createAdministration(options: AdministrationOptions) {
  const address = new URL(options.url).origin
  const client = toClient(options)

  return {
    async createDatabase(): Promise<void> {
      try {
        await withDeadline(client.createDatabase(options.database), options.timeoutMs)
      } catch (cause) {
        throw toAdministrationError(address, cause)
      }
    },
    /** Undefined when it does not answer. */
    async version(): Promise<string | undefined> {
      const [host] = await client.ping(pingTimeoutMs)
      return host?.online ? (host.version ?? 'unknown') : undefined
    },
  }
}

/** The package waits for ever for the rest of an answer that breaks off. */
async function withDeadline<Answer>(answer: Promise<Answer>, timeoutMs: number): Promise<Answer> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}

function toClient({ url, username, password, token, timeoutMs, database }: AdministrationOptions): InfluxDB {
  const { hostname, port, protocol, pathname } = new URL(url)
  const isSecure = protocol === 'https:'
  return new InfluxDB({
    host: hostname,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    protocol: isSecure ? 'https' : 'http',
    path: pathname.replace(/\/$/, ''),
    database,
    ...(token === undefined
      ? { username: username ?? nobody, password }
      : { username: nobody, options: { headers: { authorization: `Token ${token}` } } }),
    // There is one host: a pause after a failure would only answer "No host available" instead.
    pool: { maxRetries: 0, requestTimeout: timeoutMs, backoff: neverPause },
  })
}

// Left out, the package would log in as root with the password root; only null keeps it from that.
const nobody = null as unknown as string

const neverPause = { getDelay: () => 0, next: () => neverPause, reset: () => neverPause }

function toAdministrationError(address: string, cause: unknown): AppError {
  const { res } = cause as { res?: { statusCode?: number } }
  if (res?.statusCode !== undefined)
    return toAnswerError(address, res.statusCode, messageOf(cause).replace(/^A \d+ .*? error occurred: /s, ''))
  if (messageOf(cause).startsWith('Error from InfluxDB: ')) return resultError(messageOf(cause).slice('Error from InfluxDB: '.length))
  return unreachable(address, cause)
}
