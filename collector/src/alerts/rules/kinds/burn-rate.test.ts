import { describe, expect, test } from 'vitest'
import { type RuleInput, ruleSchema } from '../definition/rule-schema.ts'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'
import { createFakePast } from '../samples/fake-past.ts'

const rule: RuleInput = {
  name: 'Burns',
  kind: 'burn_rate',
  source: { measurement: 'http', field: 'errors', group_by: ['service'] },
  over: { field: 'requests' },
  objective: 99.9,
  min_samples: 100,
}
const api = { service: 'api' }

function setup(changes: Partial<RuleInput> = {}, store?: ReturnType<typeof createFakePast>) {
  const scenario = createRuleScenario([{ ...rule, ...changes }], store ? { store } : {})
  return {
    ...scenario,
    async minutes(count: number, errors: number, requests: number): Promise<string> {
      for (let minute = 0; minute < count; minute++) {
        scenario.push(errors, api, 'http.errors')
        scenario.push(requests, api, 'http.requests')
        await scenario.clock.advance(60_000)
      }
      return scenario.states()
    },
  }
}

describe('a burn rate', () => {
  test('fires when both windows of a pair burn too fast, and ends soon after the errors do', async () => {
    const traffic = setup({ windows: [{ long: '1h', short: '5m', factor: 14.4 }] })
    expect(await traffic.minutes(60, 1, 1000)).toBe('api ok')
    // 10 % of errors burn 100 times; over an hour that is more than 14.4 after 9 minutes.
    expect(await traffic.minutes(8, 100, 1000)).toBe('api ok')
    expect(await traffic.minutes(2, 100, 1000)).toBe('api firing')
    expect(traffic.instances()[0]?.annotations.summary).toMatch(
      /^The error budget of 99\.9 % is burnt 1\d\.\d+ times too fast over 1h, limit: 14\.4 times/,
    )
    expect(await traffic.minutes(6, 0, 1000)).toBe('api ok')
  })

  test('of several pairs fires for any of them', async () => {
    const traffic = setup()
    await traffic.minutes(60, 1, 1000)
    // 6 times over six hours, of which one is known, and over half an hour.
    expect(await traffic.minutes(5, 100, 1000)).toBe('api firing')
    expect(traffic.instances()[0]?.annotations.summary).toMatch(/over 6h, limit: 6 times/)
  })

  test('does not fire for a long window alone: what is over needs nobody', async () => {
    const traffic = setup({ windows: [{ long: '1h', short: '5m', factor: 14.4 }] })
    await traffic.minutes(30, 0, 1000)
    traffic.push(3000, api, 'http.errors')
    await traffic.minutes(4, 0, 1000)
    expect(traffic.states()).toBe('api firing')
    await traffic.minutes(3, 0, 1000)
    expect(traffic.states()).toBe('api ok')
  })

  test('says nothing with too few events', async () => {
    const traffic = setup()
    await traffic.minutes(60, 1, 1)
    expect(traffic.transitions).toEqual([])
  })

  test('takes a twelfth of the long window when no short one is named, and refuses one that is not shorter', () => {
    const parsed = ruleSchema.parse({ ...rule, windows: [{ long: '6h', factor: 6 }] })
    expect(parsed.options).toMatchObject({ pairs: [{ longMs: 6 * 3_600_000, shortMs: 1_800_000, factor: 6 }] })
    expect(ruleSchema.safeParse({ ...rule, windows: [{ long: '1h', short: '1h', factor: 6 }] }).success).toBe(false)
  })

  test('over three days asks the store, and a store that fails ends nothing', async () => {
    const store = createFakePast([api], (_from, query) => (query.fields[0] === 'errors' ? 3000 : 1_000_000))
    const traffic = setup({ windows: [{ long: '3d', short: '6h', factor: 1 }] }, store)
    await traffic.minutes(400, 3, 1000)
    expect(traffic.states()).toBe('api firing')
    store.isDown = true
    await traffic.minutes(20, 3, 1000)
    expect(traffic.states()).toBe('api firing')
    expect(traffic.failures()).toHaveLength(1)
  })
})
