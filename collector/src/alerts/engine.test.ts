import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { openState } from '../state/state.ts'
import { createScenario, hot, minute, type ScenarioOptions, second, startScenario } from './scenario.ts'

let records: ScenarioOptions['records']

beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const started = async (options: Partial<ScenarioOptions> = {}) => {
  return startScenario({ records, ...options })
}

describe('an alert', () => {
  test('fires at the sample that breaks the limit, is told once, and its end is told once', async () => {
    const scenario = await started()
    await scenario.hold(50, 1 * minute)
    expect(scenario.states()).toEqual([])
    await scenario.hold(95, 3 * minute)
    expect(scenario.states()).toEqual(['a firing'])
    await scenario.hold(50, 10 * minute)
    expect(scenario.states()).toEqual([])
    expect(scenario.sent()).toEqual(['+90s ops: a firing (first notification)', '+390s ops: a resolved (all alerts resolved)'])
  })

  test('says what, where, since when and how bad', async () => {
    const scenario = await started()
    await scenario.hold(95.123456, 20 * second)
    expect(scenario.alerts().list({ limit: 1 })).toMatchObject({
      total: 1,
      alerts: [
        {
          id: expect.stringMatching(/^[0-9a-f]{16}$/),
          rule: 'Hot',
          severity: 'high',
          state: 'firing',
          labels: { alertname: 'Hot', host: 'a', severity: 'high' },
          annotations: { summary: 'load.value is 95.12, limit: above 90 (host=a)' },
          value: 95.123456,
          startsAt: '2026-01-01T00:00:00.000Z',
          endsAt: null,
        },
      ],
    })
  })

  test('does not fire before the condition held for as long as the rule says', async () => {
    const scenario = await started({ rules: [{ ...hot, for: '2m' }] })
    await scenario.hold(95, 110 * second)
    expect(scenario.states()).toEqual(['a pending'])
    await scenario.hold(50, 10 * second)
    expect(scenario.states()).toEqual([])
    await scenario.hold(95, 130 * second)
    expect(scenario.states()).toEqual(['a firing'])
    await scenario.clock.advance(30 * second)
    expect(scenario.sent()).toEqual(['+270s ops: a firing (first notification)'])
  })

  test('carries the change that came before it, and keeps it', async () => {
    const scenario = await started({ causeOf: (_atMs, { host }) => ({ summary: `deployment on ${host}` }) })
    await scenario.hold(95, 1 * minute)
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.cause?.summary).toBe('deployment on a')
    expect(scenario.notifications()[0]?.alerts[0]?.cause?.summary).toBe('deployment on a')
  })

  test('is told to the stream and written to history at every change of state', async () => {
    const scenario = await started({ rules: [{ ...hot, for: '20s' }] })
    await scenario.hold(95, 30 * second, { host: 'a', environment: 'production' })
    await scenario.hold(50, 10 * second, { host: 'a', environment: 'production' })
    expect(scenario.events.map((event) => event.type === 'alert' && event.alert.state)).toEqual(['pending', 'firing', 'resolved'])
    expect(scenario.points.map(({ tags }) => tags)).toEqual(
      ['pending', 'firing', 'resolved'].map((state) => ({
        category: 'alerts',
        rule: 'Hot',
        severity: 'high',
        environment: 'production',
        state,
      })),
    )
  })

  test('of many that change in the same millisecond, none overwrites another in history', async () => {
    const scenario = await started()
    for (const host of ['a', 'b', 'c']) scenario.push(95, { host })
    await scenario.clock.advance(1 * second)
    expect(new Set(scenario.points.map(({ timeNs }) => timeNs)).size).toBe(3)
  })

  test('that ended is found among the past ones', async () => {
    const scenario = await started()
    await scenario.hold(95, 1 * minute)
    await scenario.hold(50, 1 * minute)
    expect(scenario.alerts().list({ limit: 10 }).total).toBe(0)
    const { alerts } = scenario.alerts().list({ past: true, limit: 10 })
    expect(alerts).toMatchObject([{ state: 'resolved', startsAt: '2026-01-01T00:00:00.000Z', endsAt: '2026-01-01T00:01:00.000Z' }])
    expect(scenario.alerts().list({ past: true, text: 'HOT', severities: ['high'], labels: { host: 'a' }, limit: 10 }).total).toBe(1)
    expect(scenario.alerts().list({ past: true, text: 'cold', limit: 10 }).total).toBe(0)
    expect(
      scenario.alerts().list({ past: true, range: { from: scenario.clock.now() - 1000, to: scenario.clock.now() }, limit: 10 }).total,
    ).toBe(0)
  })
})

