import { describe, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import type { RuleInput } from '../rules/definition/rule-schema.ts'
import { hot, minute, type Scenario, type ScenarioOptions, startScenario } from '../scenario.ts'

/**
 * What no peer has, by what receivers get. Honest delivery stands in routing/delivery/delivery.test.ts and
 * routing/kill.test.ts, causes in cause/cause.test.ts, replay in app/replay.test.ts, the preview of
 * silences in routing/tree/suppression.test.ts.
 */
const route = { receiver: 'ops', group_wait: '0s', group_interval: '1m', repeat_interval: '1h' }
const started = (options: Partial<ScenarioOptions> = {}) =>
  startScenario({ records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db), route, ...options })
const told = (scenario: Scenario) => scenario.sent().map((line) => line.replace(/^\S+ /, ''))
const idOf = (scenario: Scenario) => scenario.alerts().list({ limit: 1 }).alerts[0]?.id ?? ''

describe('too few samples are inconclusive: neither good nor bad, and not missing either', () => {
  const errors: RuleInput = {
    name: 'Errors',
    kind: 'ratio',
    source: { measurement: 'http', field: 'errors', group_by: ['host'] },
    over: { field: 'requests' },
    window: '5m',
    condition: { above: 0.05 },
    min_samples: 20,
    no_data_after: 1,
  }
  async function pass(scenario: Scenario, failed: number, all: number, forMs: number): Promise<void> {
    for (let passed = 0; passed < forMs; passed += 5 * minute) {
      scenario.pushAs('http', 'errors', { host: 'a' }, failed)
      scenario.pushAs('http', 'requests', { host: 'a' }, all)
      await scenario.clock.advance(5 * minute)
    }
  }

  test('one error in one request says nothing, all night', async () => {
    const scenario = await started({ rules: [errors] })
    await pass(scenario, 1, 1, 8 * 60 * minute)
    expect([scenario.sent(), scenario.states()]).toEqual([[], []])
  })

  test('exactly as many as asked for are enough', async () => {
    const scenario = await started({ rules: [errors] })
    await pass(scenario, 2, 20, 5 * minute)
    expect(told(scenario)).toEqual(['ops: a firing (first notification)'])
    const fewer = await started({ rules: [errors] })
    await pass(fewer, 2, 19, 5 * minute)
    expect(fewer.sent()).toEqual([])
  })

  test('what fires is not called over by too few, but by enough good ones', async () => {
    const scenario = await started({ rules: [errors] })
    await pass(scenario, 50, 100, 10 * minute)
    await pass(scenario, 0, 1, 30 * minute)
    expect(scenario.states()).toEqual(['a firing'])
    await pass(scenario, 0, 100, 10 * minute)
    expect(told(scenario)).toEqual(['ops: a firing (first notification)', 'ops: a resolved (all alerts resolved)'])
  })
})

describe('an acknowledgement', () => {
  const ladder: RuleInput = {
    name: 'Load',
    kind: 'levels',
    source: hot.source,
    window: '1m',
    levels: [
      { severity: 'warning', condition: { above: 70 } },
      { severity: 'critical', condition: { above: 90 } },
    ],
  }

  test('of a warning ends when it becomes critical, which is told', async () => {
    const scenario = await started({ rules: [ladder] })
    await scenario.hold(75, minute)
    await scenario.alerts().acknowledge(idOf(scenario), { actor: 'jane', comment: '' })
    await scenario.hold(75, 3 * 60 * minute)
    expect(told(scenario)).toEqual(['ops: a firing (first notification)'])
    await scenario.hold(95, 2 * minute)
    expect(told(scenario).slice(1)).toEqual(['ops: a firing (new alerts added)'])
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]).toMatchObject({ severity: 'critical', acknowledgedBy: null })
  })

  test('ends when another alert joins the group, and everything is repeated again', async () => {
    const scenario = await started()
    await scenario.hold(95, minute)
    await scenario.alerts().acknowledge(idOf(scenario), { actor: 'jane', comment: '' })
    scenario.push(95, { host: 'b' })
    await scenario.hold(95, minute)
    expect(
      scenario
        .alerts()
        .list({ limit: 9 })
        .alerts.map(({ acknowledgedBy }) => acknowledgedBy),
    ).toEqual([null, null])
  })

  test('of one alert in a group does not stop the repetition for the others', async () => {
    const scenario = await started()
    for (let passed = 0; passed < 130 * minute; passed += minute) {
      scenario.push(95, { host: 'b' })
      await scenario.hold(95, minute)
      if (passed === 0) await scenario.alerts().acknowledge(idOf(scenario), { actor: 'jane', comment: '' })
    }
    expect(told(scenario)).toEqual([
      'ops: b firing, a firing (first notification)',
      'ops: b firing, a firing (repeat interval elapsed)',
      'ops: b firing, a firing (repeat interval elapsed)',
    ])
  })

  test('is not ended by an alert that nobody is told of', async () => {
    const scenario = await started()
    await scenario.hold(95, minute)
    await scenario.alerts().acknowledge(idOf(scenario), { actor: 'jane', comment: '' })
    scenario.alerts().silences.set({
      matchers: [{ name: 'host', value: 'b', isRegex: false, isEqual: true }],
      endsAtMs: scenario.clock.now() + 60 * minute,
      createdBy: 'jane',
      comment: 'planned',
    })
    scenario.push(95, { host: 'b' })
    await scenario.hold(95, minute)
    expect(scenario.alerts().list({ limit: 9, labels: { host: 'a' } }).alerts[0]?.acknowledgedBy).toBe('jane')
  })
})

test('an escalation whose second step is acknowledged does not come to its third', async () => {
  const steps = ['ops', 'pager', 'boss'].map((receiver) => ({ receiver, wait: '5m' }))
  const scenario = await started({ route: { ...route, escalation: 'night' }, escalations: [{ name: 'night', steps }] })
  await scenario.hold(95, 6 * minute)
  await scenario.alerts().acknowledge(idOf(scenario), { actor: 'jane', comment: '' })
  await scenario.hold(95, 3 * 60 * minute)
  expect(told(scenario).filter((line) => !line.startsWith('ops'))).toEqual(['pager: a firing (escalation night: step 2 of 3)'])
})

test('a store that is gone for ten minutes ends nothing: what fires goes on, and one alert says that it cannot be evaluated', async () => {
  let isGone = false
  const query = async () => {
    if (isGone) throw new Error('connect ECONNREFUSED')
    const fields = [
      { name: 'time', type: 'time' as const, values: [0] },
      { name: 'value', type: 'number' as const, values: [10] },
    ]
    return [{ name: 'load', labels: { host: 'a' }, fields }]
  }
  const rules = Array.from({ length: 50 }, (_, index): RuleInput => {
    return { ...hot, name: `Grew ${index}`, kind: 'compare', aggregate: 'mean', offset: '1d', as: 'ratio', condition: { above: 2 } }
  })
  const scenario = await started({ rules, store: { query, tags: async () => ['host'], fields: async () => [] } })
  await scenario.hold(95, minute)
  expect(scenario.states()).toHaveLength(50)
  const before = scenario.sent().length
  isGone = true
  await scenario.hold(95, 10 * minute)
  expect(told(scenario).slice(before)).toEqual(['ops: RuleEvaluationFailing firing (first notification)'])
  isGone = false
  await scenario.hold(95, 10 * minute)
  expect(told(scenario).slice(before + 1)).toEqual(['ops: RuleEvaluationFailing resolved (all alerts resolved)'])
  expect(scenario.states().every((state) => state === 'a firing')).toBe(true)
})
