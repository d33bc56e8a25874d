import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { flappingSchema } from '../alerts/routing/groups/flapping.ts'
import { routeSchema } from '../alerts/routing/tree/route.ts'
import { frameShape, ruleSchema } from '../alerts/rules/definition/rule-schema.ts'
import { componentShape } from '../health/component.ts'
import * as notifiers from '../notifiers/index.ts'
import * as probes from '../probes/index.ts'
import * as sources from '../sources/index.ts'
import * as stores from '../stores/index.ts'
import { hookSchemas } from './hooks-schema.ts'
import { loadConfig } from './load.ts'
import { configSchema } from './schema.ts'
import { limitsSchema, logSchema, serverSchema, silencesSchema, spoolSchema } from './settings.ts'

const text = readFileSync(join(import.meta.dirname, '../../../tidewatch.example.yaml'), 'utf8')
const lines = text.split('\n')

function load(yaml: string) {
  const addresses = Object.fromEntries(
    ['SLACK_WEBHOOK', 'TEAMS_FLOW', 'DISCORD_WEBHOOK'].map((name) => [name, 'https://chat.example.org/x']),
  )
  const secrets = ['INFLUXDB_PASSWORD', 'INFLUXDB_TOKEN', 'WEBHOOK_SECRET', 'SLACK_TOKEN', 'SMTP_CA', 'SMTP_PASSWORD', 'PAGERDUTY_KEY']
  const all = [
    ...secrets,
    'TWILIO_TOKEN',
    'GRAFANA_HOOK_SECRET',
    'ALERTMANAGER_HOOK_SECRET',
    'GITHUB_WEBHOOK_SECRET',
    'NTFY_TOKEN',
    'SCRAPE_CA',
    'SCRAPE_CERT',
    'SCRAPE_KEY',
    'SCRAPE_PASSWORD',
    'SCRAPE_TOKEN',
    'TIDEWATCH_CI_TOKEN',
  ].map((name) => [name, 'a-token-for-continuous-integration'])
  const env = { ...addresses, ...Object.fromEntries(all) }
  return loadConfig({ flags: { config: 'example' }, env, files: { exists: () => true, read: () => yaml } })
}

