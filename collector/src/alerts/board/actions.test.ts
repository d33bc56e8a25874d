import { beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import type { Cause } from '../../model/alert.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { hot, minute, type ScenarioOptions, second, startScenario } from '../scenario.ts'

let records: ScenarioOptions['records']
const hour = 60 * minute
const now = { receiver: 'ops', group_wait: '0s' }

beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const started = async (options: Partial<ScenarioOptions> = {}) => {
  return startScenario({ records, ...options })
}

const jane = { actor: 'jane', comment: 'on it' }
const firing = async (rules = [hot]) => {
  const scenario = await started({ route: { ...now, repeat_interval: '1h' }, rules })
  await scenario.hold(95, 10 * second)
  return { scenario, id: scenario.alerts().list({ limit: 1 }).alerts[0]?.id ?? '' }
}

test('a person who acknowledges an alert stops its repetition, and everybody sees who it was', async () => {
  const { scenario, id } = await firing()
  expect(await scenario.alerts().acknowledge(id, jane)).toMatchObject({
    acknowledgedBy: 'jane',
    acknowledgeComment: 'on it',
    acknowledgedUntil: null,
  })
  expect(scenario.events.at(-1)).toMatchObject({ type: 'alert', alert: { id, acknowledgedBy: 'jane' } })
  expect(scenario.points.at(-1)).toMatchObject({ fields: { actor: 'jane', action: 'acknowledge' } })
  await scenario.hold(95, 3 * hour)
  expect(scenario.sent()).toHaveLength(1)
  expect(records.audit.list({ limit: 1 })).toMatchObject([
    { actor: 'jane', action: 'alert.acknowledge', target: id, detail: { comment: 'on it' } },
  ])
})

test.each([
  ['nothing', null],
  ['a deployment', { summary: 'shop 1.4.2 deployed' } as Cause],
])('an alert before which there was %s begins once, and what a person does to it is no beginning', async (_what, cause) => {
  const scenario = await started({ route: now, causeOf: () => cause })
  await scenario.hold(95, 10 * second)
  const id = scenario.alerts().list({ limit: 1 }).alerts[0]?.id ?? ''
  await scenario.alerts().acknowledge(id, jane)
  await scenario.alerts().unacknowledge(id, jane)
  await scenario.hold(95, minute)
  const states = scenario.points.map(({ tags, fields }) => [tags.state, fields.action ?? '', fields.begun ?? 0])
  expect(states).toEqual([
    ['firing', '', 1],
    ['firing', 'acknowledge', 0],
    ['firing', 'unacknowledge', 0],
  ])
})

test('a receiver that takes for over what it hears no more of is told again all the same', async () => {
  const scenario = await started({ route: { ...now, repeat_interval: '1h' }, receivers: { needsRepeats: true } })
  await scenario.hold(95, 10 * second)
  await scenario.alerts().acknowledge(scenario.alerts().list({ limit: 1 }).alerts[0]?.id ?? '', jane)
  await scenario.hold(95, 3 * hour)
  expect(scenario.sent().slice(1)).toEqual(Array(3).fill(expect.stringContaining('repeat interval elapsed')))
})

test('a message that can be edited says who took its alerts, and when nobody has them any more', async () => {
  const scenario = await started({ route: { ...now, repeat_interval: '1d' }, receivers: { hearsOfTaking: true } })
  scenario.answerWith(async () => ({ ok: true, thread: 'm1' }))
  scenario.push(95, { host: 'b' })
  await scenario.hold(95, 10 * second)
  const ids = scenario
    .alerts()
    .list({ limit: 2 })
    .alerts.map(({ id }) => id)
  await scenario.alerts().acknowledge(ids[0] ?? '', jane)
  await scenario.hold(95, minute)
  // One of two is not all.
  expect(scenario.sent()).toHaveLength(1)
  await scenario.alerts().acknowledge(ids[1] ?? '', { ...jane, forMs: hour })
  await scenario.hold(95, 30 * minute)
  expect(scenario.notifications().at(-1)).toMatchObject({ reason: 'acknowledged by jane', quiet: true, thread: 'm1' })
  expect(scenario.notifications().at(-1)?.alerts).toMatchObject([{ acknowledgedBy: 'jane' }, { acknowledgedBy: 'jane' }])
  await scenario.hold(95, hour)
  expect(scenario.sent().map((text) => text.replace(/.*\(/, '('))).toEqual([
    '(first notification)',
    '(acknowledged by jane)',
    '(acknowledgement ended)',
  ])
  expect(scenario.notifications().at(-1)).not.toHaveProperty('quiet')
  await scenario.alerts().unacknowledge(ids[0] ?? '', jane)
  await scenario.hold(95, minute)
  // Nobody had them all.
  expect(scenario.sent()).toHaveLength(3)
  for (const id of ids) await scenario.alerts().acknowledge(id, jane)
  await scenario.hold(95, minute)
  await scenario.alerts().unacknowledge(ids[0] ?? '', jane)
  await scenario.hold(95, minute)
  expect(
    scenario
      .sent()
      .slice(3)
      .map((text) => text.replace(/.*\(/, '(')),
  ).toEqual(['(acknowledged by jane)', '(acknowledgement ended)'])
})

test('a person who acknowledged is still told of the end', async () => {
  const { scenario, id } = await firing()
  await scenario.alerts().acknowledge(id, jane)
  await scenario.hold(50, 6 * minute)
  expect(scenario.sent().at(-1)).toMatch(/a resolved/)
  await scenario.hold(95, 10 * second)
  expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.acknowledgedBy).toBeNull()
})

test('a person who acknowledged hears of a new alert in the group', async () => {
  const { scenario, id } = await firing()
  await scenario.alerts().acknowledge(id, jane)
  scenario.push(95, { host: 'b' })
  await scenario.hold(95, 5 * minute)
  expect(scenario.sent().at(-1)).toMatch(/new alerts added/)
})

test('a person acknowledges for a time, after which the alert is repeated', async () => {
  const { scenario, id } = await firing()
  expect(await scenario.alerts().acknowledge(id, { ...jane, forMs: 2 * hour })).toMatchObject({
    acknowledgedUntil: '2026-01-01T02:00:10.000Z',
  })
  await scenario.hold(95, 3 * hour)
  expect(
    scenario
      .sent()
      .slice(1)
      .map((text) => text.split(' ')[0]),
  ).toEqual(['+7500s'])
  expect(scenario.events.at(-1)).toMatchObject({ alert: { acknowledgedBy: null } })
})

test('a person keeps an acknowledgement over a restart, but not when the alert got worse', async () => {
  const { scenario, id } = await firing()
  await scenario.alerts().acknowledge(id, jane)
  await scenario.restart()
  await scenario.hold(95, 1 * minute)
  expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.acknowledgedBy).toBe('jane')
  await scenario.restart(0, { rules: [{ ...hot, severity: 'critical' }] })
  await scenario.hold(95, 6 * minute)
  expect(scenario.alerts().list({ limit: 1 }).alerts[0]).toMatchObject({ severity: 'critical', acknowledgedBy: null })
  expect(scenario.sent()).toHaveLength(2)
})

test('a person may take an acknowledgement back', async () => {
  const { scenario, id } = await firing()
  await scenario.alerts().acknowledge(id, jane)
  expect(await scenario.alerts().unacknowledge(id, { actor: 'joe', comment: '' })).toMatchObject({ acknowledgedBy: null })
  await scenario.hold(95, 70 * minute)
  expect(scenario.sent()).toHaveLength(2)
  expect(records.audit.list({ limit: 1 })).toMatchObject([{ actor: 'joe', action: 'alert.unacknowledge' }])
})

test('a person who resolves an alert ends it, and it fires again while the condition holds', async () => {
  const { scenario, id } = await firing([{ ...hot, every: '1m' }])
  expect(await scenario.alerts().resolve(id, jane)).toMatchObject({
    state: 'resolved',
    resolvedBy: 'jane',
    endsAt: '2026-01-01T00:00:10.000Z',
  })
  expect(scenario.states()).toEqual([])
  expect(scenario.alerts().list({ past: true, limit: 1 }).alerts).toMatchObject([{ id, resolvedBy: 'jane' }])
  await scenario.hold(95, 10 * second)
  expect(scenario.states()).toEqual(['a firing'])
  expect(records.audit.list({ limit: 1 })).toMatchObject([{ actor: 'jane', action: 'alert.resolve', target: id }])
})

test('a person who resolves an alert that holds no more ends it for good, and receivers hear of it', async () => {
  const { scenario, id } = await firing([{ ...hot, on_no_data: 'keep' }])
  await scenario.clock.advance(2 * minute)
  await scenario.alerts().resolve(id, jane)
  await scenario.clock.advance(10 * minute)
  expect(scenario.states()).toEqual([])
  expect(scenario.sent().at(-1)).toMatch(/a resolved \(all alerts resolved\)/)
})

test('a person is told when there is no such alert, or when it is over', async () => {
  const { scenario, id } = await firing()
  await expect(scenario.alerts().acknowledge('nope', jane)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await scenario.hold(50, 10 * second)
  await expect(scenario.alerts().resolve(id, jane)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('ended at 2026-01-01T00:00:10.000Z'),
  })
})

test('a person may test a receiver, and the message says TEST', async () => {
  const { scenario } = await firing()
  expect(await scenario.alerts().testReceiver('pager', 'jane')).toEqual({ ok: true, message: 'sent' })
  expect(scenario.notifications().at(-1)).toMatchObject({
    receiver: 'pager',
    test: true,
    alerts: [{ annotations: { summary: expect.stringContaining('TEST') } }],
  })
  scenario.answerWith(async () => ({ ok: false, retryable: false, message: 'answered 404' }))
  expect(await scenario.alerts().testReceiver('pager', 'jane')).toEqual({ ok: false, message: 'answered 404' })
  await expect(scenario.alerts().testReceiver('nobody', 'jane')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('ops, pager'),
  })
})

