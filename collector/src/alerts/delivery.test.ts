import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import type { SendResult } from '../model/alert.ts'
import { createAlertRecords } from '../state/alert-records.ts'
import { createAuditLog } from '../state/audit-log.ts'
import { createNotificationRecords } from '../state/notification-records.ts'
import { openState } from '../state/state.ts'
import { createScenario, hot, minute, second } from './scenario.ts'

let records: Parameters<typeof createScenario>[0]['records']
const hour = 60 * minute
const now = { receiver: 'ops', group_wait: '0s' }

beforeEach(() => {
  const { db } = openState({ path: ':memory:', log: silentLog })
  records = { alerts: createAlertRecords(db), notifications: createNotificationRecords(db), audit: createAuditLog(db) }
})

const started = async (options: Partial<Parameters<typeof createScenario>[0]> = {}) => {
  const scenario = createScenario({ records, ...options })
  await scenario.start()
  return scenario
}

/** Answers the tries one after the other, the last one for ever. */
const answers = (...results: SendResult[]) => {
  let next = 0
  return async () => results[Math.min(next++, results.length - 1)] ?? { ok: true as const }
}
const refused: SendResult = { ok: false, retryable: false, message: 'answered 404' }
const broken: SendResult = { ok: false, retryable: true, message: 'answered 500' }
const busy: SendResult = { ok: false, retryable: true, retryAfterMs: 7 * second, message: 'answered 429' }
const taken: SendResult = { ok: true }

describe('groups', () => {
  test('alerts of one evaluation are told together, even without a wait', async () => {
    const scenario = await started({ route: now })
    scenario.push(95, { host: 'a' })
    scenario.push(95, { host: 'b' })
    await scenario.clock.advance(1 * second)
    expect(scenario.sent()).toEqual(['+0s ops: a firing, b firing (first notification)'])
  })

  test('an alert that is over within the wait is never told', async () => {
    const scenario = await started()
    await scenario.hold(95, 20 * second)
    await scenario.hold(50, 20 * minute)
    expect(scenario.sent()).toEqual([])
  })

  test('an alert that joins, and one that ends, are told at the next tick', async () => {
    const scenario = await started({ route: now })
    await scenario.hold(95, 1 * minute)
    for (let round = 0; round < 30; round++) {
      scenario.push(95, { host: 'b' })
      await scenario.hold(95, 10 * second)
    }
    scenario.push(50, { host: 'b' })
    await scenario.hold(95, 5 * minute)
    expect(scenario.sent()).toEqual([
      '+0s ops: a firing (first notification)',
      '+300s ops: a firing, b firing (new alerts added)',
      '+600s ops: a firing, b resolved (some alerts resolved)',
    ])
  })

  test('what goes on is repeated at the first tick after the interval', async () => {
    const scenario = await started({ route: { ...now, repeat_interval: '9m' } })
    await scenario.hold(95, 21 * minute)
    expect(scenario.sent()).toEqual([
      '+0s ops: a firing (first notification)',
      '+600s ops: a firing (repeat interval elapsed)',
      '+1200s ops: a firing (repeat interval elapsed)',
    ])
  })

  test('a route may keep the end to itself', async () => {
    const scenario = await started({ route: { ...now, send_resolved: false } })
    await scenario.hold(95, 1 * minute)
    await scenario.hold(50, 10 * minute)
    await scenario.hold(95, 1 * minute)
    expect(scenario.sent()).toEqual(['+0s ops: a firing (first notification)', '+660s ops: a firing (first notification)'])
  })

  test('every receiver of a route is told', async () => {
    const scenario = await started({ route: { ...now, receiver: ['ops', 'pager'] } })
    await scenario.hold(95, 10 * second)
    expect(scenario.sent()).toEqual(['+0s ops: a firing (first notification)', '+0s pager: a firing (first notification)'])
  })
})

