import { expect, test } from 'vitest'
import { silentLog } from '../../../lib/log.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { minute, type Scenario, second, startScenario } from '../../scenario.ts'

const hour = 60 * minute
const jane = { actor: 'jane', comment: 'on it' }

/** One alert that fires, told by a receiver that edits its messages, and taken by Jane. */
async function taken(by: { forMs?: number } = {}) {
  const records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  const route = { receiver: 'ops', group_wait: '0s', repeat_interval: '1d' }
  const scenario = await startScenario({ records, route, receivers: { hearsOfTaking: true } })
  scenario.answerWith(async () => ({ ok: true, thread: 'm1' }))
  await scenario.hold(95, 10 * second)
  const id = scenario.alerts().list({ limit: 1 }).alerts[0]?.id ?? ''
  await scenario.alerts().acknowledge(id, { ...jane, ...by })
  await scenario.hold(95, minute)
  expect(reasons(scenario)).toEqual(['first notification', 'acknowledged by jane'])
  return { scenario, id }
}

const reasons = (scenario: Scenario) => scenario.notifications().map(({ reason }) => reason)

test('a message that says who took its alerts is told after a restart that nobody has them any more', async () => {
  const { scenario, id } = await taken()
  await scenario.restart(minute)
  await scenario.hold(95, minute)
  await scenario.alerts().unacknowledge(id, jane)
  await scenario.hold(95, minute)
  expect(reasons(scenario).slice(2)).toEqual(['acknowledgement ended'])
  expect(scenario.notifications().at(-1)).toMatchObject({ thread: 'm1' })
})

test('an acknowledgement that expires while the collector is away is told to be over at the start, once', async () => {
  const { scenario } = await taken({ forMs: hour })
  await scenario.restart(2 * hour)
  await scenario.hold(95, 10 * minute)
  expect(reasons(scenario).slice(2)).toEqual(['acknowledgement ended'])
  await scenario.restart(minute)
  await scenario.hold(95, 10 * minute)
  expect(reasons(scenario)).toHaveLength(3)
})

test('a process that dies before it could tell leaves that to the next one', async () => {
  const { scenario, id } = await taken()
  await scenario.alerts().unacknowledge(id, jane)
  await scenario.crash()
  await scenario.hold(95, minute)
  expect(reasons(scenario).slice(2)).toEqual(['acknowledgement ended'])
})

test('an acknowledgement that ended before its message was taken leaves nothing to put right', async () => {
  const { scenario, id } = await taken()
  scenario.answerWith(async () => ({ ok: false, retryable: true, message: 'later' }))
  await scenario.alerts().unacknowledge(id, jane)
  await scenario.hold(95, 2 * second)
  await scenario.alerts().acknowledge(id, jane)
  await scenario.hold(95, 2 * second)
  scenario.answerWith(async () => ({ ok: true, thread: 'm1' }))
  await scenario.hold(95, 5 * minute)
  await scenario.alerts().unacknowledge(id, jane)
  await scenario.hold(95, minute)
  expect(reasons(scenario).at(-1)).toBe('acknowledgement ended')
})

test('what became more severe is told as that, and not once more as taken by nobody', async () => {
  const records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  const levels = [
    { severity: 'warning', condition: { above: 90 } },
    { severity: 'critical', condition: { above: 97 } },
  ]
  const rule = { name: 'Hot', kind: 'levels' as const, source: { measurement: 'load', field: 'value' }, window: '10s', levels }
  const route = { receiver: 'ops', group_wait: '0s', group_interval: '10s' }
  const scenario = await startScenario({ records, rules: [rule], route, receivers: { hearsOfTaking: true } })
  scenario.answerWith(async () => ({ ok: true, thread: 'm1' }))
  await scenario.hold(95, 10 * second)
  await scenario.alerts().acknowledge(scenario.alerts().list({ limit: 1 }).alerts[0]?.id ?? '', jane)
  await scenario.hold(95, minute)
  await scenario.hold(99, 2 * minute)
  expect(reasons(scenario)).toEqual(['first notification', 'acknowledged by jane', 'new alerts added'])
})
