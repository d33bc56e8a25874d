import { describe, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { hot, minute, type ScenarioOptions, second, startScenario } from '../scenario.ts'

/** A restart between two looks, by what receivers get. */
const route = { receiver: 'ops', group_wait: '0s', group_interval: '1m', repeat_interval: '4h' }
const hour = 60 * minute
const started = (options: Partial<ScenarioOptions> = {}) =>
  startScenario({ records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db), route, ...options })

describe('a restart', () => {
  const pending = { ...hot, for: '15m' }

  test('of up to an hour keeps what was counted of for, but does not count the time away: nobody looked', async () => {
    const scenario = await started({ rules: [pending] })
    await scenario.hold(95, 10 * minute)
    await scenario.restart(50 * minute)
    await scenario.hold(95, 290 * second)
    expect([scenario.states(), scenario.sent()]).toEqual([['a pending'], []])
    await scenario.hold(95, 20 * second)
    expect(scenario.sent()).toEqual([`+${65 * 60}s ops: a firing (first notification)`])
  })

  test('of more than an hour begins for anew', async () => {
    const scenario = await started({ rules: [pending] })
    await scenario.hold(95, 10 * minute)
    await scenario.restart(61 * minute)
    await scenario.hold(95, 890 * second)
    expect(scenario.sent()).toEqual([])
    await scenario.hold(95, 20 * second)
    expect(scenario.sent()).toHaveLength(1)
  })

  test('tells nothing again before the repeat interval, and then as if nothing had happened', async () => {
    const scenario = await started()
    await scenario.hold(95, hour)
    await scenario.restart(5 * minute)
    await scenario.hold(95, 2 * hour + 50 * minute)
    expect(scenario.sent()).toHaveLength(1)
    await scenario.hold(95, 20 * minute)
    expect(scenario.sent().slice(1)).toEqual([expect.stringMatching(/^\+144\d\ds ops: a firing \(repeat interval elapsed\)$/)])
  })

  test('finds every state saved: pending, firing, recovering and no_data', async () => {
    const rules = [
      { ...hot, name: 'Pending', for: '1h' },
      { ...hot, name: 'Firing' },
      { ...hot, name: 'Recovering', keep_firing_for: '1h', source: { measurement: 'swap', field: 'value' } },
      { ...hot, name: 'Silent', source: { measurement: 'disk', field: 'value' } },
    ]
    const scenario = await started({ rules })
    scenario.pushAs('swap', 'value', { host: 'a' }, 95)
    scenario.pushAs('disk', 'value', { host: 'a' }, 95)
    await scenario.hold(95, 10 * second)
    for (let passed = 0; passed < 3 * minute; passed += 10 * second) {
      scenario.pushAs('swap', 'value', { host: 'a' }, 50)
      await scenario.hold(95, 10 * second)
    }
    const states = () =>
      scenario
        .alerts()
        .list({ limit: 10 })
        .alerts.map(({ rule, state }) => `${rule} ${state}`)
        .toSorted()
    const before = states()
    expect(before).toEqual(['Firing firing', 'Pending pending', 'Recovering recovering', 'Silent no_data'])
    await scenario.crash()
    expect(states()).toEqual(before)
  })
})
