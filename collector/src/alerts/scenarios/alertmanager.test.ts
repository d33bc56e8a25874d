import { describe, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { routeSchema } from '../routing/tree/route.ts'
import { hot, minute, type Scenario, type ScenarioOptions, second, startScenario } from '../scenario.ts'

/** Alertmanager's pipeline by what receivers get: routes, timers, and its table of when to notify. */
const hour = 60 * minute
const started = (route: ScenarioOptions['route'], options: Partial<ScenarioOptions> = {}) =>
  startScenario({ records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db), route, ...options })

/** Several hosts at once, one sample each ten seconds; those that are not named stay silent. */
async function hold(scenario: Scenario, values: Record<string, number>, forMs: number): Promise<void> {
  for (let passed = 0; passed < forMs; passed += 10 * second) {
    for (const [host, value] of Object.entries(values)) scenario.push(value, { host })
    await scenario.clock.advance(10 * second)
  }
}

describe('routes', () => {
  test('are searched depth first; the first child that matches takes the alert, unless it says continue; no child, this one', async () => {
    const scenario = await started({
      receiver: 'ops',
      group_wait: '0s',
      routes: [
        { matchers: ['host=~"db.*"'], receiver: 'pager', routes: [{ matchers: ['host="db2"'], receiver: 'boss' }] },
        { matchers: ['host=~"web.*"'], receiver: 'pager', continue: true },
        { matchers: ['host=~"web.*"'], receiver: 'boss' },
        { matchers: ['host=~".*1"'], receiver: 'pager' },
      ],
    })
    await hold(scenario, { db1: 95, db2: 95, web1: 95, other: 95 }, 10 * second)
    const told = scenario.notifications().map(({ receiver, alerts }) => `${receiver}: ${alerts.map((alert) => alert.labels.host).join()}`)
    expect(told.toSorted()).toEqual(['boss: db2', 'boss: web1', 'ops: other', 'pager: db1', 'pager: web1'])
  })

  test('hand on to their children receiver, group_by, group_wait, group_interval and repeat_interval', async () => {
    const scenario = await started({
      receiver: 'pager',
      group_by: ['host'],
      group_wait: '20s',
      group_interval: '1m',
      repeat_interval: '3m',
      routes: [{ matchers: ['severity="high"'] }],
    })
    await hold(scenario, { a: 95, b: 95 }, 30 * second)
    expect(scenario.sent()).toEqual(['+20s pager: a firing (first notification)', '+20s pager: b firing (first notification)'])
    await hold(scenario, { a: 95, b: 50 }, 3 * minute)
    expect(scenario.sent().slice(2)).toEqual([
      '+80s pager: b resolved (all alerts resolved)',
      '+200s pager: a firing (repeat interval elapsed)',
    ])
  })

  test.each([
    [[], 'one group for all', 1],
    [['alertname'], 'one for a rule', 1],
    [['host'], 'one for a host', 3],
    [['...'], 'each alert by itself', 3],
    [['nowhere'], 'alerts without the label are one group', 1],
  ])('group_by %j: %s', async (group_by, _, count) => {
    const scenario = await started({ receiver: 'ops', group_wait: '0s', group_by })
    await hold(scenario, { a: 95, b: 95, c: 95 }, 10 * second)
    expect(scenario.sent()).toHaveLength(count)
  })

  test('of a root cannot be mute', () => {
    for (const key of ['mute_time_intervals', 'active_time_intervals', 'matchers', 'continue'])
      expect(routeSchema.safeParse({ receiver: 'ops', [key]: ['x'] }).error?.message).toContain(key)
  })
})

