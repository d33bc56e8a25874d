import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { AppError } from '../lib/errors.ts'
import type { HttpLimits } from './deps.ts'
import type { HttpApp } from './env.ts'
import { isLoopback } from './middleware/loopback.ts'

export type ListenOptions = {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly hasTokens: boolean
  readonly limits: HttpLimits
}

export type Listener = {
  readonly url: string
  readonly port: number
  /** Takes no new connections and waits for requests under way, at most `graceMs`. */
  stop(graceMs: number): Promise<void>
}

const sweepMs = 20

/** Opens the port. Rejects with one sentence when it cannot. */
export async function listen(app: HttpApp, options: ListenOptions): Promise<Listener> {
  if (!options.hasTokens && !isLoopback(options.host)) {
    throw new AppError(
      'START_FAILED',
      `Refusing to listen on ${options.host} without tokens: anyone there could write and act. Configure tokens, or listen on 127.0.0.1.`,
    )
  }
  const { limits } = options
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: 65_000,
      // Prometheus and some clients pipeline; small answers must not wait for Nagle.
      noDelay: true,
      // HTTP/1.0 clients send no Host.
      requireHostHeader: false,
    },
    getRequestListener(app.fetch, { hostname: options.host }),
  )
  server.maxConnections = limits.connectionsMax
  await opened(server, options)
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { url: `http://${host}:${port}`, port, stop: (graceMs) => stop(server, graceMs) }
}

function opened(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (thrown: NodeJS.ErrnoException) =>
      reject(new AppError('START_FAILED', whyNot(thrown, host, port), { cause: thrown })),
    )
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function whyNot(thrown: NodeJS.ErrnoException, host: string, port: number): string {
  switch (thrown.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program. Stop it, or choose another with --port.`
    case 'EACCES':
      return `Port ${port} may not be opened by this user. Choose one above 1023 with --port.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine. Choose one with --host, for example 127.0.0.1.`
    default:
      return `Cannot listen on ${host}:${port}: ${thrown.message}.`
  }
}

function stop(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs)
    // A connection that was busy when the stop began becomes idle later, and nobody would close it.
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs)
    server.close(() => {
      clearTimeout(force)
      clearInterval(sweep)
      resolve()
    })
    server.closeIdleConnections()
  })
}
