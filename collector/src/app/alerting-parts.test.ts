import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { presetNames } from '../config/presets/index.ts'
import { toAlertsSettings } from './alerting-parts.ts'

const yaml = `
presets: [${presetNames.join(', ')}]
rules:
  - { name: P95, kind: histogram, source: { measurement: http_server }, condition: { above: 500 } }
  - { name: Any, kind: composite, expression: { and: [P95, { not: P95 }] } }
`

test('the rules of the same file read twice are the same, so that a reload of it touches none', () => {
  const doors = { flags: { config: 'x' }, env: {}, files: { exists: () => true, read: () => yaml } }
  const [once, again] = [1, 2].map(() => toAlertsSettings(loadConfig(doors), new Map()).rules)
  expect(once?.length).toBeGreaterThan(20)
  expect(isDeepStrictEqual(once, again)).toBe(true)
})
