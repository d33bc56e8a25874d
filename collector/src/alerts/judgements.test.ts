import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { createAlertRecords } from '../state/alert-records.ts'
import { createAuditLog } from '../state/audit-log.ts'
import { createNotificationRecords } from '../state/notification-records.ts'
import { createSilenceRecords } from '../state/silence-records.ts'
import { openState } from '../state/state.ts'
import type { RuleInput } from './rules/definition/rule-schema.ts'
import { createFakePast } from './rules/samples/fake-past.ts'
import { createScenario, hot, minute, second } from './scenario.ts'

let records: Parameters<typeof createScenario>[0]['records']

beforeEach(() => {
  const { db } = openState({ path: ':memory:', log: silentLog })
  records = {
    alerts: createAlertRecords(db),
    notifications: createNotificationRecords(db),
    audit: createAuditLog(db),
    silences: createSilenceRecords(db),
  }
})

const started = async (options: Partial<Parameters<typeof createScenario>[0]> = {}) => {
  const scenario = createScenario({ records, ...options })
  await scenario.start()
  return scenario
}

const all = () => true

describe('what a rule says now', () => {
  test('is told of each label set, with the ids of its alerts', async () => {
    const scenario = await started()
    await scenario.hold(50, 30 * second)
    scenario.push(95, { host: 'b' })
    await scenario.clock.advance(10 * second)
    const [hotNow] = scenario.alerts().judge(['Hot', 'no such rule'], all)
    expect(hotNow).toMatchObject({ name: 'Hot', severity: 'high', limit: 'above 90', error: null, isWaiting: false })
    expect(scenario.alerts().judge(['Hot'], ({ host }) => host === 'a')[0]?.sets).toHaveLength(1)
    const told = hotNow?.sets.map(({ labels, state, reading, value }) => [labels.host, state, reading, value])
    expect(told).toEqual([
      ['a', 'ok', 'false', 50],
      ['b', 'firing', 'true', 95],
    ])
    expect(hotNow?.sets[1]?.alertId).toBe(scenario.alerts().list({ limit: 1 }).alerts[0]?.id)
  })

  test('is what it says at this moment, not at its last turn', async () => {
    const scenario = await started()
    scenario.push(95)
    expect(scenario.alerts().judge(['Hot'], all)[0]?.sets).toMatchObject([{ state: 'firing', reading: 'true' }])
    expect(scenario.sent()).toEqual([])
    await scenario.clock.advance(minute)
    expect(scenario.sent()).toEqual(['+30s ops: a firing (first notification)'])
  })

  test('names the silences and time intervals that mute it, of what is fine, too', async () => {
    const scenario = await started()
    await scenario.hold(50, 30 * second)
    const matchers = [{ name: 'host', value: 'a', isRegex: false, isEqual: true }]
    const wish = { matchers, endsAtMs: scenario.clock.now() + minute, createdBy: 'jane', comment: 'moving' }
    const { id } = scenario.alerts().silences.set(wish)
    expect(scenario.alerts().judge(['Hot'], all)[0]?.sets[0]?.mutedBy).toEqual([`silence ${id}`])
  })

  test('of other rules looks at those first', async () => {
    const both: RuleInput = { name: 'Both', kind: 'composite', expression: { or: ['Hot', 'Other'] } }
    const scenario = await started({ rules: [both, hot, { ...hot, name: 'Other', condition: { above: 1000 } }] })
    await scenario.hold(50, 30 * second)
    scenario.push(95)
    expect(scenario.alerts().judge(['Both'], all)[0]?.sets).toMatchObject([{ state: 'firing' }])
  })

  test('waits for the store, and says why when that fails', async () => {
    const store = createFakePast([{ host: 'a' }], () => 100)
    const rule: RuleInput = { ...hot, kind: 'compare', condition: { above: 50 } }
    const scenario = await started({ rules: [rule], store: Object.assign(store, { fields: async () => [] }) })
    expect(scenario.alerts().judge(['Hot'], all)[0]).toMatchObject({ isWaiting: true, sets: [] })
    await scenario.hold(100, 30 * second)
    expect(scenario.alerts().judge(['Hot'], all)[0]).toMatchObject({ isWaiting: false, sets: [{ reading: 'false' }] })
    store.isDown = true
    await scenario.hold(100, minute)
    expect(scenario.alerts().judge(['Hot'], all)[0]).toMatchObject({ error: expect.stringContaining('store is down') })
  })

  test('does not count as another failure when it is asked for', async () => {
    const store = createFakePast([{ host: 'a' }], () => 100)
    const rule: RuleInput = { ...hot, kind: 'compare', condition: { above: 50 }, on_error: 'error', no_data_after: 10 }
    const scenario = await started({ rules: [rule], store: Object.assign(store, { fields: async () => [] }) })
    await scenario.hold(100, 30 * second)
    store.isDown = true
    await scenario.hold(100, 40 * second)
    for (let asked = 0; asked < 20; asked++) scenario.alerts().judge(['Hot'], all)
    expect(scenario.alerts().judge(['Hot'], all)[0]?.sets[0]?.state).toBe('ok')
  })
})

test('rules are outlined by their labels and by what alone they are about', async () => {
  const source = { measurement: 'load', field: 'value', where: { service: 'shop' } }
  const rule: RuleInput = { ...hot, source, labels: { team: 'a', zone: '{{labels.zone}}' } }
  const scenario = await started({ rules: [rule] })
  expect(scenario.alerts().outlines()).toEqual([
    {
      name: 'Hot',
      labels: { alertname: 'Hot', severity: 'high', team: 'a', zone: '{{labels.zone}}' },
      about: { service: 'shop', team: 'a' },
    },
  ])
})
