import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../definition/rule-schema.ts'
import { ruleSchema } from '../definition/rule-schema.ts'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'

const rule: RuleInput = {
  name: 'Errors',
  kind: 'ratio',
  source: { measurement: 'http', field: 'errors', group_by: ['service'] },
  over: { field: 'requests' },
  window: '5m',
  condition: { above: 0.05 },
  min_samples: 20,
}
const api = { service: 'api' }

function createTraffic(changes: Partial<RuleInput> = {}) {
  const scenario = createRuleScenario([{ ...rule, ...changes }])
  return {
    ...scenario,
    async minute(errors: number | null, requests: number): Promise<string> {
      if (errors !== null) scenario.push(errors, api, 'http.errors')
      scenario.push(requests, api, 'http.requests')
      await scenario.clock.advance(60_000)
      return scenario.states()
    },
  }
}

describe('a ratio', () => {
  test('fires when the proportion is above the limit, with what it was made of', async () => {
    const traffic = createTraffic({ annotations: { summary: '{{facts.part}} of {{facts.whole}}' } })
    expect(await traffic.minute(1, 100)).toBe('api ok')
    expect(await traffic.minute(20, 100)).toBe('api firing')
    expect(traffic.instances()[0]).toMatchObject({ value: 21 / 200, annotations: { summary: '21 of 200' } })
  })

  test('of one error in one request says nothing: it neither fires nor ends an alert', async () => {
    const quiet = createTraffic()
    expect(await quiet.minute(1, 1)).toBe('api ok')
    expect(quiet.transitions).toEqual([])

    const busy = createTraffic()
    await busy.minute(20, 100)
    for (let minute = 0; minute < 10; minute++) expect(await busy.minute(0, 1)).toBe('api firing')
  })

  test('of no requests at night is no data for nobody: the alert stays, and no_data does not begin', async () => {
    const traffic = createTraffic()
    await traffic.minute(20, 100)
    for (let minute = 0; minute < 10; minute++) expect(await traffic.minute(0, 0)).toBe('api firing')
  })

  test('takes errors that never came for none', async () => {
    const traffic = createTraffic()
    expect(await traffic.minute(null, 100)).toBe('api ok')
    expect(traffic.instances()[0]?.missingSinceMs).toBeNull()
  })

  test('may be written in percent, and of running totals', async () => {
    const traffic = createTraffic({ as: 'percent', aggregate: 'increase', condition: { above: 5 } })
    await traffic.minute(0, 1000)
    expect(await traffic.minute(4, 1100)).toBe('api ok')
    expect(await traffic.minute(40, 1200)).toBe('api firing')
    expect(traffic.instances()[0]?.value).toBe(20)
  })

  test('of percentages by a number of things is no share of those things', async () => {
    const hosts = { source: { measurement: 'cpu', field: 'used_percent', group_by: ['service'] }, over: { field: 'hosts' } }
    const scenario = createRuleScenario([{ ...rule, ...hosts, aggregate: 'mean', min_samples: 1, condition: { above: 10 } }])
    scenario.push(50, api, 'cpu.used_percent')
    scenario.push(4, api, 'cpu.hosts')
    await scenario.clock.advance(60_000)
    expect(scenario.instances()[0]?.annotations.summary).toContain('cpu.used_percent divided by cpu.hosts is 12.5 % over 5m (50 / 4)')
  })

  test('of a thing and itself is refused', () => {
    const parsed = ruleSchema.safeParse({ ...rule, over: { field: 'errors' } })
    expect(parsed.error?.issues[0]).toMatchObject({ path: ['over'], message: expect.stringContaining('always be 1') })
  })
})
