import { describe, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { ruleSchema } from '../rules/definition/rule-schema.ts'
import { hot, minute, type Scenario, type ScenarioOptions, second, startScenario } from '../scenario.ts'

/**
 * Prometheus's state machine of alerts (rules/alerting.go, rules/group.go), row by row, by what
 * receivers get. The rows are numbered as its evaluation goes.
 */
const route = { receiver: 'ops', group_wait: '0s', group_interval: '1m', repeat_interval: '4h' }
const started = (options: Partial<ScenarioOptions> = {}) =>
  startScenario({ records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db), route, ...options })
const only = (scenario: Scenario) => scenario.alerts().list({ limit: 10 }).alerts[0]

describe('row 1, two results with the same labels', () => {
  test('fail the evaluation: what fires goes on, nothing is called over, and one alert says so', async () => {
    const scenario = await started({ rules: [{ ...hot, labels: { host: 'all' } }] })
    await scenario.hold(95, 30 * second, { host: 'a' })
    for (let passed = 0; passed < 10 * minute; passed += 10 * second) {
      scenario.push(50, { host: 'b' })
      await scenario.hold(50, 10 * second, { host: 'a' })
    }
    expect(scenario.sent()).toEqual([
      '+0s ops: all firing (first notification)',
      '+30s ops: RuleEvaluationFailing firing (first notification)',
    ])
    expect(only(scenario)).toMatchObject({ labels: { alertname: 'RuleEvaluationFailing', source: 'rule' } })
  })
})

describe('row 1, a series that has the labels of one that is gone', () => {
  const pods = { ...hot, labels: { pod: 'any' }, window: '1m', no_data_after: 1 }

  test('speaks for it from then on, and the alert goes on', async () => {
    const scenario = await started({ rules: [pods] })
    await scenario.hold(95, 2 * minute, { pod: 'one' })
    await scenario.clock.advance(2 * minute)
    expect(only(scenario)?.state).toBe('no_data')
    await scenario.hold(95, 2 * minute, { pod: 'two' })
    await scenario.clock.advance(20 * second)
    expect(only(scenario)?.state).toBe('firing')
    await scenario.hold(50, 2 * minute, { pod: 'two' })
    expect(scenario.sent()).toEqual([
      '+0s ops: Hot firing (first notification)',
      expect.stringMatching(/ops: Hot resolved \(all alerts resolved\)/),
    ])
  })

  test('fails the evaluation when there are two of them', async () => {
    const scenario = await started({ rules: [pods] })
    await scenario.hold(50, 2 * minute, { pod: 'one' })
    await scenario.clock.advance(2 * minute)
    scenario.push(50, { pod: 'two' })
    scenario.push(95, { pod: 'three' })
    await scenario.clock.advance(10 * second)
    expect(scenario.alerts().rules()).toMatchObject([{ health: 'error', lastError: expect.stringContaining('same labels') }])
  })
})

describe('row 2, a label set', () => {
  test('that is new begins at its first evaluation, and one that is known only gets its value and its texts anew', async () => {
    const scenario = await started({ rules: [{ ...hot, for: '1m', annotations: { summary: 'at {{value}}' } }] })
    await scenario.clock.advance(5 * minute)
    await scenario.hold(95, 70 * second)
    const first = only(scenario)
    await scenario.hold(97, 10 * minute)
    expect([first, only(scenario)]).toMatchObject([
      { value: 95, annotations: { summary: 'at 95' } },
      { value: 97, annotations: { summary: 'at 97' } },
    ])
    expect(only(scenario)?.startsAt).toBe(first?.startsAt)
    expect(scenario.sent()).toEqual(['+360s ops: a firing (first notification)'])
  })

  test('that was over and comes back is a new episode, with its own beginning', async () => {
    const scenario = await started()
    await scenario.hold(95, 110 * second)
    await scenario.hold(50, 2 * minute)
    await scenario.hold(95, 2 * minute)
    expect(only(scenario)?.startsAt).toBe('2026-01-01T00:03:50.000Z')
    expect(scenario.sent()).toEqual([
      '+0s ops: a firing (first notification)',
      '+120s ops: a resolved (all alerts resolved)',
      '+230s ops: a firing (first notification)',
    ])
  })
})

