import { type IncomingMessage, request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { createGunzip } from 'node:zlib'
import type { Clock } from '../../lib/clock.ts'

export type PageRequest = {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** Gives up at once, when the collector stops. */
  readonly signal: AbortSignal
  /** After unpacking. */
  readonly bytesMax: number
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>
}

export type Page = { readonly status: number; readonly contentType: string; readonly body: Uint8Array }
export type GetPage = (request: PageRequest) => Promise<Page>

/** Node's own client: fetch knows neither our certificates nor how large a page may become. */
export function createGetPage(clock: Clock): GetPage {
  return async ({ url, headers, timeoutMs, signal: stopped, bytesMax, tls }) => {
    const controller = new AbortController()
    const signal = AbortSignal.any([controller.signal, stopped])
    const late = new Error(`no whole page within ${timeoutMs / 1000} s`)
    const cancel = clock.after(timeoutMs, () => controller.abort(late))
    try {
      const response = await ask(url, { headers, signal, ...(url.protocol === 'https:' && tls) })
      const body = await receive(response, bytesMax, signal)
      return { status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', body }
    } catch (thrown) {
      throw controller.signal.aborted ? late : thrown
    } finally {
      cancel()
    }
  }
}

function ask(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    send(url, options, resolve).on('error', reject).end()
  })
}

async function receive(response: IncomingMessage, bytesMax: number, signal: AbortSignal): Promise<Uint8Array> {
  const isPacked = response.headers['content-encoding'] === 'gzip'
  const unpacked = isPacked ? response.pipe(createGunzip()) : response
  // What breaks the connection must also end the unpacking, which would wait for more.
  if (isPacked) response.on('error', (thrown) => unpacked.destroy(thrown))
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of unpacked) {
    signal.throwIfAborted()
    bytes += chunk.length
    if (bytes > bytesMax) {
      response.destroy()
      throw new Error(`the page is larger than ${bytesMax} bytes; raise bodyBytesMax or show less`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}