describe('a receiver', () => {
  test('that asks to wait is left alone for as long, and gets the same notification', async () => {
    const scenario = await started({ route: now })
    scenario.answerWith(answers(busy, taken))
    await scenario.hold(95, 1 * minute)
    expect(scenario.sent()).toEqual(['+0s ops: a firing (first notification)', '+7s ops: a firing (first notification)'])
    const [first, second_] = scenario.notifications()
    expect(second_?.idempotencyKey).toBe(first?.idempotencyKey)
  })

  test('that asks to wait is left alone over a restart, too', async () => {
    const scenario = await started({ route: now })
    scenario.answerWith(answers(busy, taken))
    scenario.push(95)
    await scenario.clock.advance(1)
    await scenario.restart()
    await scenario.hold(95, 10 * second)
    expect(scenario.sent().map((text) => text.split(' ')[0])).toEqual(['+0s', '+7s'])
  })

  test('that asks to wait is left alone by other groups too', async () => {
    const scenario = await started({ route: { ...now, group_by: ['host'] } })
    scenario.answerWith(answers(busy, taken))
    scenario.push(95, { host: 'a' })
    await scenario.clock.advance(1 * second)
    scenario.push(95, { host: 'b' })
    await scenario.clock.advance(10 * second)
    expect(scenario.sent()).toEqual([
      '+0s ops: a firing (first notification)',
      '+7s ops: a firing (first notification)',
      '+7s ops: b firing (first notification)',
    ])
  })

  test('that is broken is tried again, more and more slowly', async () => {
    const scenario = await started({ route: now })
    scenario.answerWith(answers(broken, broken, broken, taken))
    await scenario.hold(95, 1 * minute)
    expect(scenario.sent().map((text) => text.split(' ')[0])).toEqual(['+0s', '+1s', '+3s', '+7s'])
  })

  test('that is broken when an alert ends is told of the end, not of the alert', async () => {
    const scenario = await started({ route: now })
    scenario.answerWith(async ({ status }) => (status === 'firing' ? broken : taken))
    await scenario.hold(95, 10 * second)
    await scenario.hold(50, 5 * minute)
    expect(scenario.sent().at(-1)).toMatch(/a resolved \(all alerts resolved\)/)
    expect(scenario.notifications().filter(({ status }) => status === 'resolved')).toHaveLength(1)
  })

  test('that is broken for long is given up, and asked again at a later tick', async () => {
    const scenario = await started({ route: now })
    scenario.answerWith(async () => broken)
    await scenario.hold(95, 16 * minute)
    expect(records.notifications.deliveries(1000).filter(({ outcome }) => outcome === 'dead_letter')).toHaveLength(1)
    scenario.answerWith(async () => taken)
    await scenario.hold(95, 6 * minute)
    expect(records.notifications.deliveries(1)).toMatchObject([{ outcome: 'sent', reason: 'first notification' }])
    expect(records.notifications.queue()).toEqual([])
  })

  test('that refuses is not asked again before the next tick', async () => {
    const scenario = await started({ route: now })
    scenario.answerWith(answers(refused, taken))
    await scenario.hold(95, 6 * minute)
    expect(scenario.sent()).toEqual(['+0s ops: a firing (first notification)', '+300s ops: a firing (first notification)'])
    expect(records.notifications.deliveries(10).map(({ outcome, message }) => `${outcome} ${message}`)).toEqual([
      'sent ',
      'dead_letter answered 404',
    ])
  })

  test('that throws does no harm to the others', async () => {
    const scenario = await started({ route: { ...now, receiver: ['ops', 'pager'] } })
    scenario.answerWith(async ({ receiver }) => {
      if (receiver === 'ops') throw new Error('programmer')
      return taken
    })
    await scenario.hold(95, 10 * second)
    expect(
      records.notifications
        .deliveries(10)
        .map(({ receiver, outcome }) => `${receiver} ${outcome}`)
        .toSorted(),
    ).toEqual(['ops dead_letter', 'pager sent'])
  })

  test('of many groups is asked by four at a time', async () => {
    const scenario = await started({ route: { ...now, group_by: ['...'] } })
    const release: (() => void)[] = []
    scenario.answerWith(() => new Promise((resolve) => release.push(() => resolve(taken))))
    for (let host = 0; host < 6; host++) scenario.push(95, { host: `h${host}` })
    await scenario.clock.advance(1 * second)
    expect(scenario.sent()).toHaveLength(4)
    release[0]?.()
    await scenario.clock.advance(1 * second)
    expect(scenario.sent()).toHaveLength(5)
    for (const answer of release) answer()
    await scenario.clock.advance(1 * second)
    expect(scenario.sent()).toHaveLength(6)
    for (const answer of release) answer()
  })
})

