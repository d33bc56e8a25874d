import { expect, test, vi } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Alert } from '../../model/alert.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { createSilenceDesk } from './desk.ts'

test('a silence looks closer at the alerts that it covers alone, however many fire', () => {
  const { alerts, notifications, audit, silences } = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  const clock = createFakeClock()
  const instances = Array.from(
    { length: 2000 },
    (_, index) => ({ id: `${index}`, labels: { host: `web-${index}` } }) as unknown as AlertInstance,
  )
  const view = vi.fn((instance: AlertInstance) => instance as unknown as Alert)
  const emit = vi.fn()
  const records = { silenceRecords: silences, alertRecords: alerts, notifications, audit }
  const { forPeople } = createSilenceDesk({
    ...{ ...records, clock, newId: () => 's1', longestMs: () => 3_600_000, atOnceMax: () => 1, active: () => instances, view, emit },
  })
  const matchers = [{ name: 'host', value: 'web-7', isRegex: false, isEqual: true }]
  forPeople.set({ matchers, endsAtMs: clock.now() + 60_000, createdBy: 'jane', comment: 'known' })
  expect(emit.mock.calls).toMatchObject([[{ type: 'alert', alert: { id: '7' } }]])
  expect(forPeople.preview(matchers, 7).alerts).toMatchObject([{ id: '7' }])
  expect(view).toHaveBeenCalledTimes(2)
})
