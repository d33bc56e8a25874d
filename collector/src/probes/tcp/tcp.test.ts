import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Clock, createFakeClock } from '../../lib/clock.ts'
import { testProbe } from '../contract.ts'
import { tcp, tcpOptions } from './tcp.ts'

/** A server that takes connections on a free port and says nothing. */
async function listen() {
  const server = createServer((socket) => socket.resume().on('error', () => {}))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

async function closedPort(): Promise<number> {
  const { port, close } = await listen()
  await close()
  return port
}

const createProbe = (options: { host: string; port: number; degradedAbove?: string }, clock: Clock = createFakeClock()) =>
  tcp.create(tcpOptions.parse({ type: 'tcp', ...options }), { fetch, clock, selfChecks: {} })

const { signal } = new AbortController()

testProbe('tcp', {
  healthy: async () => {
    const { port, close } = await listen()
    return { probe: createProbe({ host: '127.0.0.1', port }), dispose: close }
  },
  broken: async () => ({ probe: createProbe({ host: '127.0.0.1', port: await closedPort() }) }),
  // A connection is never open before the caller's own turn ends, so an abort in that turn comes in time.
  silent: async () => {
    const { port, close } = await listen()
    return { probe: createProbe({ host: '127.0.0.1', port }), dispose: close }
  },
})

describe('a tcp probe', () => {
  it('names the address that refuses the connection', async () => {
    const port = await closedPort()
    expect(await createProbe({ host: '127.0.0.1', port }).check(signal)).toEqual({
      ok: false,
      latencyMs: null,
      message: `connection refused by 127.0.0.1:${port}`,
    })
  })

  it('is degraded when the connection takes longer than allowed', async () => {
    const { port, close } = await listen()
    const times = [0, 700]
    const clock = { ...createFakeClock(), monotonic: () => times.shift() ?? 0 }
    const result = await createProbe({ host: '127.0.0.1', port, degradedAbove: '500ms' }, clock).check(signal)
    await close()
    expect(result).toEqual({
      ok: true,
      degraded: true,
      latencyMs: 700,
      message: `127.0.0.1:${port} took the connection in 700ms, slower than 500ms`,
    })
  })

  it('leaves no connection behind', async () => {
    const { port, close } = await listen()
    await createProbe({ host: '127.0.0.1', port }).check(signal)
    // Closing waits for the connections that are still open.
    await close()
  })
})