describe('the end of the process', () => {
  test('between queueing and sending delivers all the same, with the same key when it was sent after all', async () => {
    const scenario = await started({ route: now })
    scenario.answerWith((_notification, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(broken))))
    await scenario.hold(95, 10 * second)
    expect(records.notifications.queue()).toHaveLength(1)
    scenario.answerWith(async () => taken)
    await scenario.crash()
    await scenario.hold(95, 10 * minute)
    expect(scenario.notifications().map(({ idempotencyKey }) => idempotencyKey)).toHaveLength(2)
    expect(new Set(scenario.notifications().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    expect(records.notifications.queue()).toEqual([])
  })

  test('while an alert is told, and its end before the next start, tells the end', async () => {
    const scenario = await started({ route: now })
    scenario.answerWith((_notification, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(broken))))
    await scenario.hold(95, 10 * second)
    await scenario.hold(50, 10 * second)
    scenario.answerWith(async () => taken)
    await scenario.crash()
    await scenario.clock.advance(10 * minute)
    expect(scenario.sent().at(-1)).toMatch(/a resolved \(all alerts resolved\)/)
  })

  test('leaves nothing behind once all is told', async () => {
    const scenario = await started({ route: now })
    await scenario.hold(95, 1 * minute)
    await scenario.hold(50, 11 * minute)
    expect(records.notifications.entries()).toEqual([])
    expect(records.notifications.queue()).toEqual([])
    expect(records.alerts.instances()).toEqual([])
  })
})

describe('a person', () => {
  const jane = { actor: 'jane', comment: 'on it' }
  const firing = async (rules = [hot]) => {
    const scenario = await started({ route: { ...now, repeat_interval: '1h' }, rules })
    await scenario.hold(95, 10 * second)
    return { scenario, id: scenario.alerts().list({ limit: 1 }).alerts[0]?.id ?? '' }
  }

  test('who acknowledges an alert stops its repetition, and everybody sees who it was', async () => {
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

  test('who acknowledged is still told of the end', async () => {
    const { scenario, id } = await firing()
    await scenario.alerts().acknowledge(id, jane)
    await scenario.hold(50, 6 * minute)
    expect(scenario.sent().at(-1)).toMatch(/a resolved/)
    await scenario.hold(95, 10 * second)
    expect(scenario.alerts().list({ limit: 1 }).alerts[0]?.acknowledgedBy).toBeNull()
  })

  test('who acknowledged hears of a new alert in the group', async () => {
    const { scenario, id } = await firing()
    await scenario.alerts().acknowledge(id, jane)
    scenario.push(95, { host: 'b' })
    await scenario.hold(95, 5 * minute)
    expect(scenario.sent().at(-1)).toMatch(/new alerts added/)
  })

  test('acknowledges for a time, after which the alert is repeated', async () => {
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

  test('keeps an acknowledgement over a restart, but not when the alert got worse', async () => {
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

  test('may take an acknowledgement back', async () => {
    const { scenario, id } = await firing()
    await scenario.alerts().acknowledge(id, jane)
    expect(await scenario.alerts().unacknowledge(id, { actor: 'joe', comment: '' })).toMatchObject({ acknowledgedBy: null })
    await scenario.hold(95, 70 * minute)
    expect(scenario.sent()).toHaveLength(2)
    expect(records.audit.list({ limit: 1 })).toMatchObject([{ actor: 'joe', action: 'alert.unacknowledge' }])
  })

  test('who resolves an alert ends it, and it fires again while the condition holds', async () => {
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

  test('who resolves an alert that holds no more ends it for good, and receivers hear of it', async () => {
    const { scenario, id } = await firing([{ ...hot, on_no_data: 'keep' }])
    await scenario.clock.advance(2 * minute)
    await scenario.alerts().resolve(id, jane)
    await scenario.clock.advance(10 * minute)
    expect(scenario.states()).toEqual([])
    expect(scenario.sent().at(-1)).toMatch(/a resolved \(all alerts resolved\)/)
  })

  test('is told when there is no such alert, or when it is over', async () => {
    const { scenario, id } = await firing()
    await expect(scenario.alerts().acknowledge('nope', jane)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await scenario.hold(50, 10 * second)
    await expect(scenario.alerts().resolve(id, jane)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('ended at 2026-01-01T00:00:10.000Z'),
    })
  })

  test('may test a receiver, and the message says TEST', async () => {
    const { scenario } = await firing()
    expect(await scenario.alerts().testReceiver('pager', 'jane')).toEqual({ ok: true, message: 'sent' })
    expect(scenario.notifications().at(-1)).toMatchObject({
      receiver: 'pager',
      test: true,
      alerts: [{ annotations: { summary: expect.stringContaining('TEST') } }],
    })
    scenario.answerWith(async () => refused)
    expect(await scenario.alerts().testReceiver('pager', 'jane')).toEqual({ ok: false, message: 'answered 404' })
    await expect(scenario.alerts().testReceiver('nobody', 'jane')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('ops, pager'),
    })
  })
})
