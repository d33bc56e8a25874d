import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsResponse } from '../src/contract/alerts.ts'
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
    const refused = await run('ack', 'nonsense')
    expect([refused.code, refused.errors]).toEqual([
      1,
      expect.stringMatching(/^tidewatch: The collector at .* answered 404: there is no alert nonsense/),
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
      /^Covers 1 active alerts\n {2}\w+ {2}Hot\nOf \d+ notifications of the past 7 days/,
    )
    const made = await run('silence', 'add', 'host=~"web-.*"', '--for', '1h', '--comment', 'moving', '--author', 'jane')
    const [, id = ''] = /^Silence (\S+) is active until /.exec(made.out) ?? []
    expect((await run('silence', 'list')).out).toMatch(
      new RegExp(`^${id} {2}active {3}host=~"web-\\.\\*"\\n {2}until .*; jane: moving\\n$`),
    )
    expect((await run('alerts', '--text', 'web-2')).out).toContain(`  kept from receivers by silence ${id}\n`)
    expect((await firing()).map(({ status }) => status)).toEqual(['suppressed', 'suppressed'])
    expect((await run('silence', 'expire', id)).out).toBe(`Silence ${id} has ended.\n`)
    expect((await firing()).map(({ status }) => status)).toEqual(['active', 'active'])
  })
})