test('many that are taken at once are written as one, and each has its line in the audit log', async () => {
  const transaction = vi.fn((work: () => void) => work())
  const scenario = await started({ route: { ...now, repeat_interval: '1h' }, records: { ...records, transaction } })
  for (let host = 0; host < 500; host++) scenario.push(95, { host: `web-${host}` })
  await scenario.clock.advance(10 * second)
  const ids = scenario
    .alerts()
    .list({ limit: 1000 })
    .alerts.map(({ id }) => id)
  transaction.mockClear()
  const [before, points] = [scenario.events.length, scenario.points.length]
  const taken = await scenario.alerts().acknowledgeAll([...ids, ids[0] ?? '', 'nope'], { ...jane, forMs: 2 * hour })
  expect([taken.length, new Set(taken.map(({ acknowledgedBy }) => acknowledgedBy))]).toEqual([500, new Set(['jane'])])
  expect(transaction).toHaveBeenCalledTimes(1)
  expect([scenario.events.length - before, scenario.points.length - points]).toEqual([500, 500])
  const rows = records.audit.list({ action: 'alert.acknowledge', limit: 1000 })
  expect(rows.map(({ target }) => target).sort()).toEqual(ids.toSorted())
  expect(rows[0]?.detail).toMatchObject({ comment: 'on it', untilMs: scenario.clock.now() + 2 * hour })
})

test('of many none is taken when they cannot be written', async () => {
  const scenario = await started({ route: now })
  for (const host of ['a', 'b']) scenario.push(95, { host })
  await scenario.clock.advance(10 * second)
  const { alerts } = scenario.alerts().list({ limit: 10 })
  const full = vi.spyOn(records.alerts, 'acknowledge').mockImplementation(() => {
    throw new Error('the disk is full')
  })
  const refused = await started({ records, route: now })
  await expect(refused.alerts().acknowledgeAll([alerts[0]?.id ?? ''], jane)).rejects.toThrow('the disk is full')
  expect(
    refused
      .alerts()
      .list({ limit: 10 })
      .alerts.map(({ acknowledgedBy }) => acknowledgedBy),
  ).toEqual([null, null])
  full.mockRestore()
})
