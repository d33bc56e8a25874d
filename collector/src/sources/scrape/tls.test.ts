import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import { createFakeScraperDoors, optionsOf } from './fake-doors.ts'
import { createGetPage } from './get-page.ts'
import { startScraper } from './scraper.ts'
import { type Target, toTarget } from './target.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidewatch-tls-'))
let key: string
let cert: string
let address: string
let server: ReturnType<typeof createServer>

beforeAll(async () => {
  const file = (name: string) => join(folder, name)
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=node.example.org']
  const names = ['-addext', 'subjectAltName=DNS:node.example.org', '-keyout', file('key.pem'), '-out', file('cert.pem')]
  execFileSync('openssl', ['req', '-x509', ...kind, ...names], { stdio: 'ignore' })
  key = readFileSync(file('key.pem'), 'utf8')
  cert = readFileSync(file('cert.pem'), 'utf8')
  server = createServer({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: false }, ({ socket }, answer) =>
    answer.end(`known ${Number((socket as TLSSocket).authorized)}\n`),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

/** The values and warnings of one scrape over TLS. */
async function scrapeOnce(given: object) {
  const options = optionsOf({ scheme: 'https', ...given })
  const target = { ...(toTarget(address, {}, options) as Target), offsetMs: 0 }
  const fakes = createFakeScraperDoors([])
  let done = () => {}
  const stored = new Promise<void>((resolve) => {
    done = resolve
  })
  const push: typeof fakes.push = async (points) => {
    fakes.points.push(...points)
    setImmediate(done)
    return []
  }
  startScraper(target, options, { ...fakes, push, getPage: createGetPage(systemClock) })
  await fakes.clock.advance(options.interval)
  await stored
  return { ...fakes.last(), warnings: fakes.warnings }
}

describe('a target behind TLS', () => {
  it('is refused when nobody vouches for its certificate', async () => {
    expect(await scrapeOnce({})).toMatchObject({ up: 0, warnings: [expect.stringMatching(/self-signed certificate/)] })
  })

  it('is taken with the certificate to trust and its name', async () => {
    expect(await scrapeOnce({ ca: cert, serverName: 'node.example.org' })).toMatchObject({ up: 1, known: 0 })
  })

  it('is refused under another name', async () => {
    expect(await scrapeOnce({ ca: cert })).toMatchObject({ up: 0, warnings: [expect.stringMatching(/does not match certificate/)] })
  })

  it('knows us by our certificate', async () => {
    expect(await scrapeOnce({ ca: cert, serverName: 'node.example.org', cert, key })).toMatchObject({ up: 1, known: 1 })
  })

  it('is taken as it is with insecureSkipVerify', async () => {
    expect(await scrapeOnce({ insecureSkipVerify: true })).toMatchObject({ up: 1 })
  })
})