/** The blocks that are commented out as a whole: `#tokens:` and what is indented under it. */
const examples = lines.flatMap((line, start) => {
  if (!/^#[a-z_]+:$/.test(line)) return []
  const length = lines.slice(start + 1).findIndex((next) => !/^# {2}/.test(next))
  return [
    {
      section: line.slice(1, -1),
      yaml: lines
        .slice(start, start + 1 + length)
        .map((text) => text.slice(1))
        .join('\n'),
    },
  ]
})

/** The text that stands, without the block of a section. */
function without(section: string): string {
  const start = lines.indexOf(`${section}:`)
  if (start < 0) return text
  const length = lines.slice(start + 1).findIndex((line) => !/^ {2}/.test(line))
  return [...lines.slice(0, start), ...lines.slice(start + 1 + length)].join('\n')
}

/** Option lines that are commented out one by one inside a block that stands. */
const withSingles = text.replace(/^( +)#(?=[a-z]\w*:)/gim, '$1')

/** Every section as data, the commented ones too. */
const sections: readonly (readonly [string, unknown])[] = [withSingles, ...examples.map(({ yaml }) => yaml)].flatMap((yaml) =>
  Object.entries(parse(yaml) as Record<string, unknown>),
)

type Entry = Readonly<Record<string, unknown>>

/** What the example writes of one kind, whatever section it stands in. */
function entriesOf(section: string, type: string): Entry[] {
  const all = sections.filter(([name]) => name === section).flatMap(([, value]) => [value].flat() as Entry[])
  return all.filter((entry) => entry.type === type)
}

const rooms = { store: stores, sources, components: probes, receivers: notifiers }
const hookOptions = hookSchemas.flatMap(({ shape }) =>
  Object.entries(shape).map(([option, schema]) => ({ section: 'hooks', type: shape.type.value, option, schema: schema as z.ZodType })),
)
const options = Object.entries(rooms).flatMap(([section, kinds]) =>
  Object.values(kinds).flatMap(({ type, schema }) =>
    Object.entries((schema as z.ZodObject).shape).map(([option, of]) => ({ section, type, option, schema: of as z.ZodType })),
  ),
)
const shared = Object.entries(componentShape).map(([option, schema]) => ({
  section: 'components',
  type: 'http',
  option,
  schema: schema as z.ZodType,
}))

describe('tidewatch.example.yaml', () => {
  it('shows the real defaults', () => {
    const { file: _, ...shown } = load(text)
    const { file: __, ...defaults } = load('')
    expect(shown).toEqual(defaults)
  })

  it('stays valid with its single options switched on', () => {
    expect(load(withSingles).server.externalUrl).toBe('https://tidewatch.example.org')
  })

  it('has examples for every section that is empty by default, and they are valid', () => {
    expect([...new Set(examples.map(({ section }) => section))].sort()).toEqual([
      'components',
      'escalations',
      'gates',
      'heartbeat',
      'hooks',
      'inhibit_rules',
      'receivers',
      'route',
      'rules',
      'sources',
      'store',
      'time_intervals',
      'tokens',
    ])
    for (const { section, yaml } of examples) {
      const isRoute = section === 'receivers'
      // Some speak of what stands in parts of their own.
      const names = { route: ['time_intervals', 'escalations'], escalations: ['time_intervals'], gates: ['rules'] }[section] ?? []
      const beside = examples.filter((other) => names.includes(other.section)).map((other) => other.yaml)
      const whole = [isRoute ? withoutRoute(without(section)) : without(section), yaml, ...beside].join('\n')
      expect(() => load(whole), section).not.toThrow()
    }
  })

  it('names every section', () => {
    for (const section of Object.keys(configSchema.shape)) expect(text, section).toMatch(new RegExp(`^#?${section}:`, 'm'))
  })

  it('names every option of every kind, and shows the default of each that has one', () => {
    for (const { section, type, option, schema } of [...options, ...hookOptions, ...shared]) {
      const written = entriesOf(section, type).find((entry) => option in entry)
      expect(written, `${section}: ${type} has the option ${option}`).toBeDefined()
      const otherwise = schema.safeParse(undefined)
      if (!otherwise.success || otherwise.data === undefined || ['maintenance', 'services'].includes(option)) continue
      expect(schema.safeParse(written?.[option]).data, `${section}: ${type}.${option}`).toEqual(otherwise.data)
    }
  })

  it('names every option of the parts that have no kinds', () => {
    const parts = {
      server: serverSchema,
      log: logSchema,
      limits: limitsSchema,
      spool: spoolSchema,
      route: routeSchema,
      silences: silencesSchema,
      flapping: flappingSchema,
    }
    for (const [section, schema] of Object.entries(parts)) {
      const written = sections.filter(([name]) => name === section).flatMap(([, value]) => Object.keys(value as Entry))
      expect([...new Set(written)].sort(), section).toEqual(keysOf(schema))
    }
  })

  it('names every option of every kind of rule, and shows the defaults of each that has one', () => {
    const written = sections.filter(([name]) => name === 'rules').flatMap(([, value]) => value as Entry[])
    for (const option of ruleSchema.in.options) {
      const { kind, ...keys } = (option as z.ZodObject).shape
      const name = kind instanceof z.ZodLiteral ? String(kind.value) : undefined
      const entries = written.filter((entry) => entry.kind === name)
      for (const [key, schema] of Object.entries(keys)) {
        // What every rule has is shown once.
        const shown = (key in frameShape ? written : entries).find((entry) => key in entry)
        expect(shown, `a rule of kind ${name ?? 'threshold'} has the key ${key}`).toBeDefined()
        const otherwise = (schema as z.ZodType).safeParse(undefined)
        const isFree = ['labels', 'annotations'].includes(key) || !otherwise.success || otherwise.data === undefined
        if (!isFree) expect((schema as z.ZodType).safeParse(shown?.[key]).data, key).toEqual(otherwise.data)
      }
    }
  })
})

/** The keys that may be written, whatever the schema makes of them. */
function keysOf(schema: z.ZodType): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.keys(properties).sort()
}

/** An example receiver takes the place of the log, which the route of the defaults names. */
function withoutRoute(yaml: string): string {
  return yaml.slice(0, yaml.indexOf('\nroute:'))
}
