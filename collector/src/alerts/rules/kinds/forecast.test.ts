import { describe, expect, test } from 'vitest'
import { ruleSchema } from '../definition/rule-schema.ts'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'

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
  await grown(scenario, from, perHour, minutes)
  return scenario
}

async function grown(scenario: ReturnType<typeof createRuleScenario>, from: number, perHour: number, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    scenario.push(from + (perHour * minute) / 60)
    await scenario.clock.advance(60_000)
  }
}

describe('a forecast', () => {
  test('fires when the line meets the limit soon enough, and says when', async () => {
    const scenario = await grow(80, 5, 60)
    expect(scenario.states()).toBe('a firing')
    const [instance] = scenario.instances()
    expect((instance?.value ?? 0) / 3600).toBeCloseTo(2, 0)
    expect(instance?.annotations.summary).toBe('load.value is 84.92; going on as in the last 1h it will be above 95 in 2h (host=a)')
  })

  test('does not fire when it is further away, or goes the other way', async () => {
    expect((await grow(80, 1, 60)).states()).toBe('a ok')
    expect((await grow(94, -5, 60)).states()).toBe('a ok')
  })

  test('fires when the limit is broken already, though it gets better', async () => {
    const scenario = await grow(100, -1, 60)
    expect(scenario.states()).toBe('a firing')
    expect(scenario.instances()[0]?.annotations.summary).toMatch(/^load.value is 99\.\d+; .* it is above 95 now \(host=a\)$/)
  })

  test('of a value that will be back in time fires as long as the limit is broken', async () => {
    const scenario = await grow(100, -4, 60)
    expect(scenario.states()).toBe('a firing')
    expect(scenario.instances()[0]?.annotations.summary).toMatch(/^load\.value is 96\.07; .* it is above 95 now/)
  })

  test('is about a limit below, too', async () => {
    const condition = { below: 10 }
    expect((await grow(12, 5, 60, { condition })).states()).toBe('a ok')
    const scenario = await grow(30, -10, 60, { condition })
    expect(scenario.instances()[0]?.annotations.summary).toMatch(/it will be below 10 in 1h/)
  })

  test('of what goes away from the limit has no time to show', async () => {
    expect((await grow(94, -5, 60)).instances()[0]?.value).toBeNull()
  })

  test('that is held until it is back says where it goes, and not when the limit will be broken', async () => {
    const scenario = await grow(97, -1, 60, { condition: { above: 95, until: 90 } })
    scenario.push(94)
    await scenario.clock.advance(60_000)
    expect(scenario.states()).toBe('a firing')
    const [instance] = scenario.instances()
    expect(instance?.value).toBeNull()
    expect(instance?.annotations.summary).toMatch(/^load\.value is 94; going on as in the last 1h it will be 91\.\d+ in 4h/)
  })

  test.each([
    [-10, null, /^load\.value is 63\.5; going on as in the last 1h it will be \d+\.\d+ in 4h \(host=a\)$/],
    [1, expect.any(Number), /^load\.value is 8\d\.\d+; going on as in the last 1h it will be above 95 in \d+h.* \(host=a\)$/],
  ])('that is not on its way any more, at %i an hour, says so while it is kept firing', async (perHour, value, summary) => {
    const scenario = await grow(80, 5, 60, { keep_firing_for: '2h', annotations: { description: 'left: {{value}}' } })
    await grown(scenario, 80 + perHour / 2, perHour, 70)
    expect(scenario.states()).toBe('a recovering')
    const [instance] = scenario.instances()
    expect(instance).toMatchObject({ value, annotations: { summary: expect.stringMatching(summary) } })
    expect(instance?.annotations.description).toMatch(value === null ? /^left: no value$/ : /^left: \d+$/)
    if (value !== null) expect(instance?.value).toBeGreaterThan(4 * 3600)
  })

  test('of what goes further behind the limit says now, though the newest value is not there', async () => {
    const scenario = await grow(93, 3, 60)
    scenario.push(94)
    await scenario.clock.advance(60_000)
    expect(scenario.instances()[0]).toMatchObject({ value: 0, annotations: { summary: expect.stringMatching(/is 94; .* above 95 now/) } })
  })

  test('says neither that the limit is near nor that it is far before the window is known', async () => {
    const { instances } = await grow(80, 5, 60)
    const unknown = createRuleScenario([rule], { isKnown: false })
    await grown(unknown, 80, 60, 15)
    expect(unknown.transitions).toEqual([])
    const restarted = createRuleScenario([rule], { isKnown: false, restored: instances() })
    await grown(restarted, 84, 0, 59)
    expect(restarted.states()).toBe('a firing')
    await grown(restarted, 84, 0, 2)
    expect(restarted.states()).toBe('a ok')
  })

  test('fires before the window is known when the limit is broken already', async () => {
    const scenario = createRuleScenario([rule], { isKnown: false })
    await grown(scenario, 96, 0, 15)
    expect(scenario.states()).toBe('a firing')
  })

  test('of samples that all came at once says nothing, and without any for long there is no data', async () => {
    const scenario = createRuleScenario([rule])
    for (let sample = 0; sample < 20; sample++) scenario.push(94)
    await scenario.clock.advance(60_000)
    expect(scenario.transitions).toEqual([])
    await scenario.clock.advance(70 * 60_000)
    expect(scenario.states()).toBe('a no_data')
  })

  test('says nothing with a handful of samples, and ten are enough', async () => {
    expect((await grow(80, 60, 9)).transitions).toEqual([])
    expect((await grow(80, 60, 10)).states()).toBe('a firing')
    expect((await grow(80, 60, 10, { min_samples: 11 })).transitions).toEqual([])
  })

  test('finds the slope of noisy samples', async () => {
    const scenario = createRuleScenario([rule])
    for (let minute = 0; minute < 60; minute++) {
      scenario.push(80 + minute / 12 + (minute % 2 === 0 ? 3 : -3))
      await scenario.clock.advance(60_000)
    }
    expect((scenario.instances()[0]?.value ?? 0) / 3600).toBeCloseTo(2, 0)
  })

  test.each([{ outside: [1, 2] }, { equals: 1 }])('of %o is refused', (condition) => {
    expect(ruleSchema.safeParse({ ...rule, condition }).error?.issues[0]?.message).toMatch(/above or below/)
  })
})
