import { expect, test } from 'vitest'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'

const rule = { name: 'Changed', kind: 'changed', source: { measurement: 'load', field: 'value' }, window: '1m' }

test('a change fires until it has left the window', async () => {
  const scenario = createRuleScenario([rule])
  await scenario.hold(3, 60)
  expect(scenario.states()).toBe('a ok')
  await scenario.hold(4, 10)
  expect(scenario.states()).toBe('a firing')
  expect(scenario.instances()[0]?.value).toBe(1)
  await scenario.hold(4, 70)
  expect(scenario.states()).toBe('a ok')
})

test('flapping is more changes than the condition allows', async () => {
  const scenario = createRuleScenario([{ ...rule, condition: { above: 2 } }])
  for (const value of [0, 1, 0]) await scenario.hold(value, 10)
  expect(scenario.states()).toBe('a ok')
  await scenario.hold(1, 10)
  expect(scenario.states()).toBe('a firing')
})
