import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import type { ExposedFamily } from './family.ts'
import { readFamilies } from './read.ts'

type CaseFamily = { samples: [name: string, labels: Record<string, string> | null, value: string | null, time: number | null][] }
type Case = {
  id: string
  format: 'openmetrics' | 'prometheus-text'
  input?: string
  input_b64?: string
  valid: boolean
  grade: 'must' | 'disputed'
  families?: CaseFamily[]
  rows?: number | { metric: string; labels: [string, string][]; value: number | null }[]
}

const testdata = new URL('../testdata/', import.meta.url)
const { cases } = JSON.parse(gunzipSync(readFileSync(new URL('exposition.json.gz', testdata))).toString()) as { cases: Case[] }
const disputed = JSON.parse(readFileSync(new URL('exposition-disputed.json', testdata), 'utf8')) as Record<
  string,
  { family: string; valid: boolean }
>

const contentTypes = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  'prometheus-text': 'text/plain; version=0.0.4',
}

/** The families of an input; undefined when it is refused, with a sentence that says where. */
function readCase({ id, format, input = '', input_b64 }: Case): ExposedFamily[] | undefined {
  try {
    return readFamilies(input_b64 === undefined ? Buffer.from(input) : Buffer.from(input_b64, 'base64'), contentTypes[format])
  } catch (thrown) {
    expect(thrown, id).toBeInstanceOf(AppError)
    expect((thrown as AppError).message, id).toMatch(/^line \d+: .|^the page /)
    return undefined
  }
}

const rounded = (seconds: number) => Number(seconds.toPrecision(15))

const labelText = (labels: Record<string, string>) => JSON.stringify(Object.entries(labels).sort())

function shownSamples(families: readonly ExposedFamily[]): string[] {
  const samples = families.flatMap((family) => family.samples)
  return samples.map(({ name, labels, value, timeNs, native }) => {
    const time = timeNs === undefined ? null : rounded(Number(timeNs) / 1e9)
    return native ? `${name} native` : `${name} ${labelText(labels)} ${value} ${time}`
  })
}

function shownReference(families: readonly CaseFamily[]): string[] {
  return families.flatMap(({ samples }) =>
    samples.map(([name, labels, value, time]) => {
      if (value === null) return `${name} native`
      const number = value.replace('inf', 'Infinity').replace('nan', 'NaN')
      return `${name} ${labelText(labels ?? {})} ${Number(number)} ${time === null ? null : rounded(time)}`
    }),
  )
}

describe('the cases on which the reference parsers agree', () => {
  const agreed = cases.filter(({ grade }) => grade === 'must')

  it('are taken or refused as they should be', () => {
    expect(agreed.length).toBe(671)
    const wrong = agreed.filter((one) => (readCase(one) !== undefined) !== one.valid)
    expect(wrong.map(({ id }) => id)).toEqual([])
  })
})

describe('the cases whose content is known', () => {
  it('have the samples that the reference finds', () => {
    const known = cases.filter((one) => one.families !== undefined && readCase(one) !== undefined)
    expect(known.length).toBe(120)
    for (const one of known) {
      // The reference gives counters of the text format the suffix that they have in OpenMetrics.
      const plain = (text: string) => (one.format === 'prometheus-text' ? text.replace(/_total (?=\[)/, ' ') : text)
      const found = shownSamples(readCase(one) ?? []).map(plain)
      expect(found.sort(), one.id).toEqual(
        shownReference(one.families ?? [])
          .map(plain)
          .sort(),
      )
    }
  })

  it('have the rows that VictoriaMetrics finds', () => {
    for (const one of cases.filter(({ rows }) => Array.isArray(rows))) {
      const samples = readCase(one)?.flatMap((family) => family.samples)
      if (samples === undefined) continue
      const rows = Array.isArray(one.rows) ? one.rows : []
      const shown = samples.map(({ name, labels, value }) => `${name} ${labelText(labels)} ${Number.isFinite(value) ? value : null}`)
      expect(shown.sort(), one.id).toEqual(
        rows.map(({ metric, labels, value }) => `${metric} ${labelText(Object.fromEntries(labels))} ${value}`).sort(),
      )
    }
  })
})

describe('the cases on which they do not agree', () => {
  const page = readFileSync(new URL('../../../../docs/decisions/exposition.md', import.meta.url), 'utf8')

  it('are all decided, and answered so', () => {
    const open = cases.filter(({ grade }) => grade === 'disputed')
    expect(open.map((one) => [one.id, readCase(one) !== undefined])).toEqual(open.map(({ id }) => [id, disputed[id]?.valid]))
  })

  it('are explained', () => {
    for (const family of new Set(Object.values(disputed).map((one) => one.family))) expect(page).toContain(`| ${family} `)
  })
})
