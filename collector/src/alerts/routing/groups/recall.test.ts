import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../../lib/log.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { hot, minute, type Scenario, type ScenarioOptions, second, startScenario } from '../../scenario.ts'

let records: ScenarioOptions['records']
beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const route = { receiver: 'ops', group_wait: '0s', group_interval: '1m', repeat_interval: '5m' }
const chain = (receiver: string) => ({ name: 'night', steps: [{ receiver, wait: '30m' }] })
const climbing = { ...route, escalation: 'night' }
const started = (options: Partial<ScenarioOptions> = {}) => startScenario({ records, route, ...options })
const toldTo = (scenario: Scenario, receiver: string) =>
  scenario.sent().flatMap((text) => (text.includes(` ${receiver}: `) ? [text.replace(/^\S+ \S+ /, '')] : []))

test('a receiver that was taken out of a chain hears of the end of what it was told, and of nothing new', async () => {
  const scenario = await started({ route: climbing, escalations: [chain('pager')] })
  await scenario.hold(95, minute)
  await scenario.reload({ escalations: [chain('boss')] })
  for (let round = 0; round < 40; round++) {
    scenario.push(95, { host: 'b' })
    await scenario.hold(95, 10 * second)
  }
  expect(toldTo(scenario, 'ops')).toContain('a firing, b firing (new alerts added)')
  await scenario.hold(50, 4 * minute)
  expect(toldTo(scenario, 'pager')).toEqual(['a firing (escalation night: step 1 of 1)', expect.stringMatching(/a resolved/)])
})

test('whom a chain told of one alert hears of its end while another that joined goes on, and of nothing of that', async () => {
  const scenario = await started({ route: climbing, escalations: [chain('pager')] })
  await scenario.hold(95, minute)
  for (let round = 0; round < 12; round++) {
    scenario.push(95, { host: 'b' })
    await scenario.hold(95, 10 * second)
  }
  for (let round = 0; round < 24; round++) {
    scenario.push(95, { host: 'b' })
    await scenario.hold(50, 10 * second)
  }
  expect(toldTo(scenario, 'ops').at(-1)).toBe('b firing, a resolved (some alerts resolved)')
  expect(toldTo(scenario, 'pager')).toEqual(['a firing (escalation night: step 1 of 1)', 'a resolved (all alerts resolved)'])
})

test('a receiver that is routed to no more hears of the end, and not that it gets worse', async () => {
  const levels = [
    { severity: 'warning', condition: { above: 70 } },
    { severity: 'critical', condition: { above: 90 } },
  ]
  const scenario = await started({ rules: [{ name: 'Load', kind: 'levels', source: hot.source, window: '1m', levels }] })
  await scenario.hold(75, minute)
  await scenario.reload({ route: { ...route, receiver: 'pager' } })
  await scenario.hold(75, 2 * minute)
  await scenario.hold(95, 2 * minute)
  await scenario.hold(50, 3 * minute)
  expect(toldTo(scenario, 'pager')).toHaveLength(3)
  expect(toldTo(scenario, 'ops')).toEqual(['a firing (first notification)', 'a resolved (all alerts resolved)'])
})

test('an alert that comes anew after a start, before its end was told, is repeated and climbs its chain', async () => {
  const scenario = await started({ route: climbing, escalations: [chain('pager')] })
  await scenario.hold(95, minute)
  scenario.answerWith(async ({ status }) => (status === 'firing' ? { ok: true } : { ok: false, retryable: true, message: 'busy' }))
  await scenario.hold(50, 2 * minute)
  await scenario.restart()
  const before = [toldTo(scenario, 'ops').length, toldTo(scenario, 'pager').length]
  await scenario.hold(95, 8 * minute)
  expect(toldTo(scenario, 'ops').slice(before[0])).toEqual(['a firing (new alerts added)', 'a firing (repeat interval elapsed)'])
  expect(toldTo(scenario, 'pager').slice(before[1])).toEqual(['a firing (escalation night: step 1 of 1)'])
})

test('a receiver that is not configured any more after a start is told nothing, and nothing is kept of it', async () => {
  const scenario = await started()
  scenario.answerWith(async () => ({ ok: false, retryable: true, message: 'busy' }))
  await scenario.hold(95, 20 * second)
  expect(records.notifications.queue()).toHaveLength(1)
  const before = toldTo(scenario, 'ops').length
  await scenario.restart(0, { route: { ...route, receiver: 'pager' }, receivers: ['pager'] })
  scenario.answerWith(async () => ({ ok: true }))
  await scenario.hold(95, 2 * minute)
  expect(toldTo(scenario, 'ops')).toHaveLength(before)
  expect(toldTo(scenario, 'pager')).toEqual(['a firing (first notification)'])
  expect(records.notifications.entries().map(({ receiver }) => receiver)).toEqual(['pager'])
  expect(records.notifications.queue()).toEqual([])
})

test('what fires when the grouping was changed over a start is not told to be over, whatever ended before', async () => {
  const scenario = await started()
  await scenario.hold(95, minute)
  await scenario.hold(50, 2 * minute)
  await scenario.hold(95, 2 * minute)
  const before = scenario.sent().length
  await scenario.restart(0, { route: { ...route, group_by: ['host'] } })
  await scenario.hold(95, 2 * minute)
  expect(scenario.sent().slice(before)).toEqual([expect.stringContaining('a firing (first notification)')])
  await scenario.hold(50, 3 * minute)
  expect(
    scenario
      .sent()
      .slice(before + 1)
      .map((text) => text.replace(/^\S+ /, '')),
  ).toEqual(['ops: a resolved (all alerts resolved)', 'ops: a resolved (all alerts resolved)'])
  await scenario.clock.advance(2 * minute)
  expect(records.notifications.entries()).toEqual([])
})

test('whom a chain had yet to tell when the process ended hears of the end, too', async () => {
  const scenario = await started({ route: { ...climbing, group_by: ['host'] }, escalations: [chain('pager')] })
  scenario.answerWith(async ({ receiver }) =>
    receiver === 'pager' ? { ok: false, retryable: true, retryAfterMs: 30 * minute, message: 'busy' } : { ok: true },
  )
  await scenario.hold(95, 10 * second)
  await scenario.hold(95, 10 * second, { host: 'b' })
  expect(records.notifications.queue().map(({ attempts }) => attempts)).toEqual([1, 0])
  await scenario.restart()
  scenario.answerWith(async () => ({ ok: true }))
  await scenario.hold(95, minute, { host: 'b' })
  expect(toldTo(scenario, 'pager').at(-1)).toMatch(/^b firing/)
  await scenario.hold(50, 3 * minute, { host: 'b' })
  expect(toldTo(scenario, 'pager').at(-1)).toMatch(/^b resolved/)
})

test('what ended while nobody looked is told at the start, without a wait', async () => {
  const patient = { receiver: 'ops', group_wait: '5m', group_interval: '5m' }
  const rules = [{ ...hot, condition: { above: 99 } }]
  const scenario = await started({ route: patient })
  await scenario.hold(95, 6 * minute)
  await scenario.restart(0, { rules })
  await scenario.hold(95, 30 * second)
  expect(toldTo(scenario, 'ops')).toEqual(['a firing (first notification)', 'a resolved (all alerts resolved)'])
})
