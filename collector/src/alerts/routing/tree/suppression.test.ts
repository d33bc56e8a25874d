import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../../lib/log.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { minute, type Scenario, type ScenarioOptions, second, startScenario } from '../../scenario.ts'

const hour = 60 * minute
const freshRecords = () => {
  return createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
}
let records = freshRecords()
beforeEach(() => {
  records = freshRecords()
})

const quick = { receiver: 'ops', group_by: ['alertname'], group_wait: '0s', group_interval: '1m', repeat_interval: '1h' }
const started = async (options: Partial<ScenarioOptions> = {}) => {
  return startScenario({ records, route: quick, ...options })
}
const silence = (scenario: Scenario, value: string, forMs: number) =>
  scenario.alerts().silences.set({
    matchers: [{ name: 'host', value, isRegex: false, isEqual: true }],
    endsAtMs: scenario.clock.now() + forMs,
    createdBy: 'jane',
    comment: 'changing the disk',
  })
const listed = (scenario: Scenario) =>
  scenario
    .alerts()
    .list({ limit: 10 })
    .alerts.map(({ labels, status, silencedBy, inhibitedBy, mutedBy }) => ({ host: labels.host, status, silencedBy, inhibitedBy, mutedBy }))

/** Several hosts at once, one sample each ten seconds. */
async function hold(scenario: Scenario, values: Record<string, number>, forMs: number) {
  for (let passed = 0; passed < forMs; passed += 10 * second) {
    for (const [host, value] of Object.entries(values)) scenario.push(value, { host })
    await scenario.clock.advance(10 * second)
  }
}

test('a silenced alert fires, shows as suppressed, and is told when the silence is over', async () => {
  const scenario = await started()
  const { id } = silence(scenario, 'a', 10 * minute)
  await hold(scenario, { a: 95 }, 5 * minute)
  expect([scenario.sent(), scenario.states()]).toEqual([[], ['a firing']])
  expect(listed(scenario)).toEqual([{ host: 'a', status: 'suppressed', silencedBy: [id], inhibitedBy: [], mutedBy: [] }])
  await hold(scenario, { a: 95 }, 6 * minute)
  expect(scenario.sent()).toEqual(['+600s ops: a firing (first notification)'])
  expect(listed(scenario)).toMatchObject([{ status: 'active', silencedBy: [] }])
})

test('others in the group of a silenced alert are told without it', async () => {
  const scenario = await started()
  silence(scenario, 'a', hour)
  await hold(scenario, { a: 95, b: 95 }, 10 * second)
  expect(scenario.sent()).toEqual(['+0s ops: b firing (first notification)'])
})

test('an alert that was told, was silenced and ended is told to be over when the silence is', async () => {
  const scenario = await started()
  await hold(scenario, { a: 95, b: 95 }, minute)
  silence(scenario, 'a', 30 * minute)
  await hold(scenario, { a: 50, b: 50 }, 5 * minute)
  expect(scenario.sent()).toEqual(['+0s ops: a firing, b firing (first notification)', '+120s ops: b resolved (all alerts resolved)'])
  await hold(scenario, { a: 50, b: 50 }, 30 * minute)
  expect(scenario.sent().slice(2)).toEqual([expect.stringMatching(/^\+18\d\ds ops: a resolved \(all alerts resolved\)$/)])
})

test('a silence outlives the process', async () => {
  const scenario = await started()
  silence(scenario, 'a', hour)
  await scenario.restart()
  await hold(scenario, { a: 95 }, 5 * minute)
  expect(scenario.sent()).toEqual([])
})

test('the preview counts what a replay of the same days with the silence does not send', async () => {
  const night = async (scenario: Scenario) => {
    for (let round = 0; round < 3; round++) {
      await hold(scenario, { a: 95 }, 3 * minute)
      await hold(scenario, { a: 50 }, 3 * minute)
    }
    await hold(scenario, { a: 95, b: 95 }, 3 * minute)
    return scenario
  }
  const told = await night(await started())
  const matchers = [{ name: 'host', value: 'a', isRegex: false, isEqual: true }]
  const preview = told.alerts().silences.preview(matchers, 7)
  records = freshRecords()
  const again = await started()
  silence(again, 'a', 24 * hour)
  await night(again)
  expect(preview).toMatchObject({ notificationsTotal: told.sent().length, alerts: [{ labels: { host: 'a' } }] })
  expect(told.sent().length - again.sent().length).toBe(preview.notificationsSuppressed)
  expect(preview.notificationsSuppressed).toBeGreaterThan(4)
})

