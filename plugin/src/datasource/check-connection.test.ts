import { describe, expect, it } from 'vitest'
import type { CollectorClient } from '../client/collector-client.ts'
import { CollectorError } from '../client/collector-error.ts'
import { checkConnection } from './check-connection.ts'

const fine = {
  version: '0.1.0',
  startedAt: '',
  store: { kind: 'duckdb', ok: true, message: '12 MB in ./data' },
  rules: 1,
  probes: 4,
  pointsAccepted: 9,
}
const refusal = (code: string, status: number, message = 'no') => Promise.reject(new CollectorError(message, { code, status }))

function run(parts: { status?: () => Promise<unknown>; tryOperate?: () => Promise<unknown>; hasAddress?: boolean }) {
  const client = {
    status: parts.status ?? (async () => fine),
    tryOperate: parts.tryOperate ?? (() => refusal('VALIDATION_FAILED', 400)),
  } as unknown as CollectorClient
  return checkConnection({ client, hasAddress: parts.hasAddress ?? true })
}

describe('checkConnection', () => {
  it('says who answered, in what state, and that editors may act', async () => {
    expect(await run({})).toEqual({
      status: 'success',
      message: 'Tidewatch 0.1.0 answers. Store: duckdb, working. 1 rule, 4 probes. Editors may acknowledge and resolve alerts.',
      details: { message: '12 MB in ./data' },
    })
  })

  it('succeeds without an operate token, and says what that means', async () => {
    const { status, message } = await run({ tryOperate: () => refusal('UNAUTHENTICATED', 401, 'the token is unknown') })
    expect(status).toBe('success')
    expect(message).toContain('Panels can only look: the operate token does not work (the token is unknown)')
  })

  it('fails when the store does not work', async () => {
    const { status, message } = await run({
      status: async () => ({ ...fine, store: { kind: 'influxdb', ok: false, message: 'connection refused' } }),
    })
    expect({ status, message }).toEqual({
      status: 'error',
      message: 'Tidewatch 0.1.0 answers, but its influxdb store does not work: connection refused',
    })
  })

  it.each([
    ['UNAUTHENTICATED', 401, 'refused the read token'],
    ['FORBIDDEN', 403, 'lacks the scope "read"'],
    ['HTTP_400', 400, 'most often the read token is missing or wrong'],
    ['UNREACHABLE', 0, 'no'],
  ])('says what is wrong on %s', async (code, status, words) => {
    expect((await run({ status: () => refusal(code, status) })).message).toContain(words)
  })

  it('tells a web page from a collector', async () => {
    expect((await run({ status: async () => '<html>' })).message).toContain('not a Tidewatch collector')
  })

  it('asks for the address before it asks the collector', async () => {
    expect((await run({ hasAddress: false })).message).toContain("Enter the collector's URL")
  })
})
