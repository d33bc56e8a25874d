import { z } from 'zod'
import { durationSchema, formatDuration } from '../../lib/duration.ts'
import { messageOf } from '../../lib/errors.ts'
import type { ProbeResult } from '../../model/health.ts'
import { defineProbe, type ProbeDoors } from '../../model/kinds.ts'
import { describeNetworkFailure } from '../shared/network-failure.ts'
import { createBodyCheck, readBody } from './body.ts'
import { describeExpectedStatus, expectedStatusSchema, isExpectedStatus } from './expected-status.ts'
import { follow, RedirectLoop } from './redirects.ts'

export const httpOptions = z.strictObject({
  type: z.literal('http'),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://api.example.org/healthz' })
    .refine((url) => !URL.canParse(url) || new URL(url).username === '', 'must not hold a user name; give an authorization header'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().max(100_000).optional().describe('What to send.'),
  expectedStatus: expectedStatusSchema.default('200-399').describe('A status, a range, or a list of them.'),
  bodyContains: z.string().min(1).optional().describe('Text the answer must hold within its first mebibyte.'),
  bodyMatches: z.string().min(1).refine(isRegExp, 'must be a regular expression').optional().describe('What the answer must match there.'),
  degradedAbove: durationSchema.optional().describe('A good answer that takes longer is degraded.'),
  followRedirects: z.boolean().default(true).describe('Within the same host only.'),
})

type Options = Omit<z.output<typeof httpOptions>, 'type'>

/**
 * Asks an address and looks at status, body and time. Each check opens a connection of its own, so
 * that a broken name, route or certificate does not hide behind one that is still open.
 */
export const http = defineProbe({
  type: 'http',
  schema: httpOptions,
  create: (options: Options, doors: ProbeDoors) => ({ check: (signal: AbortSignal) => checkHttp(options, doors, signal) }),
})

async function checkHttp(options: Options, { fetch, clock }: ProbeDoors, signal: AbortSignal): Promise<ProbeResult> {
  const startedMs = clock.monotonic()
  const failed = (message: string) => ({ ok: false, latencyMs: null, message })
  try {
    const response = await follow(new URL(options.url), options, fetch, signal)
    const checkBody = createBodyCheck(options)
    const text = await readBody(response, checkBody !== undefined)
    const latencyMs = clock.monotonic() - startedMs
    return judgeAnswer(options, response, latencyMs, checkBody?.(text))
  } catch (thrown) {
    if (signal.aborted) return failed(messageOf(signal.reason))
    if (thrown instanceof RedirectLoop) return failed(thrown.message)
    return failed(describeFailure(thrown, new URL(options.url)))
  }
}

function judgeAnswer(options: Options, response: Response, latencyMs: number, bodyProblem: string | undefined): ProbeResult {
  const { status } = response
  if (!isExpectedStatus(options.expectedStatus, status)) {
    const expected = describeExpectedStatus(options.expectedStatus)
    return { ok: false, latencyMs, message: `answered ${status}, expected ${expected}` }
  }
  if (bodyProblem !== undefined) return { ok: false, latencyMs, message: `answered ${status}, but ${bodyProblem}` }
  const took = formatDuration(latencyMs)
  if (options.degradedAbove !== undefined && latencyMs > options.degradedAbove) {
    const allowed = formatDuration(options.degradedAbove)
    return { ok: true, degraded: true, latencyMs, message: `answered ${status} after ${took}, slower than ${allowed}` }
  }
  const elsewhere = otherHost(response, options)
  return { ok: true, latencyMs, message: `answered ${status} in ${took}${elsewhere}` }
}

/** A redirect to another host is an answer of this one; the other is not ours to judge. */
function otherHost(response: Response, options: Options): string {
  const location = response.headers.get('location')
  if (location === null || response.status < 300 || response.status > 399 || !options.followRedirects) return ''
  const target = URL.parse(location, options.url)
  return target ? ` and leads to ${target.host}, which was not followed` : ''
}

function describeFailure(thrown: unknown, url: URL): string {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  if (thrown instanceof Error && messageOf(thrown.cause) === 'bad port') {
    return `port ${port} is reserved for another protocol, HTTP clients refuse it; use a tcp probe`
  }
  return describeNetworkFailure(thrown, { hostname: url.hostname, address: `${url.hostname}:${port}` })
}

function isRegExp(source: string): boolean {
  try {
    new RegExp(source)
    return true
  } catch {
    return false
  }
}