const inhibit = (equal: string[] = []) => [{ source_matchers: ['host="db"'], target_matchers: ['host=~"api.*"'], equal }]

test('while its source fires a target is not told; when the source is over, it is', async () => {
  const scenario = await started({ inhibitRules: inhibit() })
  await hold(scenario, { db: 95, 'api-1': 95 }, 2 * minute)
  expect(scenario.sent()).toEqual(['+0s ops: db firing (first notification)'])
  expect(listed(scenario).find(({ host }) => host === 'api-1')).toMatchObject({ status: 'suppressed', inhibitedBy: [expect.any(String)] })
  await hold(scenario, { db: 50, 'api-1': 95 }, 3 * minute)
  expect(scenario.sent().slice(1)).toEqual([expect.stringMatching(/api-1 firing, db resolved \(new alerts added\)/)])
})

test('thirty children that go down with their parent, in any order, make one message', async () => {
  const scenario = await started({ inhibitRules: inhibit(), route: { ...quick, group_by: ['...'], group_wait: '30s' } })
  const children = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`api-${index}`, 95]))
  await hold(scenario, children, 10 * second)
  await hold(scenario, { ...children, db: 95 }, 5 * minute)
  expect(scenario.sent()).toEqual(['+40s ops: db firing (first notification)'])
})

test('labels that are missing on both sides are equal, and one that differs lets the target through', async () => {
  const missing = await started({ inhibitRules: inhibit(['cluster']) })
  await hold(missing, { db: 95, 'api-1': 95 }, 10 * second)
  expect(missing.sent()).toEqual(['+0s ops: db firing (first notification)'])
  records = freshRecords()
  const differs = await started({ inhibitRules: inhibit(['host']) })
  await hold(differs, { db: 95, 'api-1': 95 }, 10 * second)
  expect(differs.sent()).toEqual(['+0s ops: db firing, api-1 firing (first notification)'])
})

test('two alerts on both sides of a rule do not hide each other', async () => {
  const scenario = await started({ inhibitRules: [{ source_matchers: ['host=~".+"'], target_matchers: ['host=~".+"'] }] })
  await hold(scenario, { a: 95, b: 95 }, 10 * second)
  expect(scenario.sent()).toEqual(['+0s ops: a firing, b firing (first notification)'])
})

const nights = [{ name: 'nights', time_intervals: [{ times: [{ start_time: '00:00', end_time: '06:00' }] }] }]
const child = (extra: object) => ({ ...quick, routes: [{ matchers: ['alertname="Hot"'], ...extra }] })

test('a route that is mute tells nothing until the interval is over', async () => {
  const scenario = await started({ timeIntervals: nights, route: child({ mute_time_intervals: ['nights'] }) })
  await hold(scenario, { a: 95 }, 5 * hour)
  expect([scenario.sent(), listed(scenario)]).toMatchObject([[], [{ status: 'suppressed', mutedBy: ['nights'] }]])
  await hold(scenario, { a: 95 }, hour + minute)
  expect(scenario.sent()).toEqual([`+${6 * 3600}s ops: a firing (first notification)`])
})

test('a route that is active only at night tells nothing by day', async () => {
  const scenario = await started({ timeIntervals: nights, route: child({ active_time_intervals: ['nights'] }) })
  await scenario.clock.advance(7 * hour)
  await hold(scenario, { a: 95 }, hour)
  expect([scenario.sent(), listed(scenario)]).toMatchObject([[], [{ status: 'suppressed', mutedBy: ['nights'] }]])
})

test('an alert that one of its two routes may tell is not called muted', async () => {
  const route = {
    ...quick,
    routes: [{ matchers: ['host="a"'], continue: true, mute_time_intervals: ['nights'] }, { matchers: ['host="a"'] }],
  }
  const scenario = await started({ timeIntervals: nights, route })
  await hold(scenario, { a: 95 }, minute)
  expect([scenario.sent().length, listed(scenario)]).toMatchObject([1, [{ status: 'active', mutedBy: [] }]])
})
