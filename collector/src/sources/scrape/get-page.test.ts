import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { createGetPage, type PageRequest } from './get-page.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const clock = createFakeClock()
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)
  const get = (given: Partial<PageRequest> = {}) =>
    createGetPage(clock)({
      url,
      headers: { accept: 'text/plain' },
      timeoutMs: 5000,
      signal: new AbortController().signal,
      bytesMax: 100,
      tls: {},
      ...given,
    })
  return { clock, get }
}

it('brings the page, what it says it is, and sends the headers', async () => {
  const { get } = await serve(({ headers }, answer) => answer.writeHead(200, { 'content-type': 'text/x' }).end(headers.accept))
  expect(await get()).toEqual({ status: 200, contentType: 'text/x', body: Buffer.from('text/plain') })
})

it('unpacks gzip', async () => {
  const { get } = await serve((_, answer) => answer.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a 1\n')))
  expect(Buffer.from((await get()).body).toString()).toBe('a 1\n')
})

it.each([
  ['plain', (text: string) => Buffer.from(text), {}],
  ['packed', (text: string) => gzipSync(text), { 'content-encoding': 'gzip' }],
])('refuses a page that is too large: %s', async (_, pack, headers) => {
  const { get } = await serve((_, answer) => answer.writeHead(200, headers).end(pack('x'.repeat(1000))))
  await expect(get()).rejects.toThrow('larger than 100 bytes')
})

it.each(['silent', 'slow'])('gives up on a target that is %s', async (how) => {
  const { clock, get } = await serve((_, answer) => {
    if (how === 'slow') answer.writeHead(200).write('a')
    void clock.advance(5000)
  })
  await expect(get()).rejects.toThrow('no whole page within 5 s')
})

it('says why nobody answers', async () => {
  const { get } = await serve((request) => request.socket.destroy())
  await expect(get()).rejects.toThrow(/hang up/)
  await expect(get({ url: new URL('http://127.0.0.1:1/') })).rejects.toThrow(/ECONNREFUSED/)
})

it('does not wait for a silent target when the collector stops', async () => {
  const stopping = new AbortController()
  const { get } = await serve(() => stopping.abort())
  await expect(get({ signal: stopping.signal })).rejects.toThrow(/abort/)
})

it('fails on a broken packing', async () => {
  const { get } = await serve((_, answer) => answer.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'))
  await expect(get()).rejects.toThrow(/incorrect header check/)
})
