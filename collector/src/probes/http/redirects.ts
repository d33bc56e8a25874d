import { counted } from '../../lib/words.ts'

const redirectsMax = 10

/** The address sends a client round and round. */
export class RedirectLoop extends Error {}

type Request = {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly followRedirects: boolean
}

/**
 * Sends a request and follows its redirects, as Kubernetes' probes do: within the same host name
 * only, and never from https back to http. A redirect that is not followed is the answer.
 */
export async function follow(first: URL, request: Request, fetch: typeof globalThis.fetch, signal: AbortSignal): Promise<Response> {
  let url = first
  let { method, body } = request
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const headers = { 'user-agent': 'Tidewatch', ...request.headers, connection: 'close' }
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal })
    const next = request.followRedirects ? nextAddress(response, url) : undefined
    if (!next) return response
    await response.body?.cancel()
    if (becomesGet(response.status, method)) [method, body] = ['GET', undefined]
    url = next
  }
  throw new RedirectLoop(`redirected more than ${counted(redirectsMax, 'time')}, last to ${url.pathname}`)
}

function nextAddress(response: Response, from: URL): URL | undefined {
  const location = response.headers.get('location')
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return undefined
  const to = URL.parse(location, from.href)
  if (!to || to.hostname !== from.hostname || !/^https?:$/.test(to.protocol)) return undefined
  return from.protocol === 'https:' && to.protocol === 'http:' ? undefined : to
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}
