import { expect, test } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import type { Alert } from '../../../model/alert.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { minute } from '../../scenario.ts'
import { createCooldowns } from './cooldowns.ts'

/** An alert that an earlier process told of so long ago, and what its rule's cooldown is now. */
function toldBefore(agoMs: number) {
  const { notifications } = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  const clock = createFakeClock()
  const row = { receiver: 'ops', groupKey: 'g', reason: 'first notification', status: 'firing', alertIds: ['a'] } as const
  const outcome = { attempt: 1, outcome: 'sent', message: '', idempotencyKey: 'k', durationMs: 1 } as const
  notifications.commit({ attempt: { ...row, ...outcome, atMs: clock.now() - agoMs } })
  const asked: number[] = []
  const records: typeof notifications = {
    ...notifications,
    deliveries(filter) {
      asked.push(clock.now() - (filter.fromMs ?? 0))
      return notifications.deliveries(filter)
    },
  }
  let cooldownMs = 10 * minute
  const cooldowns = createCooldowns({ records, clock, cooldownMsOf: () => cooldownMs, lastEpisode: () => undefined })
  const alert = { id: 'a', rule: 'Hot', severity: 'high', state: 'firing', startsAt: new Date(clock.now()).toISOString() } as Alert
  return {
    clock,
    asked,
    holds: () => cooldowns.holds('ops', alert, undefined),
    lengthen(ms: number) {
      cooldownMs = ms
    },
  }
}

test('looks in the delivery log no further back than the cooldown, and once', () => {
  const { asked, holds } = toldBefore(5 * minute)
  expect([holds(), holds()]).toEqual([true, true])
  expect(asked).toEqual([10 * minute])
})

test('looks further back when a reload made the cooldown longer', () => {
  const { holds, lengthen } = toldBefore(15 * minute)
  expect(holds()).toBe(false)
  lengthen(20 * minute)
  expect(holds()).toBe(true)
})

test.each([-1, 1])('finds what an earlier process told of when the time was set by a day since, %s', (direction) => {
  const { clock, holds } = toldBefore(5 * minute)
  clock.jump(direction * 86_400_000)
  expect(holds()).toBe(true)
})