describe('timers', () => {
  const route = { receiver: 'ops', group_by: ['alertname'], group_wait: '30s', group_interval: '5m', repeat_interval: '1h' }

  test('group_wait counts from the first alert of the group, and those that come meanwhile are told with it', async () => {
    const scenario = await started(route)
    await hold(scenario, { a: 95 }, 20 * second)
    await hold(scenario, { a: 95, b: 95 }, 30 * second)
    expect(scenario.sent()).toEqual(['+30s ops: a firing, b firing (first notification)'])
  })

  test('an alert that is over before group_wait is never told', async () => {
    const scenario = await started(route)
    await hold(scenario, { a: 95 }, 20 * second)
    await hold(scenario, { a: 50 }, hour)
    expect(scenario.sent()).toEqual([])
  })

  test('an alert that is older than group_wait when its group is made is told at once', async () => {
    const scenario = await started(route)
    await hold(scenario, { a: 95 }, 10 * minute)
    await scenario.restart(0, { route: { ...route, receiver: 'pager' } })
    await hold(scenario, { a: 95 }, 10 * second)
    expect(scenario.sent().slice(1)).toEqual(['+600s pager: a firing (first notification)'])
  })

  test('one that is younger is given the rest of it', async () => {
    const scenario = await started(route)
    await hold(scenario, { a: 95 }, 10 * second)
    await scenario.restart(0, { route: { ...route, receiver: 'pager' } })
    await hold(scenario, { a: 95 }, minute)
    expect(scenario.sent()).toEqual(['+30s pager: a firing (first notification)'])
  })

  test('group_interval is a tick: what happens between two is told at the second', async () => {
    const scenario = await started(route)
    await hold(scenario, { a: 95 }, 40 * second)
    await hold(scenario, { a: 95, b: 95 }, 2 * minute)
    await hold(scenario, { a: 95, b: 95, c: 95 }, 8 * minute)
    expect(scenario.sent()).toEqual([
      '+30s ops: a firing (first notification)',
      '+330s ops: a firing, b firing, c firing (new alerts added)',
    ])
  })

  test('what began and ended between two ticks is not told at all', async () => {
    const scenario = await started(route)
    await hold(scenario, { a: 95 }, 40 * second)
    await hold(scenario, { a: 95, b: 95 }, 2 * minute)
    await hold(scenario, { a: 95, b: 50 }, 20 * minute)
    expect(scenario.sent()).toEqual(['+30s ops: a firing (first notification)'])
  })

  test('repeat_interval is looked at on ticks only, so it is rounded up to one', async () => {
    const scenario = await started({ ...route, group_wait: '0s', group_interval: '7m', repeat_interval: '15m' })
    await hold(scenario, { a: 95 }, 50 * minute)
    expect(scenario.sent().map((line) => line.split(' ')[0])).toEqual(['+0s', `+${21 * 60}s`, `+${42 * 60}s`])
  })
})

describe('the table of when to notify', () => {
  const tick = { receiver: 'ops', group_by: ['alertname'], group_wait: '0s', group_interval: '1m', repeat_interval: '10m' }
  const reasons = (scenario: Scenario) => scenario.sent().map((line) => line.replace(/^\S+ ops: /, ''))
  type Step = readonly [values: Record<string, number>, forMs: number]

  test.each<[row: string, steps: readonly Step[], told: readonly string[]]>([
    ['no entry, something fires', [[{ a: 95 }, minute]], ['a firing (first notification)']],
    ['no entry, nothing fires', [[{ a: 50 }, 5 * minute]], []],
    [
      'an entry of which nothing fires, and something does again',
      [
        [{ a: 95, b: 95 }, 30 * second],
        [{ a: 50, b: 50 }, 50 * second],
        [{ a: 50, b: 95 }, minute],
      ],
      ['a firing, b firing (first notification)', 'a resolved, b resolved (all alerts resolved)', 'b firing (first notification)'],
    ],
    [
      'something fires that is not in the entry',
      [
        [{ a: 95 }, 30 * second],
        [{ a: 95, b: 95 }, 2 * minute],
      ],
      ['a firing (first notification)', 'a firing, b firing (new alerts added)'],
    ],
    [
      'nothing fires any more',
      [
        [{ a: 95 }, 30 * second],
        [{ a: 50 }, 20 * minute],
      ],
      ['a firing (first notification)', 'a resolved (all alerts resolved)'],
    ],
    [
      'one of two is over',
      [
        [{ a: 95, b: 95 }, 30 * second],
        [{ a: 95, b: 50 }, 5 * minute],
      ],
      ['a firing, b firing (first notification)', 'a firing, b resolved (some alerts resolved)'],
    ],
    [
      'nothing changed for the repeat interval',
      [[{ a: 95 }, 11 * minute]],
      ['a firing (first notification)', 'a firing (repeat interval elapsed)'],
    ],
    ['nothing changed, and it is not that long', [[{ a: 95 }, 9 * minute]], ['a firing (first notification)']],
  ])('%s', async (_, steps, told) => {
    const scenario = await started(tick)
    for (const [values, forMs] of steps) await hold(scenario, values, forMs)
    expect(reasons(scenario)).toEqual(told)
  })

  test('without send_resolved no end is told, but the next episode is a first notification again', async () => {
    const scenario = await started({ ...tick, send_resolved: false })
    await hold(scenario, { a: 95, b: 95 }, 30 * second)
    await hold(scenario, { a: 95, b: 50 }, 2 * minute)
    await hold(scenario, { a: 50, b: 50 }, 2 * minute)
    await hold(scenario, { a: 50, b: 95 }, 2 * minute)
    expect(reasons(scenario)).toEqual(['a firing, b firing (first notification)', 'b firing (first notification)'])
  })
})

