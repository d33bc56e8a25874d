import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configJsonSchema } from './json-schema.ts'

const root = join(import.meta.dirname, '../../..')
const check = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(configJsonSchema())

const problems = (yaml: string): string[] => {
  check(parse(yaml))
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** The example with its commented parts: each block by itself. */
const example = readFileSync(join(root, 'tidewatch.example.yaml'), 'utf8')
const blocks = [...example.matchAll(/^#([a-z]+):\n((?:# {2}.*\n)+)/gm)].map(([block]) => block.replaceAll(/^#/gm, ''))

const rule = (keys: string) => `rules: [{ name: r, ${keys} }]`

describe('the JSON schema', () => {
  it('in the repository is the one that the collector has; vitest -u writes it', async () => {
    await expect(`${JSON.stringify(configJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(join(root, 'docs/schema/tidewatch.schema.json'))
  })

  it('takes the whole example, the commented parts too', () => {
    expect(blocks.length).toBeGreaterThan(5)
    for (const yaml of [example, ...blocks]) expect(problems(yaml), yaml.slice(0, 80)).toEqual([])
  })

  it('takes a secret from a file', () => {
    expect(problems('receivers: [{ name: a, type: slack, urlFile: /run/secrets/slack }]')).toEqual([])
  })

  it.each([
    ['an unknown key', rule('source: { measurement: m, field: f }, condition: { above: 1 }, fro: 5m')],
    ['an unknown kind', rule('kind: guess, source: { measurement: m, field: f }, condition: { above: 1 }')],
    ['no condition', rule('source: { measurement: m, field: f }')],
    ['a key of another kind', rule('kind: absent, source: { measurement: m, field: f }, condition: { above: 1 }')],
    ['a duration without a unit', rule('source: { measurement: m, field: f }, condition: { above: 1 }, for: "5"')],
    ['a text for a number', rule('source: { measurement: m, field: f }, condition: { above: much }')],
    ['an objective of 100 %', rule('kind: burn_rate, source: { measurement: m, field: f }, over: { field: g }, objective: 100')],
    ['an unknown policy', rule('source: { measurement: m, field: f }, condition: { above: 1 }, on_no_data: maybe')],
    ['an unknown preset', 'presets: [everything]'],
    ['an unknown section', 'rule: []'],
  ])('refuses %s', (_, yaml) => {
    expect(problems(yaml)).not.toEqual([])
  })
})
