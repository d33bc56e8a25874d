import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { askCollector } from './collector-client.ts'

async function withServer(work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  server.closeAllConnections()
  server.close()
}

test('a collector that is silent for too long is told from one that is not there, with what to do', async () => {
  await withServer(async (url) => {
    const asked = askCollector({ url }, 'GET', '/x', undefined, { timeoutMs: 1, whenTooLong: 'Ask for less.' })
    await expect(asked).rejects.toThrow(`The collector at ${url} gave no answer within 1ms. Ask for less.`)
    const given = AbortSignal.abort()
    await expect(askCollector({ url }, 'GET', '/x', undefined, { signal: given })).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  })
  await expect(askCollector({ url: 'http://127.0.0.1:1' }, 'GET', '/x')).rejects.toThrow('No collector answers at http://127.0.0.1:1.')
})
