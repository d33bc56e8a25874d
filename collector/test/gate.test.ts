import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { GateResultsResponse } from '../src/contract/gates.ts'
import { newFolder, post, type Running, runCommand, spawnCollector, startCollector, startCommand } from './collector.ts'
import { findFreePort } from './ports.ts'

const yaml = `
presets: []
sources: []
rules:
  - name: checkout-errors
    kind: ratio
    source: { measurement: http_server, field: error_count, group_by: [service, environment] }
    over: { field: count }
    window: 1h
    condition: { above: 0.05 }
    min_samples: 20
    severity: critical
    labels: { team: shop }
  - name: checkout-slow
    source: { measurement: http_server, field: p95_ms, group_by: [service, environment] }
    condition: { above: 500 }
    labels: { team: shop }
  - name: orders-stuck
    source: { measurement: orders, field: stuck, where: { service: orders } }
    condition: { above: 0 }
gates:
  - name: production
    rules: [checkout-errors, checkout-slow, orders-stuck]
    labels: { environment: production }
receivers: [{ name: ops, type: log }]
route: { receiver: ops, group_wait: 0s }
`
let collector: Running

/** An hour of requests of one service, so that what is counted over the window is known at once. */
async function traffic(service: string, requests: number, errors: number, p95: number): Promise<void> {
  const tags = `service=${service},environment=production`
  const body = `http_server,${tags} count=${requests},error_count=${errors},p95_ms=${p95}`
  await fetch(`${collector.url}/write?db=a`, { method: 'POST', body })
}

const run = async (...args: string[]) => {
  const { code, out, errors } = await runCommand(['gate', ...args, '--url', collector.url])
  return { code, out, errors }
}
const check = (...args: string[]) => run('check', ...args, '--actor', 'jane')
const verdict = async () =>
  ((await (await fetch(`${collector.url}/api/v1/gates/results?limit=1`)).json()) as GateResultsResponse).results[0]

beforeAll(async () => {
  collector = await startCollector({ yaml })
  await traffic('checkout', 1000, 2, 120)
  await traffic('search', 1000, 300, 900)
  await traffic('night', 1, 1, 80)
})
afterAll(() => collector.stop())

