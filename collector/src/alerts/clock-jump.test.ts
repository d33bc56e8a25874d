import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { openState } from '../state/state.ts'
import { hot, minute, type ScenarioOptions, second, startScenario } from './scenario.ts'

const hour = 60 * minute
let records: ScenarioOptions['records']

beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

describe.each([
  { way: 'forth', byMs: hour },
  { way: 'back', byMs: -hour },
])('when the time is set an hour $way', ({ byMs }) => {
  test('"for" neither ends early nor begins anew', async () => {
    const scenario = await startScenario({ records, rules: [{ ...hot, for: '5m' }] })
    await scenario.hold(95, 2 * minute)
    scenario.clock.jump(byMs)
    await scenario.hold(95, 2 * minute)
    expect(scenario.states()).toEqual(['a pending'])
    await scenario.hold(95, 80 * second)
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('a firing alert is kept for as long as "keep_firing_for" says', async () => {
    const scenario = await startScenario({ records, rules: [{ ...hot, keep_firing_for: '5m' }] })
    await scenario.hold(95, 1 * minute)
    await scenario.hold(50, 1 * minute)
    scenario.clock.jump(byMs)
    await scenario.hold(50, 3 * minute)
    expect(scenario.states()).toEqual(['a recovering'])
    await scenario.hold(50, 90 * second)
    expect(scenario.states()).toEqual([])
  })

  test('a receiver that asked for a minute is told after a minute', async () => {
    const scenario = await startScenario({ records })
    scenario.answerWith(async () => ({ ok: false, retryable: true, message: 'later', retryAfterMs: 60_000 }))
    await scenario.hold(95, 1 * minute)
    const tries = scenario.sent().length
    expect(tries).toBeGreaterThan(0)
    scenario.clock.jump(byMs)
    scenario.answerWith(async () => ({ ok: true }))
    await scenario.hold(95, 20 * second)
    const early = scenario.sent().length
    await scenario.hold(95, 50 * second)
    expect([early, scenario.sent().length]).toEqual([tries, tries + 1])
  })
})
