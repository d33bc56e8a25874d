import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { newFolder, type Running, spawnCollector, startCollector } from './collector.ts'

let collector: Running | undefined
let told: { status: string; receiver: string; alerts: { annotations: Record<string, string> }[] }[] = []
let closeReceiver = () => {}

afterEach(async () => {
  await collector?.stop()
  collector = undefined
  closeReceiver()
  told = []
})

/** A webhook that remembers what it is told. */
async function startReceiver(): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      told.push(JSON.parse(Buffer.concat(parts).toString()))
      response.end()
    })
  }).listen(0, '127.0.0.1')
  closeReceiver = () => void server.close()
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const yaml = (rule: string, url: string, receiver = 'ops') => `
presets: []
sources: []
rules: [${rule}]
receivers: [{ name: ${receiver}, type: webhook, url: '${url}' }]
route: { receiver: ${receiver}, group_wait: 0s, group_interval: 1s }
`
const hot = (keys = '') => `{ name: Hot, source: { measurement: load, field: value }, condition: { above: 90 }${keys} }`

async function ask<Shape>(path: string, init: RequestInit = {}): Promise<Shape> {
  return (await (await fetch(`${collector?.url}/api/v1/${path}`, init)).json()) as Shape
}

const reload = () => ask<{ message: string }>('admin/reload', { method: 'POST' })
const push = (value: number) => {
  const points = [{ measurement: 'load', tags: { host: 'a' }, fields: { value } }]
  return ask('push', { method: 'POST', body: JSON.stringify({ points }) })
}
type Told = { id: string; rule: string; state: string; startsAt: string; severity: string }

const alerts = async () => (await ask<{ alerts: Told[] }>('alerts')).alerts
const until = <Value>(read: () => Promise<Value> | Value, isDone: (value: Value) => boolean) =>
  expect.poll(read, { interval: 20 }).toSatisfy(isDone)

test('rules, routes and receivers are read again while an alert fires: it goes on, and the new receiver hears of its end', async () => {
  const url = await startReceiver()
  collector = await startCollector({ store: 'duckdb', yaml: yaml(hot(), url) })
  await push(95)
  await until(alerts, (all) => all.length === 1)
  await until(
    () => told.length,
    (count) => count === 1,
  )
  const [before] = await alerts()

  writeFileSync(collector.file, yaml(hot(', severity: critical'), url))
  expect(await reload()).toMatchObject({ ok: true, message: 'In force are 1 rule, the routes and 1 receiver.' })
  await push(96)
  await until(alerts, ([alert]) => alert?.severity === 'critical')
  expect((await alerts())[0]).toMatchObject({ id: before?.id, startsAt: before?.startsAt, state: 'firing' })

  writeFileSync(collector.file, yaml('', url))
  expect(await reload()).toMatchObject({ ok: true })
  expect(await alerts()).toEqual([])
  await until(
    () => told.at(-1)?.status,
    (status) => status === 'resolved',
  )
  expect(told.at(-1)?.alerts[0]?.annotations.state_reason).toBe('RuleDeleted')
})

test('with an error everything stays as it was, and the error is told everywhere', async () => {
  const url = await startReceiver()
  collector = await startCollector({ yaml: yaml(hot(), url) })
  await push(95)
  await until(alerts, (all) => all.length === 1)

  writeFileSync(collector.file, yaml('{ name: Hot, sorce: {} }', url))
  expect(await reload()).toMatchObject({
    error: { code: 'RELOAD_REFUSED', message: expect.stringContaining('rules[0].sorce: unknown key, did you mean "source"?') },
  })
  expect(await ask('status')).toMatchObject({ rules: 1, reload: { ok: false, message: expect.stringContaining('Nothing was changed') } })
  const metrics = await (await fetch(`${collector.url}/metrics`)).text()
  expect(metrics).toContain('tidewatch_config_last_reload_successful 0')
  expect((await alerts())[0]?.state).toBe('firing')

  writeFileSync(collector.file, `${yaml(hot(), url)}\nlimits: { streamClientsMax: 3 }\nflapping: { low: 0.1, high: 0.4 }`)
  expect((await reload()).message).toMatch(/What changed in limits needs a restart\.$/)
})

test('the schema of the configuration is served', async () => {
  collector = await startCollector()
  const answer = await fetch(`${collector.url}/schema/tidewatch.json`)
  expect(await answer.json()).toMatchObject({ title: 'Tidewatch configuration', properties: { rules: {} } })
})

test('a hang-up does the same', async () => {
  const file = join(newFolder(), 'tidewatch.yaml')
  writeFileSync(file, 'sources: []')
  const { child, exited, errors } = await spawnCollector(['--config', file, '--data', newFolder(), '--store', 'memory'])
  writeFileSync(file, 'sources: []\npresets: []')
  child.kill('SIGHUP')
  await until(errors, (log) => log.includes('"rules":0') && log.includes('the configuration was read again'))
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
})
