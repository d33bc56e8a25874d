import { beforeEach, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { createSharedWrites, type SharedWrites } from './shared-writes.ts'

let clock: FakeClock
let transactions: number
let raw: ReturnType<typeof createAlertingRecords>['notifications']
let records: SharedWrites

beforeEach(() => {
  clock = createFakeClock()
  transactions = 0
  const { notifications, transaction } = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  raw = notifications
  records = createSharedWrites({
    records: notifications,
    clock,
    transaction(work) {
      transactions++
      transaction(work)
    },
  })
})

const climb = (groupKey: string, position = 1) => records.commit({ escalation: { groupKey, position, dueAtMs: 5 } })
const written = () => raw.escalations().map(({ groupKey, position }) => `${groupKey} ${position}`)

test('what nobody waits for is written within 50 ms, as one and in order', async () => {
  climb('a')
  climb('b')
  climb('a', 2)
  await clock.advance(49)
  expect(written()).toEqual([])
  await clock.advance(1)
  expect(written().toSorted()).toEqual(['a 2', 'b 1'])
  expect(transactions).toBe(1)
})

test('those who wait are told when theirs and all before it are written', async () => {
  climb('a')
  const told: string[] = []
  void records.written().then(() => told.push(...written()))
  expect(told).toEqual([])
  await clock.advance(0)
  expect(told).toEqual(['a 1'])
})

test('what is read is as it was committed', () => {
  climb('a')
  expect(records.escalations()).toMatchObject([{ groupKey: 'a', position: 1 }])
  climb('b')
  records.flush()
  expect(written()).toEqual(['a 1', 'b 1'])
})
