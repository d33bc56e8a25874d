import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, startCollector } from './collector.ts'

type Recorded = {
  readonly name: string
  readonly target: string
  readonly request_body: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const file = new URL('../src/ingest/testdata/influxdb-1.6.7-answers.json.gz', import.meta.url)
const { responses } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as { responses: Recorded[] }

/** The recording kept 200 characters of the longest body; its answer says how long it was. */
function bodyOf(name: string, recorded: string): Uint8Array<ArrayBuffer> {
  if (name === 'series key 65536') return Buffer.from(`cpu,a=${'x'.repeat(65_536)} v=1`)
  return Buffer.from(recorded, name.includes('gzip') ? 'latin1' : 'utf8')
}

/** What is answered otherwise, and why. */
const differences: Readonly<Record<string, { readonly status: number; readonly why: string }>> = {
  'database not found': { status: 204, why: 'there are no databases behind it: any name does' },
  'retention policy not found': { status: 204, why: 'the store keeps its own retention: any name does' },
  'points beyond retention policy': { status: 204, why: 'nothing is deleted unless store.retention says so' },
  'unsigned integer': { status: 204, why: 'Unsigned integer in docs/decisions/line-protocol.md' },
  'tag named time': { status: 204, why: 'A tag called `time` in docs/decisions/line-protocol.md' },
  'field named time with other': { status: 400, why: 'A field called `time` in docs/decisions/line-protocol.md' },
}

describe('/write, held against the answers of a real InfluxDB 1.6.7', () => {
  let collector: Running
  beforeAll(async () => {
    collector = await startCollector({ store: 'memory' })
  })
  afterAll(() => collector.stop())

  it.each(responses)('$name', async ({ name, target, request_body, status, headers, body }) => {
    const answer = await fetch(`${collector.url}${target}`, {
      method: 'POST',
      body: bodyOf(name, request_body),
      headers: name.includes('gzip') ? { 'content-encoding': 'gzip' } : {},
    })
    const different = differences[name]
    expect(answer.status, different?.why).toBe(different?.status ?? status)
    expect(answer.headers.get('x-influxdb-build')).toBe('OSS')
    expect(answer.headers.get('content-type')).toBe('application/json')
    const text = await answer.text()
    if (different) return
    // A long line is quoted up to 256 bytes, not whole.
    const cut = (sentence: string) => sentence.replace(/'.{200,}'/s, "'…'")
    // Go writes ">" as an escape.
    expect(cut(text)).toBe(cut(body.replaceAll('\\u003e', '>')))
    const [inHeader, expected = null] = [answer.headers.get('x-influxdb-error'), headers['x-influxdb-error']]
    // Clients give up on very long headers: ours are cut.
    if ((expected?.length ?? 0) < 1000) expect(inHeader).toBe(expected)
  })

  it('leaves no difference that is none', () => {
    const names = responses.map(({ name }) => name)
    for (const name of Object.keys(differences)) expect(names).toContain(name)
  })
})
