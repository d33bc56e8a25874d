import { describe, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import type { RuleInput } from '../rules/definition/rule-schema.ts'
import { hot, minute, type Scenario, second, startScenario } from '../scenario.ts'

/**
 * Grafana's states of missing data and of failed evaluations, each policy on each state: on the same
 * alert, under its own labels, and never ended by what nobody could see.
 */
const route = { receiver: 'ops', group_wait: '0s', group_interval: '10s', repeat_interval: '4h' }
const started = (rule: Partial<RuleInput>) =>
  startScenario({
    records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db),
    route: { ...route, routes: [{ matchers: ['alertname="RuleEvaluationFailing"'], group_wait: '1d' }] },
    rules: [{ ...hot, window: '10s', ...rule }],
  })

const froms = {
  ok: { rule: {}, to: (scenario: Scenario) => scenario.hold(50, 30 * second) },
  pending: { rule: { for: '1m' }, to: (scenario: Scenario) => scenario.hold(95, 30 * second) },
  firing: { rule: {}, to: (scenario: Scenario) => scenario.hold(95, 30 * second) },
  recovering: {
    rule: { keep_firing_for: '1h' },
    async to(scenario: Scenario) {
      await scenario.hold(95, 20 * second)
      await scenario.hold(50, 10 * second)
    },
  },
}
type From = keyof typeof froms

/** The states of the alert at each evaluation after something happens, equal ones once. */
async function course(scenario: Scenario, happens: () => void, forMs: number): Promise<string> {
  const seen: string[] = []
  for (let passed = 0; passed < forMs; passed += 10 * second) {
    happens()
    await scenario.clock.advance(10 * second)
    const now =
      scenario
        .alerts()
        .list({ limit: 10 })
        .alerts.find(({ rule }) => rule === 'Hot')?.state ?? 'ok'
    if (seen.at(-1) !== now) seen.push(now)
  }
  return seen.join(' → ')
}
const told = (scenario: Scenario) => scenario.sent().map((line) => line.replace(/^\S+ ops: /, ''))
const first = 'a firing (first notification)'
const over = 'a resolved (all alerts resolved)'

describe('when samples stop', () => {
  test.each<[policy: RuleInput['on_no_data'], from: From, states: string, messages: string[]]>([
    ['no_data', 'ok', 'ok → no_data', []],
    ['no_data', 'pending', 'pending → no_data', []],
    ['no_data', 'firing', 'firing → no_data', [first]],
    ['no_data', 'recovering', 'recovering → no_data', [first]],
    ['alert', 'ok', 'firing', [first]],
    ['alert', 'pending', 'pending → firing', [first]],
    ['alert', 'firing', 'firing', [first]],
    ['alert', 'recovering', 'firing', [first]],
    ['ok', 'ok', 'ok', []],
    ['ok', 'pending', 'ok', []],
    ['ok', 'firing', 'ok', [first, over]],
    ['ok', 'recovering', 'recovering', [first]],
    ['keep', 'ok', 'ok', []],
    ['keep', 'pending', 'pending', []],
    ['keep', 'firing', 'firing', [first]],
    ['keep', 'recovering', 'recovering', [first]],
  ])('%s makes of one that is %s: %s', async (policy, from, states, messages) => {
    const scenario = await started({ ...froms[from].rule, on_no_data: policy })
    await froms[from].to(scenario)
    expect(await course(scenario, () => {}, 3 * minute)).toBe(states)
    expect(told(scenario)).toEqual(messages)
    const left = scenario.alerts().list({ limit: 10 }).alerts
    expect(left.map(({ labels }) => labels)).toEqual(states.endsWith('ok') ? [] : [{ alertname: 'Hot', host: 'a', severity: 'high' }])
  })

  test('it is no_data after three evaluations without any, not before, and says why', async () => {
    const scenario = await started({})
    await scenario.hold(95, 30 * second)
    // The last sample came at 20 s and counts until 30 s; the first evaluation without it is the one at 40 s.
    await scenario.clock.advance(20 * second)
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]).toMatchObject({ state: 'firing', annotations: { state_reason: 'NoData' } })
    await scenario.clock.advance(10 * second)
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]).toMatchObject({
      state: 'no_data',
      annotations: { state_reason: 'NoData' },
      value: 95,
    })
    scenario.push(95)
    await scenario.clock.advance(1)
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]).toMatchObject({ state: 'firing' })
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.annotations).not.toHaveProperty('state_reason')
    expect(told(scenario)).toEqual([first])
  })

  test('of one label set alone, the others go on', async () => {
    const scenario = await started({ no_data_after: 1 })
    scenario.push(95, { host: 'b' })
    await scenario.hold(95, minute)
    expect(scenario.states().toSorted()).toEqual(['a firing', 'b no_data'])
  })

  test('an alert that fired goes on for as long as nobody looked, and ends when its value is good', async () => {
    const scenario = await started({})
    await scenario.hold(95, 30 * second)
    await scenario.clock.advance(3 * 60 * minute)
    expect(told(scenario)).toEqual([first])
    await scenario.hold(50, 30 * second)
    expect(told(scenario)).toEqual([first, over])
  })
})

