import http from 'node:http'
import https from 'node:https'
import { userInfo } from 'node:os'
import { text as readText } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import { formatDuration } from '../lib/duration.ts'
import { AppError } from '../lib/errors.ts'

export type Target = { readonly url: string; readonly token?: string | undefined }

export const urlOption = (means = 'where the collector listens') => new Option('--url <url>', means).env('TIDEWATCH_URL')

/** The help names the variable and never shows what it holds. */
export const tokenOption = (scope: string) => new Option('--token <token>', `a token with the scope ${scope}`).env('TIDEWATCH_TOKEN')

/** Where the collector of a command listens that cannot do without one. */
export const collectorUrlOption = (means?: string) => urlOption(means).default('http://127.0.0.1:8484')

/** A command that talks to a running collector. */
export function clientCommand(name: string, scope: string): Command {
  return new Command(name).addOption(collectorUrlOption()).addOption(tokenOption(scope))
}

type Patience = {
  readonly timeoutMs?: number
  /** What to do when it takes longer. */
  readonly whenTooLong?: string
  readonly signal?: AbortSignal
}

/** Asks a running collector; a refusal becomes an error with the collector's own sentence. */
export async function askCollector<Answer>(
  { url, token }: Target,
  method: string,
  path: string,
  body?: object,
  { timeoutMs = 30_000, whenTooLong = '', signal }: Patience = {},
): Promise<Answer> {
  if (!URL.canParse(path, url)) throw new AppError('BAD_REQUEST', `"${url}" is no address; write it like http://127.0.0.1:8484.`)
  const request = {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
  }
  const { status, text } = await (timeoutMs > fetchWaitsMs ? readPatiently : read)(new URL(path, url), request).catch((thrown) => {
    if (signal?.aborted) throw new AppError('QUERY_CANCELLED', 'Given up; the collector stops working on it.')
    const sentence = isTimeout(thrown)
      ? `The collector at ${url} gave no answer within ${formatDuration(timeoutMs)}. ${whenTooLong}`.trim()
      : `No collector answers at ${url}. Start it with "tidewatch serve", or name another with --url or TIDEWATCH_URL.`
    throw new AppError('STORE_UNAVAILABLE', sentence, { cause: thrown })
  })
  if (status >= 200 && status < 300) return JSON.parse(text) as Answer
  const isPassing = status >= 500 || status === 429
  throw new AppError(
    isPassing ? 'STORE_UNAVAILABLE' : 'BAD_REQUEST',
    `The collector at ${url} answered ${status}: ${withAdvice(status, sentenceOf(text))}`,
  )
}

/** What to do here about a refusal that speaks of requests. */
function withAdvice(status: number, sentence: string): string {
  if (status === 401) return `${sentence} Here: --token, or TIDEWATCH_TOKEN.`
  const [, scope] = /lacks the scope "(\w+)"/.exec(sentence) ?? []
  if (scope === undefined) return sentence
  return `${sentence} Make one that has it with "tidewatch token create --name NAME --scopes read,${scope}", and name it with --token or TIDEWATCH_TOKEN.`
}

function isTimeout(thrown: unknown): boolean {
  const { name, cause } = thrown as { name?: string; cause?: { name?: string } }
  return name === 'TimeoutError' || cause?.name === 'TimeoutError'
}

type Asked = { readonly method: string; readonly headers: Record<string, string>; readonly body?: string; readonly signal: AbortSignal }
type Told = { readonly status: number; readonly text: string }

/** Node's fetch waits for the head of an answer for so long at most, whatever it is told. */
const fetchWaitsMs = 300_000

async function read(url: URL, asked: Asked): Promise<Told> {
  const answer = await fetch(url, asked)
  return { status: answer.status, text: await answer.text() }
}

/** For an answer whose head comes only when the work is done. */
function readPatiently(url: URL, { body, ...asked }: Asked): Promise<Told> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, asked, (answer) => {
      readText(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject)
    })
    request.once('error', reject)
    request.end(body)
  })
}

/** Nobody answered, or only to say that it cannot now: asked later, it may. */
export function isOutOfReach(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'STORE_UNAVAILABLE'
}

function sentenceOf(text: string): string {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message
  } catch {
    return text
  }
}

/** Who acts, when nobody says so: the user of this machine. */
export function actorByDefault(): string {
  return userInfo().username
}
