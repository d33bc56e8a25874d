import { createReadStream, statSync } from 'node:fs'
import { pipeline, type Readable, Transform } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { Command } from 'commander'
import { AppError, messageOf } from '../lib/errors.ts'
import { parseRetryAfter } from '../lib/retry-after.ts'
import { counted } from '../lib/words.ts'
import { collectorUrlOption, tokenOption } from './collector-client.ts'
import { type LineBatch, toLineBatches } from './line-batches.ts'
import { createProgress } from './progress.ts'

type Options = {
  readonly url: string
  readonly db: string
  readonly token?: string
  readonly batch: string
  readonly retries: string
  readonly skip: string
}

/** What of a batch was not taken, and why. */
type Refusal = { readonly lines: string; readonly reason: string }

export function importCommand(): Command {
  return new Command('import')
    .description('Sends line protocol (nanoseconds) to a running collector, or to an InfluxDB. Exit code 1 when lines were refused.')
    .argument('[file]', 'what "tidewatch export" wrote; .gz at its end is uncompressed (default: standard input)')
    .addOption(collectorUrlOption('a collector or an InfluxDB; http://user:password@host is possible'))
    .option('--db <name>', 'the database of an InfluxDB; it must exist', 'tidewatch')
    .addOption(tokenOption('write'))
    .option('--batch <lines>', 'lines in a request', '5000')
    .option('--retries <times>', 'how often a request is repeated while nobody answers or the server is busy', '8')
    .option('--skip <lines>', 'lines that were written before', '0')
    .action(runImport)
}

async function runImport(file: string | undefined, options: Options): Promise<void> {
  const bytes = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.size
  const progress = createProgress('Imported', 'kB', bytes === undefined ? undefined : Math.ceil(bytes / 1000))
  let read = 0
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      // Rounded as the total is, or the end would fall short of it.
      const shown = Math.ceil(read / 1000)
      read += chunk.length
      progress.add(Math.ceil(read / 1000) - shown)
      done(null, chunk)
    },
  })
  const refused: Refusal[] = []
  let sent = 0
  try {
    for await (const batch of toLineBatches(openLines(file, meter), whole(options.batch, '--batch'))) {
      if (batch.firstLine + batch.lines - 1 > whole(options.skip, '--skip')) refused.push(...(await send(batch, options)))
      sent = batch.firstLine + batch.lines - 1
    }
  } catch (thrown) {
    if (sent > 0) process.stderr.write(`Done are ${counted(sent, 'line')}: go on with --skip ${sent}.\n`)
    throw unreadable(file, thrown) ?? thrown
  } finally {
    progress.end()
  }
  for (const { lines, reason } of refused) process.stderr.write(`lines ${lines}: ${reason}\n`)
  process.stderr.write(
    `Sent: ${counted(sent, 'line')}${refused.length === 0 ? '' : `; not taken whole: ${counted(refused.length, 'batch', 'batches')}`}.\n`,
  )
  if (refused.length > 0) process.exitCode = 1
}

/** The bytes of the file, unpacked. Whatever goes wrong on the way ends the last stream, too. */
function openLines(file: string | undefined, meter: Transform): Readable {
  const source = file === undefined ? process.stdin : createReadStream(file)
  const ignore = () => undefined
  return file?.endsWith('.gz') ? pipeline(source, meter, createGunzip(), ignore) : pipeline(source, meter, ignore)
}

/** The sentence for a file that is not there, or that is not what its name says. */
function unreadable(file: string | undefined, thrown: unknown): AppError | undefined {
  if (thrown instanceof AppError || typeof (thrown as NodeJS.ErrnoException).code !== 'string') return undefined
  return new AppError('BAD_REQUEST', `Cannot read ${file ?? 'standard input'}: ${messageOf(thrown)}.`, { cause: thrown })
}

function whole(text: string, option: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new AppError('VALIDATION_FAILED', `${option} ${text} is not a whole number.`)
}

async function send(batch: LineBatch, options: Options): Promise<Refusal[]> {
  const attempts = whole(options.retries, '--retries') + 1
  for (let attempt = 1; ; attempt++) {
    const answer = await post(batch, options).catch((thrown: Error) => thrown)
    if (answer instanceof Response) {
      const text = await answer.text()
      if (answer.ok) return []
      if (answer.status === 400 || answer.status === 422) return [refusalOf(batch, answer, text)]
      if (answer.status < 500 && answer.status !== 429)
        throw new AppError('STORE_REFUSED', `${options.url} answered ${answer.status}: ${text}`)
      if (attempt === attempts)
        throw new AppError('STORE_UNAVAILABLE', `${options.url} answered ${answer.status} ${counted(attempts, 'time')}: ${text}`)
    } else if (attempt === attempts) throw new AppError('STORE_UNAVAILABLE', `Nobody answers at ${options.url}.`, { cause: answer })
    const asked = answer instanceof Response ? parseRetryAfter(answer.headers.get('retry-after'), Date.now()) : undefined
    await wait(Math.max(asked ?? 0, Math.min(30_000, 250 * 2 ** attempt)))
  }
}

function post({ bytes }: LineBatch, { url, db, token }: Options): Promise<Response> {
  const target = new URL('/write', url)
  target.search = new URLSearchParams({ db, precision: 'ns' }).toString()
  const { username, password } = target
  target.username = target.password = ''
  const basic =
    username === ''
      ? undefined
      : `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
  const authorization = token ? `Bearer ${token}` : basic
  return fetch(target, { method: 'POST', headers: authorization ? { authorization } : {}, body: new Uint8Array(bytes) })
}

/** The collector numbers the lines within the request; InfluxDB only quotes them. */
function refusalOf({ firstLine, lines }: LineBatch, answer: Response, text: string): Refusal {
  const numbers = (answer.headers.get('x-tidewatch-rejected-lines') ?? '').split(',').filter((number) => number !== '')
  const named = numbers.map((number) => firstLine + Number(number) - 1)
  return { lines: named.length > 0 ? named.join(', ') : `within ${firstLine} to ${firstLine + lines - 1}`, reason: text.trim() }
}