describe('row 3, for', () => {
  test('of 0 fires at the first evaluation that holds', async () => {
    const scenario = await started({ rules: [{ ...hot, for: '0s' }] })
    scenario.push(95)
    await scenario.clock.advance(1)
    expect([scenario.states(), scenario.sent().length]).toEqual([['a firing'], 1])
  })

  test('fires when exactly that long has passed, not a second sooner', async () => {
    const scenario = await started({ rules: [{ ...hot, for: '30s' }] })
    await scenario.hold(95, 30 * second)
    await scenario.clock.advance(1)
    expect(scenario.sent()).toEqual(['+30s ops: a firing (first notification)'])
    const slow = await started({ rules: [{ ...hot, for: '31s' }] })
    await slow.hold(95, 30 * second)
    expect([slow.states(), slow.sent()]).toEqual([['a pending'], []])
  })
})

describe('rows 4 and 5, keep_firing_for', () => {
  test('goes on while the gap is shorter, is reset by each evaluation that holds, and ends when the gap is exactly as long', async () => {
    const scenario = await started({ rules: [{ ...hot, keep_firing_for: '2m' }] })
    await scenario.hold(95, minute)
    await scenario.hold(50, 110 * second)
    await scenario.hold(95, 10 * second)
    await scenario.hold(50, 110 * second)
    expect(scenario.states()).toEqual(['a recovering'])
    expect(scenario.sent()).toHaveLength(1)
    await scenario.hold(50, 5 * minute)
    // It fell at 180 s, so it is over at 300 s, which the group's next tick tells.
    expect(scenario.sent().slice(1)).toEqual(['+360s ops: a resolved (all alerts resolved)'])
  })
})

describe('row 6, a label set that does not hold any more', () => {
  test('is dropped at once while it is pending, and nobody hears of it', async () => {
    const scenario = await started({ rules: [{ ...hot, for: '5m' }] })
    await scenario.hold(95, 4 * minute)
    await scenario.hold(50, 10 * second)
    expect([scenario.states(), scenario.alerts().list({ past: true, limit: 10 }).total]).toEqual([[], 0])
    await scenario.hold(95, 4 * minute)
    expect(scenario.sent()).toEqual([])
  })

  test('is told to be over again and again until the receiver takes it, for 15 minutes and beyond', async () => {
    const aside = { ...route, routes: [{ matchers: ['alertname="ReceiverFailing"'], group_wait: '1d' }] }
    const scenario = await started({ route: aside })
    await scenario.hold(95, minute)
    scenario.answerWith(async () => ({ ok: false, retryable: true, message: 'answered 503' }))
    await scenario.hold(50, 20 * minute)
    scenario.answerWith(async () => ({ ok: true }))
    const before = scenario.sent().length
    await scenario.hold(50, 5 * minute)
    expect(scenario.sent().slice(before)).toEqual([expect.stringMatching(/ops: a resolved \(all alerts resolved\)/)])
  })
})

describe('row 7, a longer for', () => {
  test('makes a firing alert pending again: it is told to be over, and fires anew when it has held that long', async () => {
    const scenario = await started()
    await scenario.hold(95, 2 * minute)
    await scenario.restart(0, { rules: [{ ...hot, for: '5m' }] })
    await scenario.hold(95, 30 * second)
    expect(scenario.states()).toEqual(['a pending'])
    await scenario.hold(95, 5 * minute)
    expect(scenario.sent().map((line) => line.replace(/^\+\d+s /, ''))).toEqual([
      'ops: a firing (first notification)',
      'ops: a resolved (all alerts resolved)',
      'ops: a firing (first notification)',
    ])
    expect(scenario.states()).toEqual(['a firing'])
  })
})

describe('row 8, more alerts than the limit', () => {
  test('fail the rule, which keeps its state: nothing is called over, and one alert says so', async () => {
    const scenario = await started({ rules: [{ ...hot, limit: 2 }] })
    for (let passed = 0; passed < 5 * minute; passed += 10 * second) {
      for (const host of ['b', 'c']) if (passed >= minute) scenario.push(95, { host })
      await scenario.hold(95, 10 * second)
    }
    expect(scenario.sent()).toEqual([
      '+0s ops: a firing (first notification)',
      '+60s ops: RuleEvaluationFailing firing (first notification)',
    ])
    expect(scenario.alerts().rules()).toMatchObject([{ health: 'error', lastError: expect.stringContaining('limit of 2') }])
  })

  test('that are exactly as many are no failure, and one that ends makes room for another', async () => {
    const scenario = await started({ rules: [{ ...hot, limit: 2 }] })
    const hold = async (values: Record<string, number>) => {
      for (let passed = 0; passed < 2 * minute; passed += 10 * second) {
        for (const [host, value] of Object.entries(values)) scenario.push(value, { host })
        await scenario.clock.advance(10 * second)
      }
    }
    await hold({ a: 95, b: 95 })
    await hold({ a: 50, b: 95 })
    await hold({ a: 50, b: 95, c: 95 })
    expect(scenario.states().toSorted()).toEqual(['b firing', 'c firing'])
    expect(scenario.sent().join()).not.toContain('RuleEvaluationFailing')
  })
})