describe('what holds alerts back', () => {
  const route = { receiver: 'ops', group_by: ['...'], group_wait: '0s', group_interval: '1m' }
  const both = { source_matchers: ['host="db"'], target_matchers: ['host=~"db|api"'], equal: [] }

  test('is shown in full, whatever the order: inhibition, time and silence at once', async () => {
    const scenario = await started(
      { ...route, routes: [{ matchers: ['host="api"'], mute_time_intervals: ['always'] }] },
      {
        inhibitRules: [both],
        timeIntervals: [{ name: 'always', time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }] }],
      },
    )
    const { id } = scenario.alerts().silences.set({
      matchers: [{ name: 'host', value: 'a.*', isRegex: true, isEqual: true }],
      endsAtMs: scenario.clock.now() + hour,
      createdBy: 'jane',
      comment: 'planned',
    })
    await hold(scenario, { db: 95, api: 95 }, minute)
    const [db, api] = ['db', 'api'].map((host) => scenario.alerts().list({ limit: 9, labels: { host } }).alerts[0])
    expect(api).toMatchObject({ status: 'suppressed', inhibitedBy: [db?.id], mutedBy: ['always'], silencedBy: [id] })
    expect(scenario.sent()).toEqual(['+0s ops: db firing (first notification)'])
  })

  test('a source that is on both sides of a rule is not held back by itself', async () => {
    const scenario = await started(route, { inhibitRules: [both] })
    await hold(scenario, { db: 95 }, minute)
    expect(scenario.sent()).toEqual(['+0s ops: db firing (first notification)'])
  })

  test('a source that is on both sides is held back by one that is a source alone', async () => {
    const rules = [
      { ...hot, name: 'Cluster', source: { measurement: 'cluster', field: 'value' } },
      { ...hot, name: 'Node' },
    ]
    const scenario = await started(route, {
      rules,
      inhibitRules: [{ source_matchers: ['alertname=~"Cluster|Node"'], target_matchers: ['alertname="Node"'], equal: [] }],
    })
    scenario.pushAs('cluster', 'value', {}, 95)
    await hold(scenario, { a: 95 }, minute)
    expect(scenario.sent()).toEqual(['+0s ops: Cluster firing (first notification)'])
  })

  test('a pending source holds nothing back', async () => {
    const rules = [
      { ...hot, for: '5m', name: 'Slow' },
      { ...hot, name: 'Quick' },
    ]
    const inhibitRules = [{ source_matchers: ['alertname="Slow"'], target_matchers: ['alertname="Quick"'], equal: ['host'] }]
    const scenario = await started(route, { rules, inhibitRules })
    await hold(scenario, { a: 95 }, minute)
    expect(scenario.notifications().map(({ alerts }) => alerts[0]?.rule)).toEqual(['Quick'])
  })
})
