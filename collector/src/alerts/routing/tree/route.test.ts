import { expect, test } from 'vitest'
import { parseMatcher } from './matcher.ts'
import { groupOf, routeSchema, routesFor } from './route.ts'

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
