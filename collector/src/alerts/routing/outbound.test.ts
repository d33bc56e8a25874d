import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { hot, minute, type ScenarioOptions, second, startScenario } from '../scenario.ts'

let records: ScenarioOptions['records']
beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})
const quick = { receiver: 'ops', group_wait: '0s', group_interval: '1m' }
const started = async (options: Partial<ScenarioOptions> = {}) => {
  return startScenario({ records, route: quick, ...options })
}
const refuse = async () => ({ ok: false as const, retryable: false, message: 'gone' })
const busy = async () => ({ ok: false as const, retryable: true, message: 'busy' })

test('a receiver that refuses for good is an alert at once, and over with the next notification it takes', async () => {
  const scenario = await started()
  scenario.answerWith(refuse)
  await scenario.hold(95, 10 * second)
  expect(scenario.states()).toEqual(['ReceiverFailing firing', 'a firing'])
  const { alerts } = scenario.alerts().list({ limit: 9, text: 'takes no notifications' })
  expect(alerts).toMatchObject([
    { severity: 'high', labels: { receiver: 'ops' }, annotations: { description: 'A notification was given up. It says: gone' } },
  ])
  scenario.answerWith(async () => ({ ok: true }))
  await scenario.hold(95, 2 * minute)
  expect(scenario.states()).toEqual(['a firing'])
})

test('a receiver that is busy for a moment is no alert, for a minute it is', async () => {
  const scenario = await started()
  scenario.answerWith(busy)
  await scenario.hold(95, 50 * second)
  expect(scenario.states()).toEqual(['a firing'])
  await scenario.hold(95, 2 * minute)
  expect(scenario.states()).toEqual(['ReceiverFailing firing', 'a firing'])
})

test('the alert about a receiver outlives the process, and ends in the next one', async () => {
  const scenario = await started()
  scenario.answerWith(refuse)
  await scenario.hold(95, 10 * second)
  await scenario.restart()
  expect(scenario.states()).toContain('ReceiverFailing firing')
  scenario.answerWith(async () => ({ ok: true }))
  await scenario.hold(95, 2 * minute)
  expect(scenario.states()).toEqual(['a firing'])
})

test('the alert about a receiver that is gone from the configuration ends with the next start', async () => {
  const scenario = await started()
  scenario.answerWith(refuse)
  await scenario.hold(95, 10 * second)
  await scenario.restart(0, { receivers: ['boss'], route: { ...quick, receiver: 'boss' } })
  expect(scenario.states()).not.toContain('ReceiverFailing firing')
})

test('notifications of what fires carry a link that is good for their group, whose alerts are shown as in them', async () => {
  const scenario = await started()
  await scenario.hold(95, 10 * second)
  const told = scenario.notifications()[0]?.alerts[0]
  expect(told).toMatchObject({ limit: 'above 90' })
  expect(scenario.alerts().firingIn(scenario.notifications()[0]?.groupKey ?? '')).toEqual([told])
  await scenario.hold(50, 2 * minute)
  const [firing, over] = scenario.notifications()
  const token = firing?.acknowledgeUrl?.split('/ack/')[1] ?? ''
  expect(scenario.alerts().checkAcknowledgeLink(token)).toEqual({ ok: true, groupKey: firing?.groupKey })
  expect(over).not.toHaveProperty('acknowledgeUrl')
  expect(scenario.alerts().firingIn('another')).toEqual([])
})

test('the heartbeat comes as long as rules are evaluated, and stops when they all fail', async () => {
  const scenario = await started({ rules: [{ ...hot, limit: 1 }], heartbeat: { receiver: 'pager', every: '1m' } })
  const beats = () => scenario.sent().filter((line) => line.includes('(heartbeat)'))
  await scenario.hold(95, 3 * minute)
  expect(beats()).toEqual([
    '+0s pager: Watchdog firing (heartbeat)',
    ...[60, 120, 180].map((at) => `+${at}s pager: Watchdog firing (heartbeat)`),
  ])
  scenario.push(95, { host: 'b' })
  await scenario.hold(95, 3 * minute, { host: 'b' })
  expect(beats()).toHaveLength(4)
})
