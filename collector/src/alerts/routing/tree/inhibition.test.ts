import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Alert } from '../../../model/alert.ts'
import { createInhibition, type InhibitRule, inhibitRuleSchema } from './inhibition.ts'
import { allMatch } from './matcher.ts'

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

test('of a thousand alerts that inhibit another ten are named', () => {
  const inhibition = createInhibition([inhibitRuleSchema.parse({ source_matchers: ['tier="db"'], target_matchers: ['tier="api"'] })])
  for (let index = 0; index < 1000; index++) inhibition.observe(alert(`db${index}`, { tier: 'db' }))
  expect(inhibition.inhibitedBy({ tier: 'api' })).toEqual(Array.from({ length: 10 }, (_, index) => `db${index}`))
  for (let index = 0; index < 999; index++) inhibition.observe(alert(`db${index}`, { tier: 'db' }, 'resolved'))
  expect([inhibition.inhibitedBy({ tier: 'api' }), inhibition.isInhibited({ tier: 'api' })]).toEqual([['db999'], true])
})

/** Alertmanager's words taken literally: every firing alert is tried as a source of every rule. */
function inhibitedBy(rules: readonly InhibitRule[], firing: ReadonlyMap<string, Record<string, string>>, target: Record<string, string>) {
  const isSource = ({ sourceMatchers, targetMatchers, equal }: InhibitRule, source: Record<string, string>) =>
    allMatch(targetMatchers, target) &&
    allMatch(sourceMatchers, source) &&
    equal.every((name) => (source[name] ?? '') === (target[name] ?? '')) &&
    !(allMatch(sourceMatchers, target) && allMatch(targetMatchers, source))
  return [...firing].flatMap(([id, source]) => (rules.some((rule) => isSource(rule, source)) ? [id] : [])).sort()
}

test('finds what trying every alert as a source of every rule finds, whatever fires, changes and ends meanwhile', () => {
  const label = fc.constantFrom('severity', 'tier', 'zone')
  const matcher = fc.tuple(label, fc.constantFrom('=', '!=', '=~'), fc.constantFrom('a', 'b', '')).map((parts) => parts.join(''))
  const matchers = fc.array(matcher, { minLength: 1, maxLength: 2 })
  const rule = fc.record({ source_matchers: matchers, target_matchers: matchers, equal: fc.array(label, { maxLength: 2 }) })
  const labels = fc.dictionary(label, fc.constantFrom('a', 'b'), { noNullPrototype: true })
  const step = fc.record({ id: fc.constantFrom('1', '2', '3', '4'), labels, ends: fc.boolean() })
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), fc.array(step, { maxLength: 20, size: 'max' }), labels, (given, steps, target) => {
      const rules = given.map((one) => inhibitRuleSchema.parse(one))
      const [inhibition, firing] = [createInhibition(rules), new Map<string, Record<string, string>>()]
      for (const { id, labels, ends } of steps) {
        inhibition.observe(alert(id, labels, ends ? 'resolved' : 'firing'))
        if (ends) firing.delete(id)
        else firing.set(id, labels)
        const expected = inhibitedBy(rules, firing, target)
        expect([inhibition.inhibitedBy(target).toSorted(), inhibition.isInhibited(target)]).toEqual([expected, expected.length > 0])
      }
    }),
    { numRuns: 300, seed: 7 },
  )
})
