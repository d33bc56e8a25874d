import { expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import type { SendResult } from '../../model/alert.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { hot, minute, type Scenario, type ScenarioOptions, second, startScenario } from '../scenario.ts'

/** An alert that ends and begins anew while something keeps its receivers from hearing of it, or us from knowing what they heard. */
const route = { receiver: 'ops', group_wait: '0s', group_interval: '1m', repeat_interval: '4h' }
const started = (options: Partial<ScenarioOptions> = {}) =>
  startScenario({ records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db), route, ...options })

function silence(scenario: Scenario, forMs: number): void {
  scenario.alerts().silences.set({
    matchers: [{ name: 'host', value: 'a', isRegex: false, isEqual: true }],
    endsAtMs: scenario.clock.now() + forMs,
    createdBy: 'jane',
    comment: 'planned',
  })
}

const told = ['+0s ops: a firing (first notification)', '+60s ops: a resolved (all alerts resolved)']

test('killed before it wrote that the end was told, under a silence at the next start, it tells the next episode when the silence is over', async () => {
  const scenario = await started()
  await scenario.hold(95, 30 * second)
  await scenario.hold(50, 30 * second)
  expect(scenario.sent()).toEqual(told)
  silence(scenario, 5 * minute)
  await scenario.crash()
  await scenario.hold(50, 2 * minute)
  await scenario.hold(95, 10 * minute)
  expect(scenario.sent().slice(2)).toEqual(['+360s ops: a firing (new alerts added)'])
})

test('what ended and began anew under a silence is told when the silence is over', async () => {
  const scenario = await started()
  await scenario.hold(95, 30 * second)
  silence(scenario, 5 * minute)
  await scenario.hold(50, 2 * minute)
  await scenario.hold(95, 10 * minute)
  expect(scenario.sent()).toEqual([told[0], '+360s ops: a firing (new alerts added)'])
  expect(scenario.notifications()[1]?.alerts).toMatchObject([{ startsAt: '2026-01-01T00:02:30.000Z' }])
})

test('an end whose answer was lost may have been heard, so the next episode is told', async () => {
  const scenario = await started()
  await scenario.hold(95, 30 * second)
  const lost: SendResult = { ok: false, retryable: true, retryAfterMs: 60 * second, message: 'no answer' }
  scenario.answerWith(async ({ status }) => (status === 'resolved' ? lost : { ok: true }))
  await scenario.hold(50, 40 * second)
  expect(scenario.sent()).toEqual(told)
  await scenario.hold(95, 5 * minute)
  expect(scenario.sent().slice(2)).toEqual(['+120s ops: a firing (new alerts added)'])
})

test('an episode that goes on is told once, over restarts too', async () => {
  const scenario = await started()
  await scenario.hold(95, 2 * minute)
  await scenario.restart()
  await scenario.hold(95, 2 * minute)
  await scenario.crash()
  await scenario.hold(95, 10 * minute)
  expect(scenario.sent()).toEqual(told.slice(0, 1))
})

test('a cooldown keeps another episode back although the end of the one before was not told', async () => {
  const scenario = await started({ rules: [{ ...hot, cooldown: '20m' }] })
  await scenario.hold(95, 30 * second)
  silence(scenario, 5 * minute)
  await scenario.hold(50, 2 * minute)
  await scenario.hold(95, 16 * minute)
  expect(scenario.sent()).toEqual(told.slice(0, 1))
  await scenario.hold(95, 5 * minute)
  expect(scenario.sent().slice(1)).toEqual(['+1200s ops: a firing (new alerts added)'])
})

test('what ended and began anew before its group was looked at goes on, as it does in Alertmanager, over restarts too', async () => {
  const scenario = await started({ route: { ...route, group_interval: '5m' } })
  await scenario.hold(95, minute)
  await scenario.hold(50, 2 * minute)
  await scenario.hold(95, 20 * minute)
  await scenario.crash()
  await scenario.hold(95, 20 * minute)
  expect(scenario.sent()).toEqual(told.slice(0, 1))
  await scenario.hold(50, 10 * minute)
  expect(scenario.sent().slice(1)).toEqual([expect.stringContaining('a resolved (all alerts resolved)')])
})

test('what began under a silence is news when that is over, although it ended for a moment meanwhile', async () => {
  const scenario = await started({ route: { ...route, group_interval: '5m' } })
  await scenario.hold(95, 30 * second)
  silence(scenario, 10 * minute)
  await scenario.hold(50, 5 * minute)
  await scenario.hold(95, 2 * minute)
  await scenario.hold(50, 20 * second)
  await scenario.hold(95, 20 * minute)
  expect(scenario.sent()).toEqual([told[0], '+900s ops: a firing (new alerts added)'])
})
