import { describe, expect, test } from 'vitest'
import { createRuleScenario, type RuleScenarioOptions } from '../evaluation/rule-scenario.ts'
import { createFakePast } from '../samples/fake-past.ts'
import type { Change } from './rule.ts'
import type { RuleInput } from './rule-schema.ts'

const api = { service: 'api' }
const source = { measurement: 'http', field: 'errors', group_by: ['service'] }
const change: Change = {
  ...{ id: 'd1', service: 'api', environment: 'production', version: 'v2', previousVersion: 'v1' },
  ...{ startedMs: Date.UTC(2026, 0, 1), finishedMs: Date.UTC(2026, 0, 1) },
}

type Case = { rule: RuleInput; bad: Readonly<Record<string, number>>; options?: RuleScenarioOptions }

/** For each kind that sets one thing in proportion to another: a rule, and a sample of a night that is as bad as can be. */
const cases: readonly Case[] = [
  {
    rule: { name: 'ratio', kind: 'ratio', source, over: { field: 'requests' }, condition: { above: 0.05 } },
    bad: { errors: 1, requests: 1 },
  },
  {
    rule: { name: 'ratio of means', kind: 'ratio', source, over: { field: 'requests' }, aggregate: 'mean', condition: { above: 0.05 } },
    bad: { errors: 40, requests: 40 },
  },
  {
    rule: {
      ...{ name: 'burn_rate', kind: 'burn_rate', source, over: { field: 'requests' }, objective: 99.9 },
      windows: [{ long: '5m', short: '1m', factor: 14.4 }],
    },
    bad: { errors: 1, requests: 1 },
  },
  {
    rule: { name: 'histogram', kind: 'histogram', source: { measurement: 'http', group_by: ['service'] }, condition: { above: 10 } },
    bad: { le_10: 0, le_1000: 1, count: 1 },
  },
  {
    rule: { name: 'compare', kind: 'compare', source, condition: { above: 50 } },
    bad: { errors: 1000 },
    options: { store: createFakePast([api], (_from, { aggregate }) => (aggregate === 'count' ? 100 : 10)) },
  },
  {
    rule: { name: 'deployment', kind: 'deployment', source, condition: { above: 50 } },
    bad: { errors: 1000 },
    options: { store: createFakePast([api], (_from, { aggregate }) => (aggregate === 'count' ? 100 : 10)), lastChange: () => change },
  },
]

function setup({ rule, bad, options = {} }: Case, temporality = {}) {
  const scenario = createRuleScenario([{ ...rule, min_samples: 20 }], options)
  const pushAll = (sample: Readonly<Record<string, number>>) => {
    for (const [field, value] of Object.entries(sample)) scenario.push(value, { ...api, ...temporality }, `http.${field}`)
  }
  const runner = scenario.roster.runner(rule.name)
  return { ...scenario, pushAll, bad, isUnsure: () => scenario.instances().map(({ id }) => runner?.isUnsure(id)) }
}

describe.each(cases)('below min_samples a rule of the kind $rule.name', (one) => {
  const delta = { temporality: 'delta' }

  test('says nothing: it neither fires nor passes, and it is not without data', async () => {
    const { pushAll, bad, clock, transitions, states, isUnsure } = setup(one, delta)
    pushAll(bad)
    // The store is asked and has answered.
    await clock.advance(30_000)
    expect([states(), isUnsure()]).toEqual(['api ok', [true]])
    await clock.advance(20_000)
    expect(transitions).toEqual([])
  })

  test('fires at it, and goes on to fire when a quiet night can say nothing', async () => {
    const { pushAll, bad, clock, states, isUnsure } = setup(one, delta)
    for (let sample = 0; sample < 25; sample++) {
      pushAll(bad)
      await clock.advance(1000)
    }
    await clock.advance(10_000)
    expect([states(), isUnsure()]).toEqual(['api firing', [false]])
    for (let sample = 0; sample < 10; sample++) {
      await clock.advance(50_000)
      pushAll(bad)
    }
    expect([states(), isUnsure()]).toEqual(['api firing', [true]])
  })
})

describe.each(['compare', 'deployment'])('a rule of the kind %s', (kind) => {
  const one = cases.find(({ rule }) => rule.name === kind) as Case

  test('is measured by nothing that fewer than min_samples made', async () => {
    const store = createFakePast([api], (_from, { aggregate }) => (aggregate === 'count' ? 3 : 10))
    const { pushAll, bad, clock, states, isUnsure } = setup({ ...one, options: { ...one.options, store } })
    for (let sample = 0; sample < 25; sample++) {
      pushAll(bad)
      await clock.advance(1000)
    }
    await clock.advance(10_000)
    expect([states(), isUnsure()]).toEqual(['api ok', [true]])
  })
})

test('one sample of a running total is no silence for a burn rate', async () => {
  const { pushAll, clock, states, isUnsure } = setup({
    ...cases[2],
    rule: { ...(cases[2] as Case).rule, aggregate: 'increase', on_no_data: 'alert' },
  } as Case)
  pushAll({ errors: 5, requests: 1000 })
  await clock.advance(40_000)
  expect([states(), isUnsure()]).toEqual(['api ok', [true]])
})

describe('a composite', () => {
  const member = (name: string): RuleInput => ({ ...(cases[0] as Case).rule, name, min_samples: 20 })
  const other: RuleInput = { name: 'busy', source: { measurement: 'http', field: 'requests' }, condition: { above: 0 } }

  test.each([
    [{ and: ['errors', 'busy'] }, 'inconclusive'],
    [{ or: ['errors', 'busy'] }, 'true'],
    [{ and: ['errors', { not: 'busy' }] }, 'false'],
  ])('%j of a rule that can say nothing is %s', async (expression, expected) => {
    const scenario = createRuleScenario([member('errors'), other, { name: 'both', kind: 'composite', expression }])
    scenario.push(1, api, 'http.errors')
    scenario.push(1, api, 'http.requests')
    await scenario.clock.advance(20_000)
    const [instance] = scenario.instances('both')
    const isUnsure = scenario.roster.runner('both')?.isUnsure(instance?.id ?? '')
    const told = isUnsure ? 'inconclusive' : String(instance?.state === 'firing')
    expect(told).toBe(expected)
  })
})
