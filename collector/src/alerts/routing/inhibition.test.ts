import { expect, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
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