test('row 8, a limit that is lowered below what fires, lets it go on and end, and refuses more', async () => {
  const scenario = await started()
  const hold = async (values: Record<string, number>) => {
    for (let passed = 0; passed < 2 * minute; passed += 10 * second) {
      for (const [host, value] of Object.entries(values)) scenario.push(value, { host })
      await scenario.clock.advance(10 * second)
    }
  }
  await hold({ a: 95, b: 95, c: 95 })
  await scenario.restart(0, { rules: [{ ...hot, limit: 1 }] })
  await hold({ a: 96, b: 96, c: 50 })
  expect(scenario.states().toSorted()).toEqual(['a firing', 'b firing'])
  await hold({ a: 96, b: 96, c: 95 })
  expect(scenario.states().toSorted()).toEqual(['RuleEvaluationFailing firing', 'a firing', 'b firing'])
})

describe('row 9, a template that fails', () => {
  test('is refused with the rule, and one that names what the alert does not have keeps nothing from being told', async () => {
    expect(ruleSchema.safeParse({ ...hot, annotations: { summary: 'x {{#labels}}' } }).error?.message).toContain('is no template')
    const scenario = await started({ rules: [{ ...hot, annotations: { summary: 'in {{labels.zone.name}}: {{value}}' } }] })
    await scenario.hold(95, 10 * second)
    expect(scenario.notifications()[0]?.alerts[0]?.annotations.summary).toBe('in : 95')
  })
})

describe('row 10, an evaluation that fails', () => {
  const askStore = {
    ...hot,
    kind: 'compare',
    aggregate: 'mean',
    offset: '1h',
    as: 'ratio',
    condition: { above: 1.5 },
    every: '10s',
  } as const

  test('leaves the state as it is and sends nothing, however long it fails; fifty rules on one source make one alert', async () => {
    let isDown = false
    const values = {
      name: 'load',
      labels: { host: 'a' },
      fields: [
        { name: 'time', type: 'time' as const, values: [0] },
        { name: 'value', type: 'number' as const, values: [10] },
      ],
    }
    const store = {
      fields: async () => [],
      tags: async () => ['host'],
      query: async () => {
        if (isDown) throw new Error('connection refused')
        return [values]
      },
    }
    const rules = [
      { ...hot, on_no_data: 'keep' as const },
      ...Array.from({ length: 50 }, (_, index) => ({ ...askStore, name: `Higher${index}` })),
    ]
    const scenario = await started({ store, rules, route: { ...route, group_by: ['alertname'] } })
    await scenario.hold(95, 2 * minute)
    const before = scenario.sent()
    expect(before).toHaveLength(51)
    isDown = true
    await scenario.hold(95, 15 * minute)
    const during = scenario.sent().slice(before.length)
    expect(during.map((line) => line.replace(/^\+\d+s /, ''))).toEqual(['ops: RuleEvaluationFailing firing (first notification)'])
    expect(scenario.states().filter((state) => state === 'a firing')).toHaveLength(51)
    expect(scenario.notifications().at(-1)?.alerts).toMatchObject([
      {
        labels: { source: 'store' },
        annotations: {
          summary: expect.stringMatching(/^50 of the alert rules cannot be evaluated: /),
          description: expect.stringContaining('connection refused'),
        },
      },
    ])
    isDown = false
    await scenario.hold(95, 20 * minute)
    expect(
      scenario
        .sent()
        .slice(before.length + 1)
        .map((line) => line.replace(/^\+\d+s /, '')),
    ).toEqual(['ops: RuleEvaluationFailing resolved (all alerts resolved)'])
  })
})
