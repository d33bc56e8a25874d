import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { openState } from '../state/state.ts'
import { createScenario, hot, type ScenarioOptions, second, startScenario } from './scenario.ts'

let written: string[]
let records: ScenarioOptions['records']

beforeEach(() => {
  written = []
  const { alerts, notifications, transaction, ...others } = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  records = {
    ...others,
    transaction(work) {
      written.push('begin')
      transaction(work)
      written.push('commit')
    },
    alerts: {
      ...alerts,
      commit(change) {
        written.push(`${change.save.length} alerts, ${change.ended.length} ended`)
        alerts.commit(change)
      },
    },
    notifications: {
      ...notifications,
      commit(change) {
        written.push(Object.keys(change).toSorted().join())
        notifications.commit(change)
      },
    },
  }
})

test('what one turn brings is written in one transaction with what is owed of it, and each notification once more after its try', async () => {
  const rules = ['One', 'Two', 'Three'].map((name) => ({ ...hot, name }))
  const scenario = await startScenario({ records, rules, route: { receiver: 'ops', group_by: ['host'], group_wait: '0s' } })
  scenario.push(95)
  await scenario.clock.advance(1 * second)
  expect(written).toEqual(['begin', '3 alerts, 0 ended', 'enqueue,entry', 'commit', 'attempt,dequeue,entry'])
  expect(scenario.states()).toHaveLength(3)
  written.length = 0
  scenario.push(10)
  await scenario.clock.advance(1 * second)
  expect(written).toEqual(['begin', '0 alerts, 3 ended', 'commit'])
  expect(scenario.states()).toEqual([])
})

test('a notification whose receiver is busy is written down at once', async () => {
  const scenario = createScenario({ records, route: { receiver: 'ops', group_by: ['host'], group_wait: '0s' } })
  scenario.answerWith(() => new Promise(() => {}))
  await scenario.start()
  for (const host of ['a', 'b', 'c', 'd', 'e']) scenario.push(95, { host })
  await scenario.clock.advance(1 * second)
  expect(written.filter((text) => text === 'enqueue,entry')).toHaveLength(4)
  expect(written.filter((text) => text === 'enqueue')).toHaveLength(1)
  expect(records.notifications.queue()).toHaveLength(5)
})

test('nothing leaves before the transaction has ended', async () => {
  const scenario = createScenario({ records, route: { receiver: 'ops', group_by: ['host'], group_wait: '0s' } })
  scenario.answerWith(async () => {
    written.push('sent')
    return { ok: true }
  })
  await scenario.start()
  for (const host of ['a', 'b']) scenario.push(95, { host })
  await scenario.clock.advance(1 * second)
  expect(written.filter((text) => ['begin', 'commit', 'sent'].includes(text))).toEqual(['begin', 'commit', 'sent', 'sent'])
})

test.each<[string, (work: () => void) => void]>([
  ['begin', () => {}],
  ['end', (work) => work()],
])('a transaction that cannot %s keeps no alert from being sent', async (_, before) => {
  const transaction = (work: () => void) => {
    before(work)
    throw new Error('disk is full')
  }
  const scenario = await startScenario({ records: { ...records, transaction }, route: { receiver: 'ops', group_wait: '0s' } })
  scenario.push(95)
  await scenario.clock.advance(1 * second)
  expect(scenario.sent()).toEqual(['+0s ops: a firing (first notification)'])
})
