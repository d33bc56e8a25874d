import { describe, expect, test } from 'vitest'
import { createRuleScenario } from '../rule-scenario.ts'
import { ruleSchema } from '../rule-schema.ts'

const rule = {
  name: 'Fills',
  kind: 'forecast',
  source: { measurement: 'load', field: 'value' },
  window: '1h',
  within: '4h',
  condition: { above: 95 },
}

async function grow(from: number, perHour: number, minutes: number, changes = {}) {
  const scenario = createRuleScenario([{ ...rule, ...changes }])
  for (let minute = 0; minute < minutes; minute++) {
    scenario.push(from + (perHour * minute) / 60)
    await scenario.clock.advance(60_000)
  }
  return scenario
}

describe('a forecast', () => {
  test('fires when the line meets the limit soon enough, and says when', async () => {
    const scenario = await grow(80, 5, 60)
    expect(scenario.states()).toBe('a firing')
    const [instance] = scenario.instances()
    expect((instance?.value ?? 0) / 3600).toBeCloseTo(2, 0)
    expect(instance?.annotations.summary).toBe('load.value is 84.92 and, going on as in the last 1h, above 95 in 2h')
  })

  test('does not fire when it is further away, or goes the other way', async () => {
    expect((await grow(80, 1, 60)).states()).toBe('a ok')
    expect((await grow(94, -5, 60)).states()).toBe('a ok')
  })

  test('fires when the limit is broken already, though it gets better', async () => {
    const scenario = await grow(100, -1, 60)
    expect(scenario.states()).toBe('a firing')
    expect(scenario.instances()[0]?.annotations.summary).toMatch(/above 95 now$/)
  })

  test('says nothing with a handful of samples', async () => {
    expect((await grow(80, 60, 9)).transitions).toEqual([])
  })

  test('finds the slope of noisy samples', async () => {
    const scenario = createRuleScenario([rule])
    for (let minute = 0; minute < 60; minute++) {
      scenario.push(80 + minute / 12 + (minute % 2 === 0 ? 3 : -3))
      await scenario.clock.advance(60_000)
    }
    expect((scenario.instances()[0]?.value ?? 0) / 3600).toBeCloseTo(2, 0)
  })

  test('of both sides is refused', () => {
    expect(ruleSchema.safeParse({ ...rule, condition: { outside: [1, 2] } }).error?.issues[0]?.message).toMatch(/above or below/)
  })
})
