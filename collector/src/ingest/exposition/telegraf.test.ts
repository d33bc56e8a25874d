import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type ReadPoint, scanText, takePoints } from '../read-batch.ts'
import { readPage } from './read.ts'

type Case = { name: string; input_b64: string; config: string; expected: string }

const { telegraf } = JSON.parse(gunzipSync(readFileSync(new URL('../testdata/exposition.json.gz', import.meta.url))).toString()) as {
  telegraf: Case[]
}

function contentTypeOf({ config }: Case): string {
  const [, header] = /Content-Type = "([^"]+)"/.exec(config) ?? []
  return header ?? (/data_format = "openmetrics"/.test(config) ? 'application/openmetrics-text' : 'text/plain')
}

const line = (measurement: string, tags: Record<string, string>, field: string, value: unknown) =>
  `${measurement} ${JSON.stringify(Object.entries(tags).sort())} ${field}=${value}`

/** Telegraf's point as ours: it writes types as tags and buckets under their bounds alone. */
function translate({ measurement, tags: given, fields }: ReadPoint, isOpenMetrics: boolean): string[] {
  const { _type: type, unit, defaultTag, ...tags } = given
  return fields
    .filter(({ name }) => name !== '+Inf')
    .map(({ name, value }) => {
      if (name === 'counter') return line(isOpenMetrics ? `${measurement}_total` : measurement, tags, 'value', value)
      if (name === 'info') return line(`${measurement}_info`, tags, 'value', value)
      if (typeof value === 'boolean')
        return line(measurement, { ...tags, [measurement]: name.replaceAll('_', ' ') }, 'value', Number(value))
      if (!Number.isNaN(Number(name))) return line(measurement, tags, `${type === 'summary' ? 'quantile' : 'le'}_${Number(name)}`, value)
      return line(measurement, tags, /^(?:gauge|value|unknown)$/.test(name) ? 'value' : name, value)
    })
}

describe("Telegraf's inputs", () => {
  // An info whose samples lack the suffix is against OpenMetrics: docs/decisions/exposition.md.
  const taken = telegraf.filter(({ name }) => name !== 'openmetrics_valid_info')

  it.each(taken.map((one) => [one.name, one] as const))('give what Telegraf expects: %s', (_, one) => {
    const contentType = contentTypeOf(one)
    const expected = scanText(one.expected.trim()).points.flatMap((point) => translate(point, contentType.startsWith('application/openm')))
    const { points } = takePoints(readPage(Buffer.from(one.input_b64, 'base64'), contentType).points)
    const ours = points.flatMap(({ measurement, tags, fields }) => fields.map(({ name, value }) => line(measurement, tags, name, value)))
    expect(expected.length).toBeGreaterThan(0)
    expect(expected.filter((text) => !ours.includes(text))).toEqual([])
    // Telegraf drops what it has no place for: the time a counter began, and a sample without a type among typed ones.
    expect(ours.filter((text) => !expected.includes(text) && !/_created|dovecot_imap_command\w* \[\]/.test(text))).toEqual([])
  })
})
