import { expect, test } from 'vitest'
import { loadConfig } from './load.ts'
import { adviceOnLabels } from './trial-advice.ts'

const yaml = `
presets: []
rules:
  - { name: Slow, source: { measurement: http, field: ms, where: { zone: x }, group_by: [service] }, condition: { above: 9 }, labels: { team: shop } }
route: { receiver: log, routes: [{ matchers: ['severity="critical"'], group_by: [service] }, { matchers: ['host=~"web-.*"'] }] }
inhibit_rules: [{ source_matchers: [alertname=Slow], target_matchers: [tier=api], equal: [region] }]
`
const configOf = (more = '') => loadConfig({ flags: { config: 'x' }, env: {}, files: { exists: () => true, read: () => yaml + more } })
const whole = { alertname: 'Slow', severity: 'critical' }

test.each([
  [{ team: 'shop', service: 'any', host: 'web-1', tier: 'other', region: 'eu', zone: 'y' }, []],
  [{ taem: 'shop' }, ['taem: no rule gives its alerts such a label, and no route asks for it, did you mean "team"?']],
  [{ team: 'shpo' }, ['team=shpo: neither a rule nor a route writes this value, did you mean "shop"?']],
  [{ alertname: 'Slwo' }, ['alertname=Slwo: no rule is called that, did you mean "Slow"?']],
  [{ alertname: 'ReceiverFailing' }, []],
])('of the labels %j is said what is odd', (labels, expected) => {
  expect(adviceOnLabels(configOf(), { ...whole, ...labels }, undefined)).toEqual(expected)
})

test('labels that every alert has are missed where somebody asks for them', () => {
  const config = configOf()
  expect(adviceOnLabels(config, {}, undefined)).toEqual([
    'alertname is not given, and every alert has one: add alertname=…',
    'severity is not given, and every alert has one: add severity=…',
  ])
  expect(adviceOnLabels(config, whole, config.rules[0])).toEqual(['service is not given, and every alert of Slow has one: add service=…'])
})

test('where any label may come, only what is written nowhere is pointed out', () => {
  const config = configOf('hooks: [{ name: g, type: grafana, secret: a-secret-of-some-length }]')
  expect(adviceOnLabels(config, { ...whole, alertname: 'Theirs', taem: 'x' }, undefined)).toEqual([
    'taem: no rule and no route names this label; only a series can bring it, did you mean "team"?',
  ])
})
