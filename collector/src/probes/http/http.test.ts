import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { createFakeClock } from '../../lib/clock.ts'
import { testProbe } from '../contract.ts'
import { http, httpOptions } from './http.ts'

const servers: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** A server on a free port of this machine, and its address. */
async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  servers.push({ close })
  return { url: `http://127.0.0.1:${port}`, port, close }
}

/** An address where nobody listens: a port that was free a moment ago. */
async function nowhere(): Promise<{ url: string; port: number }> {
  const { url, port, close } = await serve(() => {})
  await close()
  return { url, port }
}

const answer =
  (status: number, body = '', headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body)

function createProbe(options: Omit<z.input<typeof httpOptions>, 'type'>, clock = createFakeClock()) {
  return http.create(httpOptions.parse({ type: 'http', ...options }), { fetch, clock, selfChecks: {} })
}

const check = (options: Omit<z.input<typeof httpOptions>, 'type'>) => createProbe(options).check(new AbortController().signal)

testProbe('http', {
  healthy: async () => ({ probe: createProbe({ url: (await serve(answer(200, 'fine'))).url }) }),
  broken: async () => ({ probe: createProbe({ url: (await nowhere()).url }) }),
  silent: async () => ({ probe: createProbe({ url: (await serve(() => {})).url }) }),
})

describe('an http probe', () => {
  it('is red on a status that is not expected', async () => {
    const { url } = await serve(answer(503))
    expect(await check({ url })).toMatchObject({ ok: false, message: 'answered 503, expected 200–399', latencyMs: 0 })
    expect(await check({ url, expectedStatus: [200, 503] })).toMatchObject({ ok: true })
  })

  it('names the address that refuses the connection', async () => {
    const { url, port } = await nowhere()
    expect(await check({ url })).toMatchObject({ ok: false, message: `connection refused by 127.0.0.1:${port}` })
  })

  it('says that a name does not exist', async () => {
    const { message = '' } = (await check({ url: 'http://nobody.invalid/' })) ?? {}
    expect(message).toMatch(/^the name nobody\.invalid (does not exist|could not be looked up: no name server answered)$/)
  })

  it('says that a server does not speak HTTP', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {}).resume()
      socket.end('220 mail.test ESMTP\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push({ close: () => new Promise((resolve) => server.close(() => resolve())) })
    const { port } = server.address() as AddressInfo
    expect(await check({ url: `http://127.0.0.1:${port}` })).toMatchObject({ message: `127.0.0.1:${port} did not answer in HTTP` })
  })

  it('explains ports that no HTTP client may use', async () => {
    expect(await check({ url: 'http://127.0.0.1:9' })).toMatchObject({
      ok: false,
      message: 'port 9 is reserved for another protocol, HTTP clients refuse it; use a tcp probe',
    })
  })

  it('looks for text and patterns in the body', async () => {
    const { url } = await serve(answer(200, '{"status":"pass"}'))
    expect(await check({ url, bodyContains: 'pass', bodyMatches: '"status": ?"pass"' })).toMatchObject({ ok: true })
    expect(await check({ url, bodyContains: 'fine' })).toMatchObject({
      ok: false,
      message: 'answered 200, but the body does not contain "fine"',
    })
    expect(await check({ url, bodyMatches: '^pass' })).toMatchObject({ message: 'answered 200, but the body does not match /^pass/' })
  })

  it('reads no more than the first mebibyte of an endless body', async () => {
    const { url } = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more).on('error', () => {})
      more()
    })
    expect(await check({ url, bodyContains: 'y' })).toMatchObject({ ok: false })
    expect(await check({ url })).toMatchObject({ ok: true })
  })

  it('is degraded when a good answer takes longer than allowed', async () => {
    const clock = createFakeClock()
    const { url } = await serve(async (_, response) => {
      await clock.advance(900)
      response.end()
    })
    const signal = new AbortController().signal
    expect(await createProbe({ url, degradedAbove: '500ms' }, clock).check(signal)).toEqual({
      ok: true,
      degraded: true,
      latencyMs: 900,
      message: 'answered 200 after 900ms, slower than 500ms',
    })
    expect(await createProbe({ url, degradedAbove: '1s' }, clock).check(signal)).toMatchObject({ ok: true, latencyMs: 900 })
  })

  it('sends method, headers and body, over a connection of its own', async () => {
    const seen: unknown[] = []
    const { url } = await serve((request, response) => {
      const { method, headers } = request
      request.on('data', (data) => seen.push(String(data)))
      request.on('end', () => response.end())
      seen.push([method, headers['x-key'], headers['user-agent'], headers.connection])
    })
    await check({ url, method: 'POST', headers: { 'x-key': 'k' }, body: 'ping' })
    expect(seen).toEqual([['POST', 'k', 'Tidewatch', 'close'], 'ping'])
  })
})

describe('a redirect', () => {
  it('within the same host is followed', async () => {
    const paths: string[] = []
    const { url } = await serve((request, response) => {
      paths.push(`${request.method} ${request.url}`)
      if (request.url === '/') response.writeHead(302, { location: '/login' })
      response.end()
    })
    expect(await check({ url, method: 'POST', expectedStatus: 200 })).toMatchObject({ ok: true })
    expect(paths).toEqual(['POST /', 'GET /login'])
  })

  it('to another host is the answer itself', async () => {
    const { url } = await serve(answer(302, '', { location: 'http://elsewhere.test/' }))
    expect(await check({ url })).toMatchObject({
      ok: true,
      message: 'answered 302 in 0s and leads to elsewhere.test, which was not followed',
    })
  })

  it('is not followed where that is switched off', async () => {
    const { url } = await serve(answer(302, '', { location: '/login' }))
    expect(await check({ url, followRedirects: false, expectedStatus: 302 })).toMatchObject({ ok: true, message: 'answered 302 in 0s' })
  })

  it('without end is a failure', async () => {
    const { url } = await serve(answer(307, '', { location: '/round' }))
    expect(await check({ url })).toMatchObject({ ok: false, message: 'redirected more than 10 times, last to /round' })
  })
})

describe('the options of an http probe', () => {
  it.each([
    { url: 'ftp://files.test' },
    { url: 'http://user:secret@api.test/' },
    { url: 'not an address' },
    { url: 'http://api.test', bodyMatches: '(' },
    { url: 'http://api.test', expectedStatus: '2xx' },
    { url: 'http://api.test', degradedAbove: 'soon' },
  ])('are refused as %j', (wrong) => {
    expect(httpOptions.safeParse({ type: 'http', ...wrong }).success).toBe(false)
  })
})