describe('a restart', () => {
  test('keeps a firing alert, without telling it again', async () => {
    const scenario = await started()
    await scenario.hold(95, 1 * minute)
    await scenario.restart(20 * second)
    await scenario.hold(95, 10 * minute)
    expect(scenario.sent()).toHaveLength(1)
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.startsAt).toBe('2026-01-01T00:00:00.000Z')
  })

  test('goes on counting `for`', async () => {
    const scenario = await started({ rules: [{ ...hot, for: '2m' }] })
    await scenario.hold(95, 1 * minute)
    await scenario.restart(10 * second)
    await scenario.hold(95, 40 * second)
    expect(scenario.states()).toEqual(['a pending'])
    await scenario.hold(95, 20 * second)
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('after more than an hour counts `for` from the beginning', async () => {
    const scenario = await started({ rules: [{ ...hot, for: '2m' }] })
    await scenario.hold(95, 1 * minute)
    await scenario.restart(61 * minute)
    await scenario.hold(95, 20 * second)
    expect(scenario.states()).toEqual(['a pending'])
    expect(scenario.sent()).toEqual([])
  })

  test('calls nothing over before it has watched for a window, and then still has the labels', async () => {
    const scenario = await started({ rules: [{ ...hot, aggregate: 'count', condition: { above: 3 } }] })
    await scenario.hold(95, 1 * minute)
    expect(scenario.states()).toEqual(['a firing'])
    await scenario.restart(5 * minute)
    await scenario.hold(95, 20 * second)
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('fills the windows from the store', async () => {
    const times = [10, 20, 30, 40, 50].map((ago) => Date.UTC(2026, 0, 1) - ago * second).reverse()
    const frame = {
      name: 'load',
      labels: { host: 'a', rack: '' },
      fields: [
        { name: 'time', type: 'time' as const, values: times },
        { name: 'value', type: 'number' as const, values: [95, 96, 97, 98, 99] },
      ],
    }
    const rules = [{ ...hot, aggregate: 'count', condition: { above: 3 } }]
    const scenario = await started({
      rules,
      store: { fields: async () => [], tags: async () => ['host', 'rack'], query: async () => [frame] },
    })
    expect(scenario.states()).toEqual(['a firing'])
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.labels).toEqual({ alertname: 'Hot', host: 'a', severity: 'high' })
  })

  test('begins without stored samples when the store does not answer', async () => {
    const store = {
      fields: async () => [],
      tags: () => Promise.reject(new Error('store down')),
      query: () => Promise.reject(new Error('store down')),
    }
    const scenario = await started({ store })
    await scenario.hold(95, 10 * second)
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('tells the end of an alert that ended in the last moment', async () => {
    const scenario = await started()
    await scenario.hold(95, 1 * minute)
    await scenario.hold(50, 10 * second)
    await scenario.crash()
    await scenario.clock.advance(10 * minute)
    expect(scenario.sent()).toEqual(['+30s ops: a firing (first notification)', '+70s ops: a resolved (all alerts resolved)'])
  })

  test('without a rule ends its alerts and says why', async () => {
    const scenario = await started()
    await scenario.hold(95, 1 * minute)
    await scenario.restart(10 * second, { rules: [] })
    await scenario.clock.advance(1 * minute)
    expect(scenario.sent().at(-1)).toMatch(/a resolved \(all alerts resolved\)/)
    expect(scenario.notifications().at(-1)?.alerts[0]?.annotations.state_reason).toBe('RuleDeleted')
  })

  test('with other groups ends the alerts that the rule cannot have any more, and says why', async () => {
    const scenario = await started()
    await scenario.hold(95, 1 * minute, { host: 'a', rack: '1' })
    await scenario.restart(0, { rules: [{ ...hot, source: { measurement: 'load', field: 'value', group_by: ['rack'] } }] })
    await scenario.hold(95, 1 * minute, { host: 'a', rack: '1' })
    expect(
      scenario
        .alerts()
        .list({ limit: 10 })
        .alerts.map(({ labels }) => [labels.host, labels.rack]),
    ).toEqual([[undefined, '1']])
    const ended = scenario.notifications().flatMap(({ alerts }) => alerts.filter(({ state }) => state === 'resolved'))
    expect(ended[0]?.annotations.state_reason).toBe('Updated')
  })

  test('with a longer `for` makes a firing alert pending again', async () => {
    const scenario = await started()
    await scenario.hold(95, 1 * minute)
    await scenario.restart(0, { rules: [{ ...hot, for: '5m' }] })
    await scenario.hold(95, 20 * second)
    expect(scenario.states()).toEqual(['a pending'])
  })

  test('with another severity brings the labels of a firing alert up to date, and tells of the rise', async () => {
    const scenario = await started()
    await scenario.hold(95, 1 * minute)
    await scenario.restart(0, { rules: [{ ...hot, severity: 'critical' }] })
    await scenario.hold(95, 20 * second)
    expect(scenario.alerts().list({ limit: 10 }).alerts).toMatchObject([{ severity: 'critical', labels: { severity: 'critical' } }])
    await scenario.hold(95, 6 * minute)
    expect(scenario.notifications().at(-1)?.alerts[0]).toMatchObject({ severity: 'critical', labels: { severity: 'critical' } })
  })

  test('with another route tells the old receiver of the end', async () => {
    const scenario = await started()
    await scenario.hold(95, 1 * minute)
    await scenario.restart(0, { route: { receiver: 'pager' } })
    await scenario.hold(95, 6 * minute)
    await scenario.hold(50, 6 * minute)
    const texts = scenario.notifications().map(({ receiver, status }) => `${receiver} ${status}`)
    expect(texts.toSorted()).toEqual(['ops firing', 'ops resolved', 'pager firing', 'pager resolved'])
  })
})

describe('a rule', () => {
  test('that cannot be evaluated leaves its alerts as they are, and one alert says so', async () => {
    const scenario = await started({
      rules: [hot, { ...hot, name: 'Hidden', labels: { host: 'all' } }, { ...hot, name: 'Hidden2', labels: { host: 'all' } }],
    })
    await scenario.hold(95, 30 * second)
    scenario.push(95, { host: 'b' })
    await scenario.clock.advance(10 * second)
    expect(scenario.states().toSorted()).toEqual(['RuleEvaluationFailing firing', 'a firing', 'all firing', 'all firing', 'b firing'])
    expect(scenario.alerts().rules()).toMatchObject([
      { name: 'Hot', state: 'firing', health: 'ok' },
      { name: 'Hidden', state: 'firing', health: 'error', lastError: expect.stringContaining('same labels') },
      { name: 'Hidden2', health: 'error' },
    ])
    await scenario.hold(95, 3 * minute)
    expect(scenario.states()).not.toContain('RuleEvaluationFailing firing')
  })

  test('over its limit fails and keeps its state', async () => {
    const scenario = await started({ rules: [{ ...hot, limit: 1 }] })
    await scenario.hold(95, 20 * second)
    scenario.push(95, { host: 'b' })
    await scenario.clock.advance(1 * second)
    expect(scenario.states().toSorted()).toEqual(['RuleEvaluationFailing firing', 'a firing'])
  })

  test('that failed before a start is told of until it was evaluated, and not of one that is gone', async () => {
    const failing = { ...hot, limit: 1 }
    const scenario = await started({ rules: [failing] })
    for (const host of ['a', 'b']) scenario.push(95, { host })
    await scenario.clock.advance(1 * second)
    await scenario.restart()
    expect(scenario.states()).toContain('RuleEvaluationFailing firing')
    await scenario.restart(0, { rules: [{ ...failing, limit: 9 }] })
    await scenario.clock.advance(20 * second)
    expect(scenario.states()).not.toContain('RuleEvaluationFailing firing')
    await scenario.restart(0, { rules: [failing] })
    scenario.push(95, { host: 'c' })
    await scenario.clock.advance(20 * second)
    expect(scenario.states()).toContain('RuleEvaluationFailing firing')
    await scenario.restart(0, { rules: [] })
    expect(scenario.states()).toEqual([])
  })

  test('never evaluated is unknown', () => {
    expect(createScenario({ records }).alerts().rules()).toEqual([])
  })
})

test('state that cannot be saved does not keep an alert from being sent', async () => {
  const full = () => {
    throw new Error('disk full')
  }
  const scenario = await started({
    records: {
      ...records,
      alerts: { ...records.alerts, commit: full, seen: full },
      notifications: { ...records.notifications, commit: full },
    },
  })
  await scenario.hold(95, 1 * minute)
  expect(scenario.sent()).toEqual(['+30s ops: a firing (first notification)'])
})
