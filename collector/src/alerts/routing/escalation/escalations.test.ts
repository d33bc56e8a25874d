import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../../lib/log.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { createScenario, hot, minute, type Scenario, type ScenarioOptions, second, startScenario } from '../../scenario.ts'

let records: ScenarioOptions['records']
beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const chain = {
  name: 'night',
  steps: [
    { receiver: 'ops', wait: '5m' },
    { receiver: 'pager', wait: '10m' },
  ],
  repeat: 1,
  hand_off: 'boss',
}
const route = { receiver: 'ops', group_wait: '0s', group_interval: '1m', repeat_interval: '1d', escalation: 'night' }
const started = async (options: Partial<ScenarioOptions> = {}) => {
  return startScenario({ records, route, escalations: [chain], ...options })
}
const steps = (scenario: Scenario) => scenario.sent().filter((line) => line.includes('(escalation'))
const idOf = (scenario: Scenario) => scenario.alerts().list({ limit: 1 }).alerts[0]?.id ?? ''

describe('a chain', () => {
  test('tells one after another, begins anew as often as it should, and hands off', async () => {
    const scenario = await started()
    await scenario.hold(95, 60 * minute)
    expect(steps(scenario)).toEqual([
      '+300s pager: a firing (escalation night: step 2 of 2, round 1 of 2)',
      '+900s ops: a firing (escalation night: step 1 of 2, round 2 of 2)',
      '+1200s pager: a firing (escalation night: step 2 of 2, round 2 of 2)',
      '+1800s boss: a firing (escalation night: nobody took it)',
    ])
  })

  test('stops when somebody takes the alerts, at whatever step', async () => {
    const scenario = await started()
    await scenario.hold(95, 6 * minute)
    await scenario.alerts().acknowledge(idOf(scenario), { actor: 'jane', comment: '' })
    await scenario.hold(95, 60 * minute)
    expect(steps(scenario)).toEqual(['+300s pager: a firing (escalation night: step 2 of 2, round 1 of 2)'])
  })

  test('begins anew when the acknowledgement expires, and when it is outgrown by another alert', async () => {
    const scenario = await started()
    await scenario.alerts().silences.list()
    await scenario.hold(95, minute)
    await scenario.alerts().acknowledge(idOf(scenario), { actor: 'jane', comment: '', forMs: 30 * minute })
    await scenario.hold(95, 29 * minute)
    expect(steps(scenario)).toEqual([])
    await scenario.hold(95, 8 * minute)
    expect(steps(scenario)[0]).toMatch(/^\+18\d\ds ops: a firing \(escalation night: step 1 of 2, round 1 of 2\)$/)
  })

  test('stops at the end of the alerts, of which all that were told hear', async () => {
    const scenario = await started()
    await scenario.hold(95, 6 * minute)
    await scenario.hold(50, 30 * minute)
    expect(scenario.sent().slice(2)).toEqual([
      expect.stringMatching(/ops: a resolved \(all alerts resolved\)/),
      expect.stringMatching(/pager: a resolved \(all alerts resolved\)/),
    ])
  })

  test('goes on where it was after a restart, and still tells of the end', async () => {
    const scenario = await started()
    await scenario.hold(95, 6 * minute)
    await scenario.restart()
    await scenario.hold(95, 10 * minute)
    expect(steps(scenario).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'pager: a firing (escalation night: step 2 of 2, round 1 of 2)',
      'ops: a firing (escalation night: step 1 of 2, round 2 of 2)',
    ])
    await scenario.hold(50, 5 * minute)
    expect(scenario.sent().slice(-2).join()).toMatch(/ops: a resolved.*pager: a resolved/)
  })

  test('hands off after a restart, too', async () => {
    const scenario = await started({ escalations: [{ ...chain, repeat: 0 }] })
    await scenario.hold(95, 6 * minute)
    await scenario.restart()
    await scenario.hold(95, 12 * minute)
    expect(steps(scenario).at(-1)).toMatch(/ boss: a firing \(escalation night: nobody took it\)$/)
  })

  test('climbs for silenced alerts no further', async () => {
    const scenario = await started()
    await scenario.hold(95, minute)
    const matchers = [{ name: 'host', value: 'a', isRegex: false, isEqual: true }]
    scenario.alerts().silences.set({ matchers, endsAtMs: scenario.clock.now() + 20 * minute, createdBy: 'jane', comment: 'x' })
    await scenario.hold(95, 19 * minute)
    expect(steps(scenario)).toEqual([])
  })

  test('rests in quiet hours, but not for what is critical', async () => {
    const nights = [{ name: 'nights', time_intervals: [{ times: [{ start_time: '00:00', end_time: '01:00' }] }] }]
    const quiet = { ...chain, quiet_hours: { time_intervals: ['nights'] } }
    const scenario = await started({ timeIntervals: nights, escalations: [quiet] })
    await scenario.hold(95, 59 * minute)
    expect(steps(scenario)).toEqual([])
    await scenario.hold(95, 10 * minute)
    expect(steps(scenario)).toEqual([
      '+3600s ops: a firing (escalation night: step 1 of 2, round 1 of 2)',
      '+3900s pager: a firing (escalation night: step 2 of 2, round 1 of 2)',
    ])
    const critical = await started({
      timeIntervals: nights,
      escalations: [quiet],
      rules: [{ ...hot, name: 'Worse', severity: 'critical' }],
    })
    await critical.hold(95, 6 * minute)
    expect(steps(critical)).toHaveLength(1)
  })

  test('needs neither the store nor the records', async () => {
    const broken = () => {
      throw new Error('disk full')
    }
    const scenario = createScenario({
      records: {
        ...records,
        alerts: { ...records.alerts, commit: broken, seen: broken },
        notifications: { ...records.notifications, commit: broken },
      },
      ...{ route, escalations: [chain], store: { query: broken, tags: broken } as never },
    })
    await scenario.start()
    await scenario.hold(95, 20 * second)
    await scenario.clock.advance(10 * minute)
    expect(steps(scenario)).toEqual(['+300s pager: a firing (escalation night: step 2 of 2, round 1 of 2)'])
  })

  test('rests between two steps, too, and goes on when the quiet hours are over', async () => {
    const rests = [{ name: 'rests', time_intervals: [{ times: [{ start_time: '00:03', end_time: '00:20' }] }] }]
    const scenario = await started({ timeIntervals: rests, escalations: [{ ...chain, quiet_hours: { time_intervals: ['rests'] } }] })
    await scenario.hold(95, 25 * minute)
    expect(steps(scenario)).toEqual(['+1200s pager: a firing (escalation night: step 2 of 2, round 1 of 2)'])
  })

  test('does not rest when one of many alerts is critical', async () => {
    const nights = [{ name: 'nights', time_intervals: [{ times: [{ start_time: '00:00', end_time: '01:00' }] }] }]
    const rules = [hot, { ...hot, name: 'Worse', severity: 'critical' }]
    const quiet = { ...chain, quiet_hours: { time_intervals: ['nights'] } }
    const scenario = await started({ timeIntervals: nights, escalations: [quiet], rules, route: { ...route, group_by: [] } })
    await scenario.hold(95, 6 * minute)
    expect(steps(scenario).at(-1)).toBe('+300s pager: a firing, a firing (escalation night: step 2 of 2, round 1 of 2)')
  })

  test('that came to its end stays there after a restart, and begins anew with the next outage', async () => {
    const scenario = await started({ escalations: [{ ...chain, repeat: 0 }] })
    await scenario.hold(95, 16 * minute)
    expect(steps(scenario).at(-1)).toBe('+900s boss: a firing (escalation night: nobody took it)')
    const before = steps(scenario).length
    await scenario.restart()
    await scenario.hold(95, 20 * minute)
    expect(steps(scenario)).toHaveLength(before)
    await scenario.hold(50, 10 * minute)
    expect(records.notifications.escalations()).toEqual([])
    await scenario.hold(95, 6 * minute)
    expect(steps(scenario).slice(before)).toEqual([expect.stringMatching(/ pager: a firing \(escalation night: step 2 of 2\)$/)])
  })

  test('that is taken away, or whose alerts ended while nobody looked, is forgotten', async () => {
    const scenario = await started()
    await scenario.hold(95, 2 * minute)
    await scenario.reload({ route: { ...route, escalation: undefined } })
    await scenario.hold(95, 20 * minute)
    expect([steps(scenario), records.notifications.escalations()]).toEqual([[], []])
    await scenario.reload({ route })
    await scenario.hold(95, 2 * minute)
    expect(records.notifications.escalations()).toHaveLength(1)
    const before = steps(scenario).length
    await scenario.restart(0, { rules: [{ ...hot, name: 'Other', condition: { above: 99 } }] })
    await scenario.clock.advance(20 * minute)
    expect([steps(scenario).slice(before), records.notifications.escalations()]).toEqual([[], []])
  })

  test('does not begin for alerts that are taken already', async () => {
    const scenario = await started({ escalations: [] })
    await scenario.hold(95, minute)
    await scenario.alerts().acknowledge(idOf(scenario), { actor: 'jane', comment: '' })
    await scenario.reload({ escalations: [chain] })
    await scenario.hold(95, 20 * minute)
    expect([steps(scenario), records.notifications.escalations()]).toEqual([[], []])
  })
})
