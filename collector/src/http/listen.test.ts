import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createFakeDoors, type FakeDoors, smallLimits } from './fakes/fake-doors.ts'
import { type Listener, listen } from './listen.ts'
import { createHttp } from './server.ts'

const open: Listener[] = []
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.stop(0)
})

async function start(doors: FakeDoors = createFakeDoors()) {
  const listener = await listen(createHttp(doors).app, { host: '127.0.0.1', port: 0, hasTokens: false, limits: doors.options.limits })
  open.push(listener)
  return { doors, listener, url: listener.url, port: listener.port }
}

/** Sends bytes as they are and gives back all that comes, until the server closes. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}

describe('a real server', () => {
  it('takes chunked, packed and HTTP/1.0 writes', async () => {
    const { doors, url, port } = await start()
    const packed = gzipSync('cpu v=1')
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(packed.subarray(0, 5))
        controller.enqueue(packed.subarray(5))
        controller.close()
      },
    })
    const answer = await fetch(`${url}/write?db=a`, {
      method: 'POST',
      body: chunked,
      headers: { 'content-encoding': 'gzip' },
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(204)
    expect(await raw(port, 'POST /write?db=a HTTP/1.0\r\nContent-Length: 7\r\n\r\ncpu v=2')).toContain(' 204 ')
    expect(doors.written.map(({ text }) => text)).toEqual(['cpu v=1', 'cpu v=2'])
  })

  it('answers 413 to a body over the limit, declared or not', async () => {
    const { doors, url } = await start()
    const body = 'x'.repeat(smallLimits.ingestBodyBytesMax + 1)
    expect((await fetch(`${url}/write?db=a`, { method: 'POST', body })).status).toBe(413)
    const stream = new Blob([body]).stream()
    expect((await fetch(`${url}/write?db=a`, { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).status).toBe(413)
    expect(doors.written).toEqual([])
  })

  it('refuses headers over the limit', async () => {
    const { port } = await start()
    expect(await raw(port, `GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`)).toContain(' 431 ')
  })

  it('cancels the query of a client that hangs up', async () => {
    const { doors, url } = await start()
    const gone = new AbortController()
    const cancelled = new Promise((resolve) => {
      doors.answerQuery = (_, signal) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => {
            resolve('cancelled')
            reject(signal.reason)
          })
          gone.abort()
        })
    })
    const queries = [{ refId: 'A', kind: 'metrics', measurement: 'cpu', fields: ['v'] }]
    const body = JSON.stringify({ range: { from: 0, to: 1000 }, queries })
    await expect(fetch(`${url}/api/v1/query`, { method: 'POST', body, signal: gone.signal })).rejects.toThrow()
    expect(await cancelled).toBe('cancelled')
  })

  it('gives a slow query up after its time and says so to its refId', async () => {
    const doors = createFakeDoors({ limits: { ...smallLimits, queryTimeoutMs: 1 } })
    doors.answerQuery = () => new Promise(() => {})
    const { url } = await start(doors)
    const queries = [{ refId: 'A', kind: 'metrics', measurement: 'cpu', fields: ['v'] }]
    const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body: JSON.stringify({ range: { from: 0, to: 1000 }, queries }) })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ results: { A: { error: { code: 'QUERY_TIMEOUT' } } } })
  })

  it('forgets a stream whose client hangs up', async () => {
    const { doors, url } = await start()
    const gone = new AbortController()
    const answer = await fetch(`${url}/api/v1/stream`, { signal: gone.signal })
    await answer.body?.getReader().read()
    expect(doors.listeners()).toBe(1)
    const forgotten = new Promise<void>((resolve) => {
      const look = () => (doors.listeners() === 0 ? resolve() : setImmediate(look))
      look()
    })
    gone.abort()
    await forgotten
  })
})

describe('opening the port', () => {
  it('says in a sentence that the port is taken', async () => {
    const { port } = await start()
    const again = listen(createHttp(createFakeDoors()).app, { host: '127.0.0.1', port, hasTokens: false, limits: smallLimits })
    await expect(again).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken by another program. Stop it, or choose another with --port.`)
  })

  it('refuses to listen beyond this machine without tokens', async () => {
    const { app } = createHttp(createFakeDoors())
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
      await expect(listen(app, { host, port: 0, hasTokens: false, limits: smallLimits })).rejects.toThrow('without tokens')
    }
  })

  it('listens beyond this machine with tokens', async () => {
    const listener = await listen(createHttp(createFakeDoors()).app, { host: '0.0.0.0', port: 0, hasTokens: true, limits: smallLimits })
    open.push(listener)
    expect(listener.port).toBeGreaterThan(0)
  })

  it('finishes requests under way when it stops', async () => {
    const { doors, listener, url } = await start()
    let finish = () => {}
    const arrived = new Promise<void>((resolve) => {
      doors.answerQuery = () => {
        resolve()
        return new Promise((done) => {
          finish = () => done([])
        })
      }
    })
    const queries = [{ refId: 'A', kind: 'metrics', measurement: 'cpu', fields: ['v'] }]
    const answer = fetch(`${url}/api/v1/query`, { method: 'POST', body: JSON.stringify({ range: { from: 0, to: 1000 }, queries }) })
    await arrived
    const stopped = listener.stop(10_000)
    finish()
    expect((await answer).status).toBe(200)
    await stopped
    await expect(fetch(`${url}/livez`)).rejects.toThrow()
  })
})
