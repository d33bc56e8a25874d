import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findFreePort } from '../collector/test/ports.ts'
import { patience } from '../vitest.patience.ts'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

export type Product = { url: string; stop(): Promise<void> }

/** Starts the collector as `npm start` does, on a free port with a data directory of its own. */
export async function startProduct(configuration: string, args: readonly string[] = []): Promise<Product> {
  const room = mkdtempSync(join(tmpdir(), 'tidewatch-acceptance-'))
  const file = join(room, 'tidewatch.yaml')
  writeFileSync(file, configuration)
  const command = [
    join(root, 'collector/bin/tidewatch.js'),
    'serve',
    '--config',
    file,
    '--port',
    '0',
    '--data',
    join(room, 'data'),
    ...args,
  ]
  const collector = spawn(process.execPath, command, { cwd: room, stdio: ['ignore', 'pipe', 'pipe'] })
  const url = await addressOf(collector)
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => collector.once('exit', resolve))
      collector.kill('SIGTERM')
      await ended
      rmSync(room, { recursive: true })
    },
  }
}

/** The address the collector prints once it listens. */
function addressOf(collector: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk
      const url = /Tidewatch is at (http:\/\/[\w.:]+)/.exec(output)?.[1]
      if (url) resolve(url)
    }
    collector.stdout?.on('data', read)
    collector.stderr?.on('data', (chunk) => {
      output += chunk
    })
    collector.once('exit', (code) => reject(new Error(`the collector ended with ${code}:\n${output}`)))
  })
}

export type Receiver = { url: string; waitFor(matches: (body: WebhookBody) => boolean): Promise<WebhookBody>; stop(): Promise<void> }
export type WebhookBody = { status: string; alerts: { status: string; labels: Record<string, string> }[] }

/** A webhook receiver: keeps what it was sent, and wakes who waits for it. */
export async function startReceiver(): Promise<Receiver> {
  const received: WebhookBody[] = []
  let wake: () => void = () => undefined
  const server = createServer(async (request, response) => {
    received.push(JSON.parse(await bodyOf(request)) as WebhookBody)
    response.end('ok')
    wake()
  })
  return {
    url: await listen(server),
    stop: () => close(server),
    async waitFor(matches) {
      for (;;) {
        const found = received.find(matches)
        if (found) return found
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

export type Service = { url: string; start(): Promise<void>; stop(): Promise<void> }

/** A small HTTP service that can be stopped and comes back at the same address. */
export async function createService(): Promise<Service> {
  const answer = () => createServer((_, response) => response.end('fine'))
  let server = answer()
  const port = await findFreePort()
  const url = await listen(server, port)
  return {
    url,
    async start() {
      server = answer()
      await listen(server, port)
    },
    stop: () => close(server),
  }
}

/** When a wait in the browser is given up that will never end: nothing is said here of how fast pages draw. */
const patienceMs = patience.expect.poll.timeout

/** Debian's Chromium, without the traffic of its own. */
export function startBrowser(): Promise<Browser> {
  const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  const args = [...quiet, '--disable-component-update', '--disable-sync']
  return chromium.launch({ executablePath: '/usr/bin/chromium', args, timeout: patienceMs })
}

/** A window of its own, whose waits are as patient as the tests. */
export async function openWindow(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options)
  page.setDefaultTimeout(patienceMs)
  return page
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

function listen(server: Server, port = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
