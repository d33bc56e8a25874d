import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser'
import { afterEach, describe, expect, it } from 'vitest'
import configuration from '../.dependency-cruiser.mjs'

type Files = Record<string, string>

/** For each rule a small house that breaks it, and nothing but it where that can be. */
const broken: Record<string, Files> = {
  'no-cycle': {
    'collector/src/lib/a.ts': "import { b } from './b.ts'\nexport const a = () => b",
    'collector/src/lib/b.ts': "import { a } from './a.ts'\nexport const b = () => a",
  },
  'engines-meet-in-app': {
    'collector/src/alerts/engine.ts': "import type { Live } from '../live/live.ts'\nexport type Engine = Live",
    'collector/src/live/live.ts': 'export type Live = { a: 1 }',
  },
  'kinds-meet-in-app': {
    'collector/src/stores/memory.ts': "import { openState } from '../state/state.ts'\nexport const memory = openState",
    'collector/src/state/state.ts': 'export const openState = 1',
  },
  'kinds-are-strangers': {
    'collector/src/notifiers/slack.ts': "import { webhook } from './webhook.ts'\nexport const slack = webhook",
    'collector/src/notifiers/webhook.ts': 'export const webhook = 1',
  },
  'floor-0-imports-nothing-above': {
    'collector/src/model/point.ts': "import type { Engine } from '../alerts/engine.ts'\nexport type Point = Engine",
    'collector/src/alerts/engine.ts': 'export type Engine = 1',
  },
  'lib-is-lowest': {
    'collector/src/lib/log.ts': "import type { Point } from '../model/point.ts'\nexport type Log = Point",
    'collector/src/model/point.ts': 'export type Point = 1',
  },
  'http-stands-on-engines': {
    'collector/src/http/server.ts': "import { duckdb } from '../stores/duckdb.ts'\nexport const server = duckdb",
    'collector/src/stores/duckdb.ts': 'export const duckdb = 1',
  },
  'config-is-not-http': {
    'collector/src/config/load.ts': "import { server } from '../http/server.ts'\nexport const load = server",
    'collector/src/http/server.ts': 'export const server = 1',
  },
  'plugin-sees-the-contract-only': {
    'plugin/src/client/client.ts': "import type { Point } from '../../../collector/src/model/point.ts'\nexport type Client = Point",
    'collector/src/model/point.ts': 'export type Point = 1',
  },
  'plugin-imports-types-only': {
    'plugin/src/client/client.ts': "import { schema } from '../../../collector/src/contract/query.ts'\nexport const client = schema",
    'collector/src/contract/query.ts': 'export const schema = 1',
  },
  'panels-do-not-know-the-datasource': {
    'plugin/src/panels/health/Panel.tsx': "import { source } from '../../datasource/source.ts'\nexport const Panel = () => <p>{source}</p>",
    'plugin/src/datasource/source.ts': 'export const source = 1',
  },
  'panels-are-strangers': {
    'plugin/src/panels/health/Panel.tsx': "import { rows } from '../alerts/rows.ts'\nexport const Panel = () => <p>{rows}</p>",
    'plugin/src/panels/alerts/rows.ts': 'export const rows = 1',
  },
  'client-and-ui-stand-below': {
    'plugin/src/ui/button.ts': "import { source } from '../datasource/source.ts'\nexport const button = source",
    'plugin/src/datasource/source.ts': 'export const source = 1',
  },
  'viewer-stands-alone': {
    'viewer/src/main.ts': "import { rows } from '../../plugin/src/panels/alerts/rows.ts'\nexport const main = rows",
    'plugin/src/panels/alerts/rows.ts': 'export const rows = 1',
  },
  'no-orphans': { 'collector/src/lib/lonely.ts': 'export const lonely = 1' },
}

const rooms: string[] = []

/** Builds a small house in a temporary folder and names the rules it breaks. */
async function brokenRules(files: Files): Promise<Set<string>> {
  const room = mkdtempSync(join(tmpdir(), 'tidewatch-floors-'))
  rooms.push(room)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(room, path)), { recursive: true })
    writeFileSync(join(room, path), text)
  }
  const ruleSet = { forbidden: configuration.forbidden } as unknown as IFlattenedRuleSet
  const options = { ...configuration.options, baseDir: room, validate: true, ruleSet } as unknown as ICruiseOptions
  const found = ['collector', 'plugin', 'viewer'].filter((top) => Object.keys(files).some((path) => path.startsWith(top)))
  const { output } = await cruise(found, options)
  return new Set((output as ICruiseResult).summary.violations.map((violation) => violation.rule.name))
}

afterEach(() => {
  for (const room of rooms.splice(0)) rmSync(room, { recursive: true })
})

describe('the floors of the house', () => {
  it('have a broken example for every rule', () => {
    expect(Object.keys(broken).sort()).toEqual(configuration.forbidden.map((rule) => rule.name).sort())
  })

  for (const [rule, files] of Object.entries(broken)) {
    it(`are guarded by ${rule}`, async () => {
      expect(await brokenRules(files)).toContain(rule)
    })
  }

  it('let a sound import pass', async () => {
    const files = {
      'collector/src/alerts/engine.ts': "import type { Point } from '../model/point.ts'\nexport type Engine = Point",
      'collector/src/model/point.ts': 'export type Point = 1',
    }
    expect(await brokenRules(files)).toEqual(new Set())
  })
})
