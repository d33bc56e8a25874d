import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { askCollector } from './collector-client.ts'

async function withServer(work: (url: string) => Promise<void>, answer: RequestListener = () => {}): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  server.closeAllConnections()
  server.close()
}

test.each([
  ['usual', 30_000],
  ['long', 3_600_000],
])('with the %s patience, what is asked and what is answered arrive whole', async (_, timeoutMs) => {
  const asked: string[] = []
  const refusing: RequestListener = (request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => asked.push(`${request.headers.authorization} ${text}`))
    request.on('end', () => {
      response.statusCode = asked.length > 1 ? 400 : 200
      response.end(JSON.stringify(asked.length > 1 ? { error: { message: 'No.' } } : { said: 'ü'.repeat(100_000) }))
    })
  }
  await withServer(async (url) => {
    const ask = () => askCollector<{ said: string }>({ url, token: 't' }, 'POST', '/x', { from: 1 }, { timeoutMs })
    expect((await ask()).said).toHaveLength(100_000)
    await expect(ask()).rejects.toThrow(`The collector at ${url} answered 400: No.`)
    expect(asked).toEqual(['Bearer t {"from":1}', 'Bearer t {"from":1}'])
  }, refusing)
})

test('whoever is patient can still give up', async () => {
  await withServer(async (url) => {
    const given = new AbortController()
    const asked = askCollector({ url }, 'GET', '/x', undefined, { timeoutMs: 3_600_000, signal: given.signal })
    given.abort()
    await expect(asked).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  })
  const gone = askCollector({ url: 'http://127.0.0.1:1' }, 'GET', '/x', undefined, { timeoutMs: 3_600_000 })
  await expect(gone).rejects.toThrow('No collector answers at http://127.0.0.1:1.')
})

test('a collector that is silent for too long is told from one that is not there, with what to do', async () => {
  await withServer(async (url) => {
    const asked = askCollector({ url }, 'GET', '/x', undefined, { timeoutMs: 1, whenTooLong: 'Ask for less.' })
    await expect(asked).rejects.toThrow(`The collector at ${url} gave no answer within 1ms. Ask for less.`)
    const given = AbortSignal.abort()
    await expect(askCollector({ url }, 'GET', '/x', undefined, { signal: given })).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  })
  await expect(askCollector({ url: 'http://127.0.0.1:1' }, 'GET', '/x')).rejects.toThrow(
    'No collector answers at http://127.0.0.1:1. Start it',
  )
})
