import { expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import type { DeliveryAttempt } from '../../model/alert-records.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { minute, startScenario } from '../scenario.ts'
import { previewSilence } from './preview.ts'
import { toMatchers } from './silence.ts'

const records = () => createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
const route = { receiver: 'ops', group_by: ['alertname'], group_wait: '0s', group_interval: '1m', repeat_interval: '1d' }
const host = (value: string) => ({ name: 'host', value, isRegex: false, isEqual: true })

/** `a` is told alone, then with `b`; `a` ends beside `b`, and `b` last. */
async function night() {
  const scenario = await startScenario({ records: records(), route })
  const both = async (a: number, b: number | null, minutes: number) => {
    for (let step = 0; step < minutes * 6; step++) {
      if (b !== null) scenario.push(b, { host: 'b' })
      await scenario.hold(a, 10_000)
    }
  }
  await both(95, null, 1)
  await both(95, 95, 2)
  await both(50, 95, 2)
  await both(50, 50, 2)
  expect(scenario.sent().map((text) => text.replace(/^\S+ /, ''))).toEqual([
    'ops: a firing (first notification)',
    'ops: a firing, b firing (new alerts added)',
    'ops: b firing, a resolved (some alerts resolved)',
    'ops: b resolved (all alerts resolved)',
  ])
  return { scenario, both }
}

test('a preview counts what would have been left of the notifications of the past days, also of alerts that are over', async () => {
  const { scenario } = await night()
  const { silences } = scenario.alerts()
  const counts = (value: string, days = 1) => {
    const { alerts, ...rest } = silences.preview([{ ...host(value), isRegex: true }], days)
    return { ...rest, alerts: alerts.length }
  }
  const total = { alerts: 0, days: 1, notificationsTotal: 4 }
  expect(counts('a')).toEqual({ ...total, notificationsSuppressed: 1, notificationsShortened: 2 })
  expect(counts('a|b')).toEqual({ ...total, notificationsSuppressed: 4, notificationsShortened: 0 })
  expect(counts('c')).toEqual({ ...total, notificationsSuppressed: 0, notificationsShortened: 0 })
  await scenario.clock.advance(25 * 60 * minute)
  expect(counts('a')).toEqual({ ...total, notificationsTotal: 0, notificationsSuppressed: 0, notificationsShortened: 0 })
})

test('a preview counts what tells of alerts, and not of deployments', () => {
  const told = (alertIds: readonly string[]) => ({ alertIds }) as unknown as DeliveryAttempt
  const sent = [told(['a1']), told([]), told(['a1', 'b1']), told(['gone']), told([])]
  const labelsOf = (id: string) => (id === 'gone' ? undefined : { host: id.slice(0, 1) })
  expect(previewSilence(toMatchers([host('a')]), [], { days: 1, sent, labelsOf })).toEqual({
    ...{ alerts: [], days: 1, notificationsSuppressed: 1, notificationsShortened: 1, notificationsTotal: 3 },
  })
})

test('a silence that begins, changes or ends shows at once at the alerts it covers, and at no others', async () => {
  const { scenario, both } = await night()
  await both(95, 95, 1)
  const { silences } = scenario.alerts()
  const shown = (change: () => unknown) => {
    const before = scenario.events.length
    change()
    return scenario.events
      .slice(before)
      .map((event) => (event.type === 'alert' ? `${event.alert.labels.host} ${event.alert.status}` : event.type))
  }
  const wish = { matchers: [host('a')], endsAtMs: scenario.clock.now() + 60 * minute, createdBy: 'jane', comment: 'x' }
  let id = ''
  expect(
    shown(() => {
      id = silences.set(wish).id
    }),
  ).toEqual(['a suppressed'])
  expect(silences.preview(wish.matchers, 1).alerts.map(({ labels }) => labels.host)).toEqual(['a'])
  expect(shown(() => silences.expire(id, 'jane'))).toEqual(['a active'])
})
