import { describe, expect, test } from 'vitest'
import type { Tags } from '../../model/point.ts'
import { type RuleInput, ruleSchema } from '../rules/definition/rule-schema.ts'
import { createRuleScenario } from '../rules/evaluation/rule-scenario.ts'
import { createFakePast } from '../rules/samples/fake-past.ts'

/** The multi-window burn rate of the SRE Workbook (table 5-8, with Sloth's third row), row by row. */
const rule: RuleInput = {
  name: 'Burns',
  kind: 'burn_rate',
  source: { measurement: 'http', field: 'errors', group_by: ['service'] },
  over: { field: 'requests' },
  objective: 99.9,
}
const api: Tags = { service: 'api' }
const rows = [
  { long: '1h', short: '5m', factor: 14.4, budget: 0.02 },
  { long: '6h', short: '30m', factor: 6, budget: 0.05 },
  { long: '1d', short: '2h', factor: 3, budget: 0.1 },
  { long: '3d', short: '6h', factor: 1, budget: 0.1 },
]

/** All that was ever asked failed at this share of a million requests, in every window. */
async function stateAt(changes: Partial<RuleInput>, errorPercent: number): Promise<string> {
  const errors = errorPercent * 10_000
  const store = createFakePast([api], (_from, query) => (query.fields[0] === 'errors' ? errors : 1_000_000))
  const scenario = createRuleScenario([{ ...rule, ...changes }], { store })
  scenario.push(errors, api, 'http.errors')
  scenario.push(1_000_000, api, 'http.requests')
  await scenario.clock.advance(1)
  return scenario.states()
}

describe.each(rows)('$factor times over $long and $short', ({ long, short, factor, budget }) => {
  test(`burns ${budget * 100} % of a month's budget, and its short window is a twelfth`, () => {
    const [pair] = (ruleSchema.parse({ ...rule, windows: [{ long, factor }] }).options as { pairs: Record<string, number>[] }).pairs
    expect(((pair?.longMs ?? 0) * (pair?.factor ?? 0)) / (30 * 86_400_000)).toBeCloseTo(budget)
    expect(pair).toEqual((ruleSchema.parse({ ...rule, windows: [{ long, short, factor }] }).options as { pairs: object[] }).pairs[0])
  })

  const thresholds: Readonly<Record<number, readonly number[]>> = {
    99.9: [1.44, 0.6, 0.3, 0.1],
    99.5: [7.2, 3, 1.5, 0.5],
    99: [14.4, 6, 3, 1],
    95: [72, 30, 15, 5],
  }
  test.each([99.9, 99.5, 99, 95])(
    'with an objective of %d fires above the share of errors that the table says, and not below',
    async (objective) => {
      const percent = thresholds[objective]?.[rows.findIndex((row) => row.long === long)] ?? 0
      const windows = [{ long, short, factor }]
      expect(await stateAt({ objective, windows }, percent * 0.999)).toBe('api ok')
      expect(await stateAt({ objective, windows }, percent * 1.001)).toBe('api firing')
    },
  )
})

describe('a factor that no share of errors can exceed', () => {
  test.each([
    [99.9, 14.4, true],
    [95, 14.4, true],
    [93.1, 14.4, true],
    [93.05, 14.4, false],
    [90, 14.4, false],
    [50, 2, false],
  ])('with an objective of %d a factor of %d can be exceeded: %s', (objective, factor, isPossible) => {
    const parsed = ruleSchema.safeParse({ ...rule, objective, windows: [{ long: '1h', factor }] })
    expect(parsed.success).toBe(isPossible)
    if (!isPossible) {
      expect(parsed.error?.issues[0]?.path).toEqual(['windows', 0, 'factor'])
      expect(parsed.error?.issues[0]?.message).toMatch(/can never be exceeded/)
    }
  })
})

describe('with little traffic', () => {
  const windows = [{ long: '1h', short: '5m', factor: 14.4 }]
  const one = async (requests: number, changes: Partial<RuleInput> = {}) => {
    const scenario = createRuleScenario([{ ...rule, windows, ...changes }])
    scenario.push(requests, api, 'http.errors')
    scenario.push(requests, api, 'http.requests')
    await scenario.clock.advance(1)
    return scenario
  }

  test('exactly min_samples are enough, one fewer says nothing', async () => {
    expect((await one(20, { min_samples: 20 })).states()).toBe('api firing')
    expect((await one(19, { min_samples: 20 })).states()).toBe('api ok')
  })

  test('what fires goes on while too few come to say that it is over, in either window', async () => {
    const scenario = await one(1000, { min_samples: 20 })
    // The short window empties, the long one still burns.
    await scenario.to(400)
    scenario.push(0, api, 'http.errors')
    scenario.push(1, api, 'http.requests')
    await scenario.clock.advance(1)
    expect(scenario.states()).toBe('api firing')
    scenario.push(0, api, 'http.errors')
    scenario.push(19, api, 'http.requests')
    await scenario.clock.advance(1)
    expect(scenario.states()).toBe('api ok')
  })

  test('none at all is no data, and not that all is well', async () => {
    const scenario = await one(1000, { no_data_after: 1 })
    await scenario.to(2 * 3600)
    expect(scenario.states()).toBe('api no_data')
  })

  test('errors that never came are none', async () => {
    const scenario = createRuleScenario([{ ...rule, windows, min_samples: 20 }])
    scenario.push(1000, api, 'http.requests')
    await scenario.clock.advance(1)
    expect(scenario.states()).toBe('api ok')
  })

  test('after a start without stored samples nothing is said before the long window is known', async () => {
    const scenario = createRuleScenario([{ ...rule, windows }], { isKnown: false })
    for (let passed = 0; passed <= 3600; passed += 60) {
      scenario.push(100, api, 'http.errors')
      scenario.push(1000, api, 'http.requests')
      await scenario.to(passed + 30)
      if (passed < 3600) expect(scenario.transitions).toEqual([])
    }
    expect(scenario.states()).toBe('api firing')
  })
})
