import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsResponse } from '../src/contract/alerts.ts'
import { hashToken } from '../src/lib/token-hash.ts'
import { type Running, runCommand, startCollector } from './collector.ts'

const yaml = `
presets: []
sources: []
rules:
  - name: Hot
    source: { measurement: load, field: value }
    condition: { above: 90 }
    severity: high
    annotations: { summary: '{{labels.host}} is hot' }
receivers: [{ name: ops, type: log }, { name: chat, type: log, deployments: { services: [shop] } }, { name: down, type: webhook, url: 'http://127.0.0.1:9/' }]
route: { receiver: ops, group_wait: 0s }
`
let collector: Running

beforeAll(async () => {
  collector = await startCollector({ yaml })
  await fetch(`${collector.url}/write?db=a`, { method: 'POST', body: 'load,host=web-1 value=95\nload,host=web-2 value=97' })
})
afterAll(() => collector.stop())

const run = async (...args: string[]) => runCommand([...args, '--url', collector.url])
const firing = async () =>
  ((await (await fetch(`${collector.url}/api/v1/alerts`)).json()) as AlertsResponse).alerts.filter(({ rule }) => rule === 'Hot')

describe('the commands about alerts', () => {
  it('list what is active and take an alert', async () => {
    await expect.poll(async () => (await firing()).length).toBe(2)
    const listed = await run('alerts', '--text', 'web-1')
    expect(listed.out).toMatch(/^[0-9a-f]{16} {2}high {6}firing {6}Hot {2}host=web-1 {2}for \S+\n {2}web-1 is hot\n$/)
    const [id = ''] = /^\S+/.exec(listed.out) ?? []
    expect((await run('ack', id, '--actor', 'jane', '--for', '2h', '--comment', 'on it')).out).toMatch(/^Hot is taken by jane until 20/)
    expect((await run('alerts', '--text', 'web-1')).out).toContain('  taken by jane\n')
    expect((await run('alerts', '--label', 'host=web-1', '--severity', 'high', '--state', 'firing')).out).toContain(id)
    expect((await run('alerts', '--label', 'host=web-1', '--label', 'alertname=Cold')).out).toBe('No such alert.\n')
    const { alerts } = JSON.parse((await run('alerts', '--label', 'host=web-1', '--format', 'json')).out) as AlertsResponse
    expect(alerts).toMatchObject([{ id, acknowledgedBy: 'jane' }])
    expect((await run('alerts', '--label', 'host')).errors).toContain('"host" is not written name=value')
    const refused = await run('ack', 'nonsense')
    expect([refused.code, refused.errors]).toEqual([
      1,
      expect.stringMatching(/^tidewatch: The collector at .* answered 404: there is no alert nonsense/),
    ])
  })

  it('give several back, and say which cannot be', async () => {
    const ids = (await firing()).map(({ id }) => id)
    const back = await run('unack', ids[0] ?? '', 'nonsense', ids[1] ?? '', '--actor', 'jane')
    expect([back.code, back.out, back.errors]).toEqual([
      1,
      'Nobody has Hot any more.\nNobody has Hot any more.\n',
      expect.stringMatching(/^tidewatch: .*answered 404: there is no alert nonsense[^\n]*\n$/),
    ])
    expect((await firing()).map(({ acknowledgedBy }) => acknowledgedBy)).toEqual([null, null])
  })

  it('end an alert only when somebody confirms it', async () => {
    await fetch(`${collector.url}/write?db=a`, { method: 'POST', body: 'load,host=web-3 value=99' })
    await expect.poll(async () => (await firing()).length).toBe(3)
    const id = (await firing()).find(({ labels }) => labels.host === 'web-3')?.id ?? ''
    const asked = await run('resolve', id)
    expect([asked.code, asked.errors]).toEqual([
      1,
      `tidewatch: End 1 alert (${id})? What still holds fires again. Nobody can be asked here: add --yes.\n`,
    ])
    const ended = await run('resolve', id, '--yes', '--actor', 'jane', '--comment', 'drill', '--format', 'json')
    expect([ended.code, JSON.parse(ended.out)]).toEqual([0, { alerts: [expect.objectContaining({ id, state: 'resolved' })] }])
    expect((await run('alerts', '--past', '--label', 'host=web-3')).out).toMatch(/ {2}resolved {4}Hot {2}host=web-3 {2}for /)
  })

  it('say what to do when the token lacks a scope, and when nobody answers', async () => {
    const hash = hashToken('reader')
    const closed = await startCollector({ yaml: `${yaml}\ntokens: [{ name: reader, scopes: [read], hash: '${hash}' }]` })
    const at = (...args: string[]) => runCommand([...args, '--url', closed.url])
    expect((await at('alerts')).errors).toContain('Here: --token, or TIDEWATCH_TOKEN.')
    expect((await at('ack', 'any', '--token', 'reader')).errors).toContain(
      'lacks the scope "operate". Make one that has it with "tidewatch token create --name NAME --scopes read,operate"',
    )
    await closed.stop()
    const gone = await at('resolve', 'one', 'two', '--yes')
    expect([gone.code, gone.errors]).toEqual([
      1,
      `tidewatch: No collector answers at ${closed.url}. Start it with "tidewatch serve", or name another with --url or TIDEWATCH_URL.\n`,
    ])
  })

  it('list what was sent', async () => {
    await expect
      .poll(async () => (await run('deliveries', '--from', '1h')).out)
      .toMatch(/ {2}sent {9}\w+ {2}firing Hot(?: \(2 alerts\))?: first notification/)
    expect((await run('deliveries', '--receiver', 'nobody')).out).toBe('Nothing was sent.\n')
  })

  it('try a receiver out, with an alert, with a deployment, and say what came of it', async () => {
    const written = (name: string) => [0, `${name} took it: written to the log\n`]
    const tryOut = async (...args: string[]) => {
      const { code, out, errors } = await run('receivers', 'test', ...args)
      return [code, out || errors]
    }
    expect(await tryOut('ops')).toEqual(written('ops'))
    expect(await tryOut('chat', '--about', 'deployment', '--service', 'shop')).toEqual(written('chat'))
    expect(await tryOut('chat', '--about', 'deployment')).toEqual([
      1,
      expect.stringContaining('is not told of a deployment of TEST in test'),
    ])
    expect(await tryOut('ops', '--about', 'deployment')).toEqual([1, expect.stringContaining('hears of alerts only')])
    expect(await tryOut('down')).toEqual([1, expect.stringMatching(/^tidewatch: down did not take it: .*could not be reached/)])
  })

  it('say who did what', async () => {
    expect((await run('audit', '--actor', 'jane')).out).toMatch(/ {2}jane {2}alert\.acknowledge {2}[0-9a-f]{16} \(Hot\): on it\n/)
    expect((await run('audit', '--actor', 'nobody')).out).toBe('Nobody did anything.\n')
  })

  it('preview, make, list and end a silence', async () => {
    expect((await run('silence', 'list')).out).toBe('There is no silence.\n')
    expect((await run('silence', 'preview', 'host="web-1"')).out).toMatch(
      /^Covers 1 active alert\n {2}\w+ {2}Hot\nOf \d+ notifications? of the past 7 days/,
    )
    const wanted = ['silence', 'add', 'host="web-1"', '--for', '1h', '--comment', 'moving']
    expect((await run(...wanted, '--preview')).out).toContain('Covers 1 active alert\n')
    expect(JSON.parse((await run('silence', 'list', '--format', 'json')).out)).toEqual({ silences: [] })
    const made = await run('silence', 'add', 'host=~"web-.*"', '--for', '1h', '--comment', 'moving', '--author', 'jane')
    const [, id = ''] = /^Silence (\S+) is active until /.exec(made.out) ?? []
    expect((await run('silence', 'list')).out).toMatch(
      new RegExp(`^${id} {2}active {3}host=~"web-\\.\\*"\\n {2}until .*; jane: moving\\n$`),
    )
    expect((await run('alerts', '--text', 'web-2')).out).toContain(`  kept from receivers by silence ${id}\n`)
    expect(new Set((await firing()).map(({ status }) => status))).toEqual(new Set(['suppressed']))
    const expired = await run('silence', 'expire', 'nonsense', id)
    expect([expired.code, expired.out, expired.errors]).toEqual([1, `Silence ${id} has ended.\n`, expect.stringContaining('nonsense')])
    expect(new Set((await firing()).map(({ status }) => status))).toEqual(new Set(['active']))
  })
})
