import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../definition/rule-schema.ts'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'

const rule: RuleInput = {
  name: 'Silent',
  kind: 'absent',
  source: { measurement: 'backup', field: 'bytes', where: { site: 'north' }, group_by: ['host'] },
  window: '5m',
}
const push = (scenario: ReturnType<typeof createRuleScenario>, host: string) => scenario.push(1, { host, site: 'north' }, 'backup.bytes')

describe('absence', () => {
  test('is seen of each label set by itself, with its own labels, and ends with the next sample', async () => {
    const scenario = createRuleScenario([rule])
    push(scenario, 'a')
    push(scenario, 'b')
    await scenario.to(60)
    push(scenario, 'b')
    expect(scenario.states()).toBe('a ok,b ok')
    await scenario.to(310)
    expect(scenario.states()).toBe('a firing,b ok')
    expect(scenario.instances()[0]?.annotations.summary).toBe('backup.bytes: no sample for 5m (host=a)')
    push(scenario, 'a')
    await scenario.clock.advance(0)
    expect(scenario.states()).toBe('a ok,b ok')
  })

  test('that is over says that samples come again while it is kept firing', async () => {
    const scenario = createRuleScenario([{ ...rule, keep_firing_for: '10m' }], { isKnown: false })
    push(scenario, 'a')
    push(scenario, 'b')
    await scenario.to(60)
    push(scenario, 'b')
    await scenario.to(310)
    push(scenario, 'a')
    await scenario.clock.advance(0)
    expect(scenario.states()).toBe('a recovering,b ok')
    expect(scenario.instances()[0]?.annotations.summary).toBe('backup.bytes: samples come again (host=a)')
  })

  test('of series that never came is one alert, until one comes', async () => {
    const scenario = createRuleScenario([{ ...rule, source: { measurement: 'backup', field: 'bytes', where: { site: 'north' } } }])
    await scenario.to(10)
    expect(scenario.instances().map(({ labels, state }) => [labels.site, state])).toEqual([['north', 'firing']])
    push(scenario, 'a')
    await scenario.to(20)
    expect(scenario.states()).toBe('a ok')
  })

  test('is not claimed before a whole window was watched', async () => {
    const scenario = createRuleScenario([rule], { isKnown: false })
    await scenario.to(299)
    expect(scenario.states()).toBe('')
    await scenario.to(310)
    expect(scenario.states()).toBe('- firing')
  })

  test('waits for its `for`', async () => {
    const scenario = createRuleScenario([{ ...rule, for: '2m' }])
    push(scenario, 'a')
    await scenario.to(310)
    expect(scenario.states()).toBe('a pending')
    await scenario.to(440)
    expect(scenario.states()).toBe('a firing')
  })

  test('of a host that is gone for good ends by hand', async () => {
    const scenario = createRuleScenario([rule])
    push(scenario, 'a')
    await scenario.to(310)
    const [gone] = scenario.instances()
    if (gone) scenario.roster.forget(gone)
    push(scenario, 'b')
    await scenario.to(320)
    expect(scenario.states()).toBe('b ok')
  })
})
