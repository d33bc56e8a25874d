import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { hot, minute, type ScenarioOptions, second, startScenario } from '../scenario.ts'

let records: ScenarioOptions['records']
beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const jane = { actor: 'jane', comment: 'on it' }
const route = { receiver: 'ops', group_wait: '0s', group_interval: '1m', repeat_interval: '1d' }
const firing = async (options: Partial<ScenarioOptions> = {}) => {
  const scenario = await startScenario({ records, route, rules: [{ ...hot, aggregate: 'last' }], ...options })
  await scenario.hold(95, 10 * second)
  const only = () => scenario.alerts().list({ limit: 1 }).alerts[0]
  return { scenario, only, id: only()?.id ?? '' }
}

test('an acknowledgement that was taken back does not come again with a restart, and everybody hears that it is gone', async () => {
  const { scenario, only, id } = await firing()
  await scenario.alerts().acknowledge(id, jane)
  await scenario.alerts().unacknowledge(id, { actor: 'joe', comment: '' })
  expect(scenario.events.at(-1)).toMatchObject({ type: 'alert', alert: { id, state: 'firing', acknowledgedBy: null } })
  expect(scenario.points.at(-1)).toMatchObject({ fields: { actor: 'joe', action: 'unacknowledge' } })
  await scenario.restart()
  expect(only()).toMatchObject({ id, acknowledgedBy: null })
})

test('who acknowledged an alert that ended has not acknowledged the next one, also over a restart', async () => {
  const { scenario, only, id } = await firing()
  await scenario.alerts().acknowledge(id, jane)
  await scenario.hold(20, 10 * second)
  expect(records.alerts.acknowledgements()).toEqual([])
  await scenario.restart()
  await scenario.hold(95, 10 * second)
  expect(only()).toMatchObject({ id, state: 'firing', acknowledgedBy: null })
})

test('an acknowledgement stays while its alert only recovers, or loses its data', async () => {
  const rule = { ...hot, aggregate: 'last', keep_firing_for: '10m', on_no_data: 'no_data' } as const
  const { scenario, only, id } = await firing({ rules: [rule] })
  await scenario.alerts().acknowledge(id, jane)
  await scenario.hold(20, minute)
  expect(only()).toMatchObject({ state: 'recovering', acknowledgedBy: 'jane' })
  await scenario.hold(95, minute)
  await scenario.clock.advance(10 * minute)
  expect(only()).toMatchObject({ state: 'no_data', acknowledgedBy: 'jane' })
})

test('history tells once that an acknowledgement ended, and of none where there was none', async () => {
  const { scenario, id } = await firing()
  await scenario.alerts().acknowledge(id, { ...jane, forMs: minute })
  scenario.push(95, { host: 'b' })
  await scenario.hold(95, 5 * minute)
  const lapsed = () => scenario.points.filter(({ fields }) => fields.action === 'acknowledgement lapsed')
  expect(lapsed().map(({ fields }) => fields.fingerprint)).toEqual([id])
  scenario.push(95, { host: 'c' })
  await scenario.hold(95, 5 * minute)
  expect(lapsed()).toHaveLength(1)
})

test('an alert is told of although the change before it cannot be looked up', async () => {
  const { scenario, only } = await firing({
    causeOf() {
      throw new Error('the disk is away')
    },
  })
  expect(scenario.sent()).toHaveLength(1)
  expect(only()).toMatchObject({ state: 'firing', cause: null })
})

test('the change before an alert is looked up when it begins to fire, and stays though another one follows', async () => {
  let changes = 0
  const { scenario, only } = await firing({ causeOf: () => ({ summary: `change ${++changes}` }) })
  await scenario.hold(95, 5 * minute)
  expect(only()?.cause?.summary).toBe('change 1')
  await scenario.hold(20, 10 * second)
  await scenario.hold(95, 10 * second)
  expect(only()?.cause?.summary).toBe('change 2')
})

test('a pending alert that is dropped is over for dashboards and history, and nobody else hears of it', async () => {
  const { scenario } = await firing({ rules: [{ ...hot, aggregate: 'last', for: '5m' }] })
  expect(scenario.states()).toEqual(['a pending'])
  await scenario.hold(20, 10 * second)
  expect(scenario.events.at(-1)).toMatchObject({ type: 'alert', alert: { state: 'resolved', endsAt: expect.any(String) } })
  expect(scenario.points.map(({ tags }) => tags.state)).toEqual(['pending', 'ok'])
  expect([scenario.sent(), scenario.alerts().list({ limit: 1, past: true }).alerts]).toEqual([[], []])
})

test('history tells how an alert went: pending, firing, resolved', async () => {
  const { scenario } = await firing({ rules: [{ ...hot, aggregate: 'last', for: '1m' }] })
  await scenario.hold(95, minute)
  await scenario.hold(20, 10 * second)
  expect(scenario.points.map(({ tags }) => tags.state)).toEqual(['pending', 'firing', 'resolved'])
  expect(scenario.alerts().list({ limit: 9, past: true }).alerts).toMatchObject([{ state: 'resolved', severity: 'high' }])
})
