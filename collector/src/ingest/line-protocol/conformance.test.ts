import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { FieldValue, Point } from '../../model/point.ts'
import type { Precision } from '../ingest.ts'
import { type ReadPoint, type Scanned, scanText, takePoints } from '../read-batch.ts'

type Text = string | { b64: string }
type Field = { type: string; value: number | string | boolean | { b64: string } }
type CasePoint = { measurement: Text; tags: [Text, Text][]; fields: [Text, Field][]; time: string | null }
type Verdict = 'ok' | 'partial' | 'error'
type DecodeCase = {
  id: string
  name: string
  input?: string
  input_b64?: string
  precision: Precision
  default_time_ns: string
  expect: Verdict
  points: CasePoint[] | null
  grade: 'must' | 'must-reject' | 'disputed' | 'dialect'
  oracle: { influxdb_1x: Verdict; line_protocol_v2: Verdict; points_1x?: CasePoint[] }
}
type EncodeCase = { id: string; expect: Verdict; point: CasePoint; output: string | null }

const testdata = new URL('../testdata/', import.meta.url)
const { decode, encode } = JSON.parse(gunzipSync(readFileSync(new URL('line-protocol.json.gz', testdata))).toString()) as {
  decode: DecodeCase[]
  encode: EncodeCase[]
}
const disputed = JSON.parse(readFileSync(new URL('line-protocol-disputed.json', testdata), 'utf8')) as Record<
  string,
  { family: string; verdict: Verdict }
>

const textOf = (text: Text) => (typeof text === 'string' ? text : Buffer.from(text.b64, 'base64').toString())
const compare = (a: string, b: string) => (a < b ? -1 : 1)

function scanCase({ input, input_b64, precision, default_time_ns }: DecodeCase): Scanned {
  const body = input_b64 === undefined ? Buffer.from(input ?? '') : Buffer.from(input_b64, 'base64')
  return scanText(body, { precision, nowNs: BigInt(default_time_ns) })
}

const verdictOf = ({ points, rejectedTotal }: Scanned): Verdict => (rejectedTotal === 0 ? 'ok' : points.length === 0 ? 'error' : 'partial')

/** Both sides as text: fields in any order, zero without a sign (JSON has no -0). */
const shownValue = (value: unknown) => (typeof value === 'number' ? String(value + 0) : String(value))

function showPoint({ measurement, tags, fields, timeNs }: ReadPoint): string {
  const shown = fields.map(({ name, type, value }) => `${name} ${type} ${shownValue(value)}`).sort(compare)
  return JSON.stringify([measurement, Object.entries(tags).sort(), shown, String(timeNs)])
}

function showExpected({ measurement, tags, fields, time }: CasePoint, defaultTimeNs: string): string {
  const shown = fields.map(
    ([name, { type, value }]) => `${textOf(name)} ${type} ${shownValue(typeof value === 'object' ? textOf(value) : value)}`,
  )
  const tagTexts = tags.map(([key, value]) => [textOf(key), textOf(value)] as [string, string]).sort()
  return JSON.stringify([textOf(measurement), tagTexts, shown.sort(compare), time ?? defaultTimeNs])
}

/** What is wrong with our answer to a case whose answer is not disputed. */
function faultOf(one: DecodeCase): string | undefined {
  const scanned = scanCase(one)
  const verdict = verdictOf(scanned)
  const { expect: wanted, oracle } = one
  if (wanted === 'error' && verdict === 'ok') return `${one.id} was taken`
  if (wanted === 'error' && oracle.influxdb_1x === 'error' && oracle.line_protocol_v2 === 'error' && verdict !== 'error')
    return `${one.id} was taken in part`
  if (wanted === 'error') return undefined
  if (verdict !== wanted) return `${one.id} is ${verdict}, not ${wanted}: ${scanned.rejected[0]?.reason}`
  const points = one.points ?? oracle.points_1x
  const got = scanned.points.map(showPoint).join('\n')
  const expected = points?.map((point) => showExpected(point, one.default_time_ns)).join('\n') ?? got
  return got === expected ? undefined : `${one.id}: ${got} is not ${expected}`
}

describe('the cases on which the reference parsers agree', () => {
  for (const grade of ['must', 'must-reject'] as const) {
    it(`hold: ${grade}`, () => {
      const cases = decode.filter((one) => one.grade === grade)
      expect(cases.length).toBeGreaterThan(200)
      expect(cases.map(faultOf).filter((fault) => fault !== undefined)).toEqual([])
    })
  }
})

describe('the cases on which they do not agree', () => {
  const cases = decode.filter((one) => one.grade === 'disputed')
  const families = Map.groupBy(cases, ({ id }) => disputed[id]?.family ?? 'not decided')
  const page = readFileSync(new URL('../../../../docs/decisions/line-protocol.md', import.meta.url), 'utf8')

  it('are all decided', () => {
    expect(families.get('not decided')).toBeUndefined()
  })
  for (const [family, ofFamily] of families) {
    it(`are answered as decided: ${family}`, () => {
      expect(ofFamily.map((one) => [one.id, verdictOf(scanCase(one))])).toEqual(ofFamily.map(({ id }) => [id, disputed[id]?.verdict]))
    })
    it(`are explained: ${family}`, () => {
      expect(page.toLowerCase()).toContain(`## ${family.toLowerCase()}`)
    })
  }
})

describe('the cases to encode', () => {
  function toPoint({ measurement, tags, fields, time }: CasePoint): Point {
    const toValue = ({ type, value }: Field): FieldValue =>
      type === 'integer' || type === 'unsigned' ? BigInt(value as string) : typeof value === 'object' ? textOf(value) : value
    return {
      measurement: textOf(measurement),
      tags: Object.fromEntries(tags.map(([key, value]) => [textOf(key), textOf(value)])),
      fields: Object.fromEntries(fields.map(([name, field]) => [textOf(name), toValue(field)])),
      unsigned: fields.filter(([, { type }]) => type === 'unsigned').map(([name]) => textOf(name)),
      timeNs: BigInt(time ?? 0),
    }
  }

  it('are written so that they mean what the reference writes', () => {
    for (const { id, point, output } of encode.filter((one) => one.output !== null)) {
      const written = Buffer.from(takePoints([toPoint(point)]).batch.toLineProtocol()).toString()
      expect(written.split(' ')[0], id).toBe(output?.split(' ')[0])
      expect(scanText(written).points.map(showPoint), id).toEqual(scanText(output ?? '').points.map(showPoint))
    }
  })

  it('leave out a tag without a value, which the reference refuses', () => {
    const refused = encode.filter((one) => one.output === null)
    expect(refused.map(({ point }) => Buffer.from(takePoints([toPoint(point)]).batch.toLineProtocol()).toString())).toEqual([
      'cpu value=42 0\n',
    ])
  })
})
