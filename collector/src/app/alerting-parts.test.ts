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
inhibit_rules: [{ source_matchers: ['a=~"x.*"'], target_matchers: ['b="y"'] }]
route: { receiver: log, routes: [{ matchers: ['team!~"a|b"'], receiver: log }] }
heartbeat: { receiver: log }
`

test('the same file read twice says the same, so that a reload of it touches nothing', () => {
  const read = () =>
    toAlertsSettings(loadConfig({ flags: { config: 'x' }, env: {}, files: { exists: () => true, read: () => yaml } }), new Map())
  expect(read().rules.length).toBeGreaterThan(20)
  expect(isDeepStrictEqual(read(), read())).toBe(true)
})
