import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { createAlertRecords } from '../state/alert-records.ts'
import { createAuditLog } from '../state/audit-log.ts'
import { createNotificationRecords } from '../state/notification-records.ts'
import { createSilenceRecords } from '../state/silence-records.ts'
import { openState } from '../state/state.ts'
import { createScenario, hot, second } from './scenario.ts'

let written: string[]
let records: Parameters<typeof createScenario>[0]['records']

beforeEach(() => {
  written = []
  const { db } = openState({ path: ':memory:', log: silentLog })
  const [alerts, notifications] = [createAlertRecords(db), createNotificationRecords(db)]
  records = {
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
    audit: createAuditLog(db),
    silences: createSilenceRecords(db),
  }
})

test('what one turn brings is written once, and each notification twice: before its try and after', async () => {
  const rules = ['One', 'Two', 'Three'].map((name) => ({ ...hot, name }))
  const scenario = createScenario({ records, rules, route: { receiver: 'ops', group_by: ['host'], group_wait: '0s' } })
  await scenario.start()
  scenario.push(95)
  await scenario.clock.advance(1 * second)
  expect(written).toEqual(['3 alerts, 0 ended', 'enqueue,entry', 'attempt,dequeue,entry'])
  expect(scenario.states()).toHaveLength(3)
  written.length = 0
  scenario.push(10)
  await scenario.clock.advance(1 * second)
  expect(written).toEqual(['0 alerts, 3 ended'])
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
