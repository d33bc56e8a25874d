import { expect, test } from 'vitest'
import { severitySchema } from '../../severity.ts'
import { ruleSchema } from './rule-schema.ts'

const rule = { name: 'Hot', source: { measurement: 'cpu', field: 'usage' }, condition: { above: 90 } }

test('a rule needs a name, a source and a condition; the rest has defaults', () => {
  expect(ruleSchema.parse(rule)).toEqual({
    name: 'Hot',
    kind: 'threshold',
    options: {
      source: { measurement: 'cpu', field: 'usage', where: [], groupBy: null },
      aggregate: 'last',
      windowMs: 300_000,
      condition: { kind: 'above', limit: 90, until: null },
      unit: '',
    },
    forMs: 0,
    keepFiringForMs: 0,
    severity: 'warning',
    labels: {},
    annotations: {},
    onNoData: 'no_data',
    onError: 'keep',
    noDataAfter: 3,
    minSamples: 1,
    unit: null,
    cooldownMs: 0,
    everyMs: 10_000,
    limit: 1000,
  })
})

test('tags may be written short', () => {
  const parsed = ruleSchema.parse({ ...rule, source: { ...rule.source, where: { host: 'a' } } })
  expect(parsed.options).toMatchObject({ source: { where: [{ tag: 'host', op: '=', value: 'a' }] } })
})

test.each([
  [{ aggregate: 'p95' }, { options: { aggregate: { percentile: 95 } } }],
  [{ severity: 'P0' }, { severity: 'critical' }],
  [
    { for: '5m', keep_firing_for: '1h30m' },
    { forMs: 300_000, keepFiringForMs: 5_400_000 },
  ],
])('%j is understood', (given, expected) => {
  expect(ruleSchema.parse({ ...rule, ...given })).toMatchObject(expected)
})

test.each([
  [{ aggregate: 'average' }, /"average" is not an aggregate/],
  [{ severity: 'loud' }, /"loud" is not a severity/],
  [{ window: '2d' }, /at most 1d/],
  [{ every: '10ms' }, /at least 1s/],
  [{ labels: { 'not a label': 'x' } }, /letters, digits and underscores/],
  [{ fro: '5m' }, /fro/],
])('%j is refused', (given, message) => {
  expect(
    ruleSchema
      .safeParse({ ...rule, ...given })
      .error?.issues.map((issue) => issue.message)
      .join(),
  ).toMatch(message)
})

test.each([
  ['LOW', 'info'],
  ['medium', 'warning'],
  ['P1', 'high'],
  ['EMERGENCY', 'critical'],
  ['critical', 'critical'],
])('the severity %s is %s', (word, severity) => {
  expect(severitySchema.parse(word)).toBe(severity)
})
