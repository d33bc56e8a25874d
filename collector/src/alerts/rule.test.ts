import { expect, test } from 'vitest'
import { parseMatcher } from './routing/matcher.ts'
import { groupOf, receiversOf, routeSchema, routesFor } from './routing/route.ts'
import { ruleSchema } from './rule.ts'
import { severitySchema } from './severity.ts'

const rule = { name: 'Hot', source: { measurement: 'cpu', field: 'usage' }, condition: { above: 90 } }

test('a rule needs a name, a source and a condition; the rest has defaults', () => {
  expect(ruleSchema.parse(rule)).toEqual({
    name: 'Hot',
    source: { measurement: 'cpu', field: 'usage', where: [], groupBy: null },
    aggregate: 'last',
    windowMs: 300_000,
    condition: { kind: 'above', limit: 90, until: null },
    forMs: 0,
    keepFiringForMs: 0,
    severity: 'warning',
    labels: {},
    annotations: {},
    onNoData: 'no_data',
    noDataAfter: 3,
    minSamples: 1,
    everyMs: 10_000,
    limit: 1000,
  })
})

test('tags may be written short', () => {
  expect(ruleSchema.parse({ ...rule, source: { ...rule.source, where: { host: 'a' } } }).source.where).toEqual([
    { tag: 'host', op: '=', value: 'a' },
  ])
})

test.each([
  [{ aggregate: 'p95' }, { aggregate: { percentile: 95 } }],
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

test.each([
  ['severity="critical"', { severity: 'critical' }, true],
  ['severity = critical', { severity: 'critical' }, true],
  ['severity!="critical"', { severity: 'critical' }, false],
  ['host=~"web-.*"', { host: 'web-1' }, true],
  ['host=~"web"', { host: 'web-1' }, false],
  ['host!~"web-.*"', { host: 'db-1' }, true],
  ['team=""', {}, true],
  ['team=~".+"', {}, false],
  ['text="a \\"b\\""', { text: 'a "b"' }, true],
] as const)('the matcher %s on %j says %j', (text, labels, expected) => {
  const matcher = parseMatcher(text)
  expect(typeof matcher === 'string' ? matcher : matcher.matches(labels)).toBe(expected)
})

test.each(['severity', '="x"', 'host=~"("', 'a="x" b="y"'])('%s is no matcher', (text) => {
  expect(parseMatcher(text)).toBeTypeOf('string')
})

const tree = routeSchema.parse({
  receiver: 'default',
  group_wait: '10s',
  routes: [
    { matchers: ['severity="critical"'], receiver: ['pager', 'phone'], group_by: ['...'], continue: true },
    { matchers: ['team="db"'], receiver: 'db', routes: [{ matchers: ['severity="info"'], receiver: 'db-info', repeat_interval: '1d' }] },
    { matchers: ['team=~".*"'], receiver: 'rest' },
  ],
})

test.each([
  [{ severity: 'critical', team: 'db' }, ['pager,phone', 'db']],
  [{ severity: 'info', team: 'db' }, ['db-info']],
  [{ severity: 'warning', team: 'db' }, ['db']],
  [{ severity: 'warning' }, ['rest']],
])('%j goes to %j', (labels, expected) => {
  expect(routesFor(tree, labels).map(({ receivers }) => receivers.join())).toEqual(expected)
})

test('the root takes what no child takes', () => {
  const root = routeSchema.parse({ receiver: 'default', routes: [{ matchers: ['a="b"'], receiver: 'x' }] })
  expect(routesFor(root, {}).map(({ receivers }) => receivers)).toEqual([['default']])
})

test('children inherit what they do not say', () => {
  const [info] = routesFor(tree, { severity: 'info', team: 'db' })
  expect(info).toMatchObject({
    groupWaitMs: 10_000,
    groupIntervalMs: 300_000,
    repeatIntervalMs: 86_400_000,
    groupBy: ['alertname'],
    sendResolved: true,
  })
  expect(receiversOf(tree)).toEqual(['default', 'pager', 'phone', 'db', 'db-info', 'rest'])
})

test('alerts are grouped by the labels that the route names', () => {
  const [pager, db] = routesFor(tree, { severity: 'critical', team: 'db' })
  if (!pager || !db) throw new Error('expected two routes')
  const one = { alertname: 'Hot', severity: 'critical', team: 'db', host: 'a' }
  const other = { ...one, host: 'b' }
  expect(groupOf(db, one)).toEqual(groupOf(db, other))
  expect(groupOf(db, one).labels).toEqual({ alertname: 'Hot' })
  expect(groupOf(pager, one).key).not.toBe(groupOf(pager, other).key)
  expect(groupOf(pager, one).key).not.toBe(groupOf(db, one).key)
})