describe('tidewatch gate check', () => {
  it('passes a service whose rules are fine, and leaves out what is about others', async () => {
    const { code, out } = await check('production', '--service', 'checkout')
    expect(code).toBe(0)
    expect(out).toMatch(/^Gate production for environment=production, service=checkout: PASS\n {2}2 rules are fine\n/)
    expect(out).toContain('left out, for they are about others: orders-stuck')
  })

  it('fails a service of which one rule fires, with its name, value, limit and alert', async () => {
    const { code, out } = await check('production', '--service', 'search')
    expect(code).toBe(1)
    expect(out).toMatch(/: FAIL\n {2}checkout-errors: firing.* \(and 1 more: checkout-slow\)\n/)
    expect(out).toMatch(
      / {2}fail {11}checkout-errors: firing.*\n {17}value 0\.3 of 1000 samples in 1h, fires when above 0\.05\n {17}alert [0-9a-f]{16}\n/,
    )
  })

  it('cannot judge when nothing matches, or when it is not understood', async () => {
    const empty = await check('--matcher', 'team="nobody"')
    expect([empty.code, empty.out]).toEqual([2, expect.stringContaining('ERROR\n  no rule matches\n')])
    const none = await check()
    expect([none.code, none.errors]).toEqual([2, expect.stringContaining('say which rules are judged')])
    expect((await check('--rule', 'chekout-errors')).errors).toContain('there is no rule "chekout-errors"')
    for (const wrong of [['prodution'], ['production', '--wach', '5m'], ['production', '--watch', '3h'], ['production', '--rule', 'x']])
      expect([wrong, (await check(...wrong)).code]).toEqual([wrong, 2])
    expect((await run('chek')).code).toBe(2)
  })

  it('passes in dry-run, and stores the true verdict', async () => {
    const { code, out } = await check('production', '--service', 'search', '--dry-run')
    expect([code, out]).toEqual([0, expect.stringMatching(/: PASS\n.*\n {2}The verdict is fail; in dry-run everything passes\.\n/)])
    expect(await verdict()).toMatchObject({ verdict: 'fail', answer: 'pass', actor: 'jane', policies: { dryRun: true } })
  })

  it('says of one error in one request that nothing can be said: neither pass nor fail', async () => {
    const rule = ['--rule', 'checkout-errors', '--service', 'night']
    const { code, out } = await check(...rule)
    expect([code, out]).toEqual([1, expect.stringContaining('  inconclusive   checkout-errors: 1 of at least 20 samples in 1h\n')])
    expect((await check(...rule, '--on-inconclusive', 'pass')).code).toBe(0)
    expect(await verdict()).toMatchObject({ verdict: 'inconclusive', answer: 'pass' })
  })

  it('shows a silenced rule as muted, and lets it pass only when told so', async () => {
    const silence = { matchers: ['alertname="checkout-errors"', 'service="search"'], createdBy: 'jane', comment: 'known', for: '1h' }
    await post(`${collector.url}/api/v1/silences`, silence)
    const rule = ['--rule', 'checkout-errors', '--service', 'search']
    const judged = await check(...rule)
    expect([judged.code, judged.out]).toEqual([
      1,
      expect.stringMatching(/ {2}muted \(fail\) {3}checkout-errors: muted by silence \S+; under that: firing/),
    ])
    const letBy = await check(...rule, '--on-muted', 'pass')
    expect([letBy.code, letBy.out]).toEqual([
      0,
      expect.stringContaining('PASS\n  checkout-errors is let by, for it is muted: under that it is fail\n'),
    ])
  })

  it('watches for a while, tells how it stands, and fails as soon as a rule does', async () => {
    const watching = startCommand(['gate', 'check', 'production', '--service', 'basket', '--watch', '10m', '--url', collector.url])
    await expect.poll(watching.errors).toContain('so far')
    await traffic('basket', 1000, 500, 100)
    const { code, out, errors } = await watching.ended
    expect(errors).toMatch(/^Watching until \S+, result \S+\n {2}inconclusive so far: checkout-errors: sees no data of /)
    expect([code, out]).toEqual([1, expect.stringContaining('checkout-errors: firing')])
  })

  it('goes on when the collector is killed meanwhile and started again, and whoever waits has the verdict', async () => {
    const file = join(newFolder(), 'tidewatch.yaml')
    writeFileSync(file, yaml)
    const args = ['--config', file, '--store', 'duckdb', '--data', newFolder(), '--port', String(await findFreePort())]
    const victim = await spawnCollector(args)
    const write = (errors: number) =>
      fetch(`${victim.url}/write?db=a`, {
        method: 'POST',
        body: `http_server,service=basket,environment=production count=1000,error_count=${errors},p95_ms=90`,
      })
    await write(1)
    const watching = startCommand(['gate', 'check', 'production', '--service', 'basket', '--watch', '10m', '--url', victim.url])
    const stored = async () => ((await (await fetch(`${victim.url}/api/v1/gates/results`)).json()) as GateResultsResponse).results
    await expect.poll(watching.errors).toContain('pass so far')
    victim.child.kill('SIGKILL')
    await victim.exited
    const next = await spawnCollector(args)
    onTestFinished(() => void next.child.kill())
    expect(await stored()).toMatchObject([{ state: 'watching', verdict: 'pass', answer: null, gaps: [{}] }])
    await write(500)
    const { code, out, errors } = await watching.ended
    expect([code, out, errors]).toEqual([
      1,
      expect.stringContaining(': FAIL\n  checkout-errors: firing'),
      expect.stringContaining('pass so far'),
    ])
    expect(out).toMatch(/\n {2}Not watched from \S+ to \S+, when the collector was away; it watched for that much longer\.\n/)
  })

  it('is overridden by somebody for a reason, in the check or afterwards', async () => {
    const now = await check('production', '--service', 'search', '--override', 'the fix is in it')
    expect([now.code, now.out]).toEqual([0, expect.stringContaining('The verdict is fail; jane lets it pass: the fix is in it')])
    await check('production', '--service', 'search')
    const { id = '' } = (await verdict()) ?? {}
    const later = await run('override', id, '--reason', 'urgent', '--actor', 'joe')
    expect([later.code, later.out]).toEqual([0, expect.stringContaining('joe lets it pass: urgent')])
    expect((await run('results', '--limit', '1')).out).toMatch(
      / {2}production {2}fail, answered pass {2}jane\n.*; overridden by joe: urgent\n$/,
    )
  })

  it('lists the gates', async () => {
    const { out } = await run('list')
    expect(out).toBe('production\n  rules: checkout-errors, checkout-slow, orders-stuck\n  labels: {"environment":"production"}\n')
  })

  it('follows the configuration when that is read again', async () => {
    writeFileSync(collector.file, yaml.replace('gates:', 'gates:\n  - { name: staging, rules: [checkout-slow], watch: 5m }'))
    await post(`${collector.url}/api/v1/admin/reload`, {})
    expect((await run('list')).out).toMatch(/^staging\n {2}rules: checkout-slow\n {2}watches 5m\nproduction\n/)
  })

  it('fails closed when no collector answers, or only with an error, and open only when told so', async () => {
    const broken = createServer((_, answer) => answer.writeHead(502).end('bad gateway')).listen(0, '127.0.0.1')
    await new Promise((resolve) => broken.once('listening', resolve))
    const bad = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`
    for (const url of ['http://127.0.0.1:9', bad]) {
      const closed = await runCommand(['gate', 'check', 'production', '--url', url])
      expect([closed.code, closed.errors]).toEqual([2, expect.stringContaining('could not be judged, so it does not pass')])
      expect((await runCommand(['gate', 'check', 'production', '--fail-open', '--url', url])).code).toBe(0)
    }
    expect((await check('prodution', '--fail-open')).code).toBe(2)
    expect((await runCommand(['gate', 'check', 'production', '--fail-open', '--url', 'nonsense'])).code).toBe(2)
    broken.close()
  })
})
