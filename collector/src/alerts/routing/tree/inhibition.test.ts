import { expect, test } from 'vitest'
import type { Alert } from '../../../model/alert.ts'
import { createInhibition, inhibitRuleSchema } from './inhibition.ts'

const alert = (id: string, labels: Record<string, string>, state: Alert['state'] = 'firing') => ({ id, labels, state }) as Alert

test('an alert that gets worse inhibits by the labels it has, not by those it had', () => {
  const rule = inhibitRuleSchema.parse({ source_matchers: ['severity="high"'], target_matchers: ['tier="api"'], equal: ['zone'] })
  const inhibition = createInhibition([rule])
  inhibition.observe(alert('db', { severity: 'high', zone: 'a' }))
  expect(inhibition.inhibitedBy({ tier: 'api', zone: 'a' })).toEqual(['db'])
  inhibition.observe(alert('db', { severity: 'high', zone: 'b' }))
  expect([inhibition.inhibitedBy({ tier: 'api', zone: 'a' }), inhibition.inhibitedBy({ tier: 'api', zone: 'b' })]).toEqual([[], ['db']])
  inhibition.observe(alert('db', { severity: 'critical', zone: 'b' }))
  expect(inhibition.inhibitedBy({ tier: 'api', zone: 'b' })).toEqual([])
})

test('a source that ended inhibits nothing any more', () => {
  const inhibition = createInhibition([inhibitRuleSchema.parse({ source_matchers: ['host="db"'], target_matchers: ['host="api"'] })])
  inhibition.observe(alert('db', { host: 'db' }))
  expect(inhibition.inhibitedBy({ host: 'api' })).toEqual(['db'])
  inhibition.observe(alert('db', { host: 'db' }, 'resolved'))
  expect(inhibition.inhibitedBy({ host: 'api' })).toEqual([])
})

test('of two sources one goes on to inhibit when the other ended', () => {
  const inhibition = createInhibition([inhibitRuleSchema.parse({ source_matchers: ['tier="db"'], target_matchers: ['tier="api"'] })])
  inhibition.observe(alert('db1', { tier: 'db' }))
  inhibition.observe(alert('db2', { tier: 'db' }))
  expect(inhibition.inhibitedBy({ tier: 'api' })).toEqual(['db1', 'db2'])
  inhibition.observe(alert('db1', { tier: 'db' }, 'resolved'))
  // Its end may be told twice.
  inhibition.observe(alert('db1', { tier: 'db' }, 'resolved'))
  expect(inhibition.inhibitedBy({ tier: 'api' })).toEqual(['db2'])
})

test('an alert on both sides of a rule is inhibited by a source that is on one side alone, and inhibits a target that is', () => {
  const rule = inhibitRuleSchema.parse({ source_matchers: ['severity="critical"'], target_matchers: ['tier="api"'] })
  const inhibition = createInhibition([rule])
  const both = { severity: 'critical', tier: 'api' }
  inhibition.observe(alert('both', both))
  inhibition.observe(alert('other', both))
  expect(inhibition.inhibitedBy(both)).toEqual([])
  expect(inhibition.inhibitedBy({ severity: 'warning', tier: 'api' })).toEqual(['both', 'other'])
  inhibition.observe(alert('source', { severity: 'critical', tier: 'db' }))
  expect(inhibition.inhibitedBy(both)).toEqual(['source'])
})
