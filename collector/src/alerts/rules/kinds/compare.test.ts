import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../definition/rule-schema.ts'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'
import { createFakePast } from '../samples/fake-past.ts'

const rule: RuleInput = {
  name: 'Fewer',
  kind: 'compare',
  source: { measurement: 'load', field: 'value' },
  window: '1m',
  offset: '1w',
  condition: { below: -30 },
}

function setup(before: number | null, changes: Partial<RuleInput> = {}) {
  const store = createFakePast([{ host: 'a' }], () => before)
  return { store, scenario: createRuleScenario([{ ...rule, ...changes }], { store }) }
}

describe('beside the same time earlier', () => {
  test('a fall of more than the limit fires and says both values', async () => {
    const { scenario, store } = setup(100)
    await scenario.hold(80, 60)
    expect(scenario.states()).toBe('a ok')
    await scenario.hold(50, 70)
    expect(scenario.states()).toBe('a firing')
    expect(scenario.instances()[0]).toMatchObject({ value: -50 })
    expect(scenario.instances()[0]?.annotations.summary).toBe(
      'mean of load.value is 50 after 100 (-50 %) 1w earlier, limit: below -30 % (host=a)',
    )
    const { range } = store.asked[0] ?? { range: { from: 0, to: 0 } }
    expect(scenario.startMs - range.to).toBe(7 * 86_400_000)
    expect(range.to - range.from).toBe(60_000)
  })

  test('without anything earlier says nothing', async () => {
    const { scenario } = setup(null)
    await scenario.hold(1, 60)
    expect(scenario.transitions).toEqual([])
  })

  test('from nothing to something fires, for zero is a baseline, too', async () => {
    const { scenario } = setup(0, { condition: { above: 50 }, min_change: 5 })
    await scenario.hold(4, 60)
    expect(scenario.states()).toBe('a ok')
    await scenario.hold(9, 70)
    expect(scenario.states()).toBe('a firing')
  })

  test('a small difference does not fire, however many percent it is', async () => {
    const { scenario } = setup(1, { condition: { above: 50 }, min_change: 5 })
    await scenario.hold(5, 60)
    expect(scenario.states()).toBe('a ok')
  })

  test.each([
    ['difference', { above: 15 }],
    ['ratio', { above: 1.15 }],
  ])('may be a %s', async (as, condition) => {
    const { scenario } = setup(100, { as, condition })
    await scenario.hold(110, 60)
    expect(scenario.states()).toBe('a ok')
    await scenario.hold(120, 70)
    expect(scenario.states()).toBe('a firing')
  })

  test('asks the store once for all evaluations until the answer is old', async () => {
    const { scenario, store } = setup(100, { window: '10m' })
    await scenario.hold(100, 50)
    expect(store.asked).toHaveLength(1)
    await scenario.hold(100, 60)
    expect(store.asked).toHaveLength(2)
  })
})

describe('a store that fails', () => {
  test('for ten minutes resolves nothing, and fifty rules are one alert about it', async () => {
    const store = createFakePast([{ host: 'a' }], () => 100)
    const rules = Array.from({ length: 50 }, (_, index) => ({ ...rule, name: `Fewer ${index}` }))
    const scenario = createRuleScenario(rules, { store })
    await scenario.hold(50, 60)
    expect(scenario.roster.active()).toHaveLength(50)
    store.isDown = true
    await scenario.hold(100, 600)
    expect(scenario.roster.active().filter(({ state }) => state === 'firing')).toHaveLength(51)
    expect(scenario.failures().map(({ labels, annotations }) => [labels.source, annotations.summary])).toEqual([
      ['store', expect.stringMatching(/^50 of the alert rules cannot be evaluated: Fewer 0, .* and 45 more$/)],
    ])
    expect(scenario.transitions.filter(({ to }) => to === 'ok')).toEqual([])
    store.isDown = false
    await scenario.hold(100, 60)
    expect(scenario.roster.active()).toEqual([])
  })

  test.each([
    ['keep', 'a firing'],
    ['error', 'a error'],
    ['ok', 'a ok'],
    ['alert', 'a firing'],
  ] as const)('leaves a firing alert with on_error %s: %s', async (on_error, expected) => {
    const { scenario, store } = setup(100, { on_error })
    await scenario.hold(50, 60)
    store.isDown = true
    await scenario.hold(50, 60)
    expect(scenario.states()).toBe(expected)
  })

  test('with on_error alert makes a calm one fire, and pending before that', async () => {
    const { scenario, store } = setup(100, { on_error: 'alert', for: '20s' })
    await scenario.hold(100, 60)
    store.isDown = true
    await scenario.hold(100, 20)
    expect(scenario.states()).toBe('a pending')
    await scenario.hold(100, 30)
    expect(scenario.states()).toBe('a firing')
  })
})
