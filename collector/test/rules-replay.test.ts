import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { newFolder, type Running, runCommand, startCollector } from './collector.ts'

const minute = 60_000
const yaml = `
presets: []
sources: []
receivers: [{ name: ops, type: log }]
route: { receiver: ops, group_wait: 0s }
rules:
  - { name: Slow, source: { measurement: http, field: latency }, condition: { above: 500 } }
  - { name: Failing, source: { measurement: http, field: errors }, condition: { above: 3 } }
`

let collector: Running | undefined
afterEach(async () => {
  await collector?.stop()
  collector = undefined
})

/** A collector that was sent two hours of an outage, and the arguments to replay them there. */
async function withOutage(): Promise<readonly string[]> {
  collector = await startCollector({ yaml })
  const fromMs = Math.floor(Date.now() / minute) * minute - 120 * minute
  const points = Array.from({ length: 120 }, (_, at) => {
    const isOut = at >= 40 && at < 60
    return {
      measurement: 'http',
      tags: { host: 'a' },
      fields: { latency: isOut ? 900 : 100, errors: isOut ? 5 : 0 },
      time: fromMs + at * minute,
    }
  })
  const pushed = await fetch(`${collector.url}/api/v1/push`, { method: 'POST', body: JSON.stringify({ points }) })
  expect(pushed.status).toBe(200)
  const range = ['--from', new Date(fromMs).toISOString(), '--to', new Date(fromMs + 120 * minute).toISOString()]
  return ['rules', 'replay', '--url', collector.url, ...range]
}

function fileOf(text: string): string {
  const file = join(newFolder(), 'try.yaml')
  writeFileSync(file, text)
  return file
}

const slow = '{ name: Slow, source: { measurement: http, field: latency }, condition: { above: 500 }, for: 5m }'

test('tidewatch rules replay asks the collector, and sets other rules beside those in force', async () => {
  const replay = await withOutage()
  const { out } = await runCommand(replay)
  expect(out).toContain('4 messages about 2 alerts, from 240 samples.')
  const { code, out: compared } = await runCommand([...replay, '--rules', fileOf(`rules: [${slow}]`), '--compare'])
  expect(code).toBe(0)
  expect(compared).toMatch(/^Messages and alerts by rule:\n {2}Failing {2}2 → 0 \(−2\) {2}1 → 0 \(−1\)\n {2}Slow {5}2 → 2 {7}1 → 1$/m)
  expect(compared).toMatch(/^Told at another time:\n {2}Slow host=a: .* \(5m later\)$/m)
  const json = JSON.parse((await runCommand([...replay, '--rules', fileOf('rules: []'), '--compare', '--format', 'json'])).out)
  expect(json).toMatchObject({ messages: { before: 4, after: 0 }, missed: [{ untold: null }, { untold: null }], added: [] })
})

test('tidewatch rules replay tells a mistake in its file with its place before it asks anybody', async () => {
  const file = fileOf(`rules:\n  - ${slow.replace('for: 5m', 'for: 5')}\n`)
  const { code, errors } = await runCommand(['rules', 'replay', '--from', '1h', '--rules', file, '--url', 'http://127.0.0.1:1'])
  expect(code).toBe(1)
  expect(errors).toMatch(/try\.yaml:2:\d+: rules\[0\]\.for: 5 has no unit; write it like 5s or 5m/)
  expect((await runCommand(['rules', 'replay', '--from', '1h', '--compare'])).errors).toContain('--compare needs --rules')
})