describe('when the rule cannot be evaluated', () => {
  const hide = { labels: { host: 'a' } }
  /** Two series that nothing tells apart. */
  const fail = (scenario: Scenario, value: number) => () => {
    scenario.push(value, { host: 'x' })
    scenario.push(value, { host: 'y' })
  }
  const before = { ok: 50, pending: 95, firing: 95, recovering: 50 }

  test.each<[policy: RuleInput['on_error'], from: From, states: string, messages: string[]]>([
    ['keep', 'ok', 'ok', []],
    ['keep', 'pending', 'pending', []],
    ['keep', 'firing', 'firing', [first]],
    ['keep', 'recovering', 'recovering', [first]],
    ['error', 'ok', 'ok → error', []],
    ['error', 'pending', 'pending → error', []],
    ['error', 'firing', 'firing → error', [first]],
    ['error', 'recovering', 'recovering → error', [first]],
    ['alert', 'ok', 'firing', [first]],
    ['alert', 'pending', 'pending → firing', [first]],
    ['alert', 'firing', 'firing', [first]],
    ['alert', 'recovering', 'firing', [first]],
    ['ok', 'ok', 'ok', []],
    ['ok', 'pending', 'ok', []],
    ['ok', 'firing', 'ok', [first, over]],
    ['ok', 'recovering', 'recovering', [first]],
  ])('%s makes of one that is %s: %s', async (policy, from, states, messages) => {
    const scenario = await started({ ...froms[from].rule, ...hide, window: '1m', on_error: policy })
    await froms[from].to(scenario)
    expect(await course(scenario, fail(scenario, before[from]), 3 * minute)).toBe(states)
    expect(told(scenario)).toEqual(messages)
    const left = scenario
      .alerts()
      .list({ limit: 10 })
      .alerts.filter(({ rule }) => rule === 'Hot')
    expect(left.map(({ labels }) => labels)).toEqual(states.endsWith('ok') ? [] : [{ alertname: 'Hot', host: 'a', severity: 'high' }])
  })

  test('it is error after three evaluations that failed, not before, says why, and is what it was when it can be evaluated', async () => {
    const scenario = await started({ ...hide, window: '1m', on_error: 'error' })
    await scenario.hold(95, 30 * second)
    const look = () =>
      scenario
        .alerts()
        .list({ limit: 10 })
        .alerts.find(({ rule }) => rule === 'Hot')
    // The first failure comes with the samples, the second with the clock.
    await course(scenario, fail(scenario, 95), 10 * second)
    expect([look()?.state, look()?.annotations.state_reason]).toEqual(['firing', undefined])
    await course(scenario, fail(scenario, 95), 10 * second)
    expect(look()).toMatchObject({
      state: 'error',
      annotations: { state_reason: 'Error', summary: expect.stringContaining('cannot be evaluated: two series have the same labels') },
    })
    await scenario.hold(95, 3 * minute)
    expect(look()?.state).toBe('firing')
    expect(look()?.annotations).not.toHaveProperty('state_reason')
    expect(told(scenario)).toEqual([first])
  })

  test('alert fires with the texts of the rule, and says that it could not be evaluated', async () => {
    const scenario = await started({ ...hide, window: '1m', on_error: 'alert', annotations: { runbook: 'see {{labels.host}}' } })
    await scenario.hold(50, 30 * second)
    await course(scenario, fail(scenario, 50), 30 * second)
    expect(scenario.notifications()[0]?.alerts[0]).toMatchObject({
      labels: { alertname: 'Hot', host: 'a', severity: 'high' },
      annotations: { runbook: 'see a', state_reason: 'Error', summary: expect.stringContaining('cannot be evaluated') },
    })
  })
})

describe('why an alert ended', () => {
  test.each<[why: string, rules: readonly RuleInput[]]>([
    ['RuleDeleted', []],
    ['Updated', [{ ...hot, source: { measurement: 'load', field: 'value', where: { host: 'b' } } }]],
  ])('is said: %s', async (why, rules) => {
    const scenario = await started({})
    await scenario.hold(95, 30 * second)
    await scenario.restart(0, { rules })
    await scenario.clock.advance(minute)
    expect(scenario.notifications().at(-1)).toMatchObject({ status: 'resolved', alerts: [{ annotations: { state_reason: why } }] })
  })
})

describe('after the collector itself was away', () => {
  const silent: Partial<RuleInput> = { kind: 'absent', condition: undefined, window: '1m' }
  // The store has what was there before, and nothing of the time in which nobody could write to it.
  const emptyStore = { query: async () => [], tags: async () => ['host'], fields: async () => [] }

  test.each<[what: string, rule: Partial<RuleInput>]>([
    ['a rule about absence', silent],
    ['a rule that takes silence for an alert', { window: '1m', on_no_data: 'alert' }],
  ])('%s calls nothing gone that had no chance to be heard', async (_, rule) => {
    const { condition, ...rest } = { ...hot, ...rule }
    const scenario = await startScenario({
      records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db),
      route,
      store: emptyStore,
      rules: [condition === undefined ? rest : { ...rest, condition }],
    })
    await scenario.hold(50, 2 * minute)
    const before = told(scenario).length
    const since = () => told(scenario).slice(before)
    await scenario.restart(10 * minute)
    await scenario.hold(50, 2 * minute)
    expect(since()).toEqual([])
    // Who was away for a short time only need not be waited for any longer than that.
    await scenario.restart(20 * second)
    await scenario.clock.advance(30 * second)
    expect(since()).toEqual([])
    await scenario.clock.advance(40 * second)
    expect(since()).toEqual([expect.stringContaining('firing (first notification)')])
  })
})
