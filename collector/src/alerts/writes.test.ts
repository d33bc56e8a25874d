import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { openState } from '../state/state.ts'
import { createScenario, hot, type ScenarioOptions, second, startScenario } from './scenario.ts'

let written: string[]
let records: ScenarioOptions['records']

beforeEach(() => {
  written = []
  let isInside = false
  const { alerts, notifications, transaction, ...others } = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  records = {
    ...others,
    transaction(work) {
      if (isInside) {
        work()
        return
      }
      isInside = true
      written.push('begin')
      transaction(work)
      written.push('commit')
      isInside = false
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
  expect(written).toEqual(['begin', '3 alerts, 0 ended', 'enqueue,entry', 'commit', 'begin', 'attempt,dequeue,entry', 'commit'])
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

test('messages that are tried and that end at the same time share their writes', async () => {
  const scenario = await startScenario({ records, route: { receiver: 'ops', group_by: ['host'], group_wait: '10s' } })
  written.length = 0
  for (const host of ['a', 'b', 'c', 'd']) scenario.push(95, { host })
  await scenario.clock.advance(11 * second)
  const all = (text: string) => Array.from({ length: 4 }, () => text)
  expect(written.slice(3)).toEqual(['begin', ...all('enqueue,entry'), 'commit', 'begin', ...all('attempt,dequeue,entry'), 'commit'])
})

test('what is new goes before what is over when the receiver is busy', async () => {
  const scenario = await startScenario({ records, route: { receiver: 'ops', group_by: ['host'], group_wait: '0s', group_interval: '10s' } })
  const hosts = ['a', 'b', 'c', 'd', 'e', 'f']
  for (const host of hosts) scenario.push(95, { host })
  await scenario.clock.advance(5 * second)
  for (const host of hosts) scenario.push(10, { host })
  const answers: (() => void)[] = []
  scenario.answerWith(() => new Promise((resolve) => answers.push(() => resolve({ ok: true }))))
  await scenario.clock.advance(10 * second)
  scenario.push(95, { host: 'new' })
  await scenario.clock.advance(1 * second)
  answers[0]?.()
  await scenario.clock.advance(1 * second)
  expect(scenario.sent().at(-1)).toContain('new firing')
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
  expect(written.filter((text) => ['begin', 'commit', 'sent'].includes(text))).toEqual([
    'begin',
    'commit',
    'sent',
    'sent',
    'begin',
    'commit',
  ])
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
