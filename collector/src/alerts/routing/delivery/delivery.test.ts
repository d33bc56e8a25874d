import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../../lib/log.ts'
import type { SendResult } from '../../../model/alert.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { minute, type ScenarioOptions, second, startScenario } from '../../scenario.ts'

let records: ScenarioOptions['records']
const now = { receiver: 'ops', group_wait: '0s' }
/** The alert about the receiver waits: these tests look at what is told of the others. */
const aside = { ...now, routes: [{ matchers: ['alertname="ReceiverFailing"'], group_wait: '1d' }] }

beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const started = async (options: Partial<ScenarioOptions> = {}) => {
  return startScenario({ records, ...options })
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

  test('what goes on is repeated as long as one of its alerts is not taken', async () => {
    const scenario = await started({ route: { ...now, repeat_interval: '5m' } })
    scenario.push(95, { host: 'b' })
    await scenario.hold(95, 10 * second)
    const { alerts } = scenario.alerts().list({ limit: 9 })
    const take = (index: number) => scenario.alerts().acknowledge(alerts[index]?.id ?? '', { actor: 'jane', comment: '' })
    await take(0)
    await scenario.clock.advance(6 * minute)
    expect(scenario.sent().slice(1)).toEqual([expect.stringContaining('(repeat interval elapsed)')])
    await take(1)
    await scenario.clock.advance(20 * minute)
    expect(scenario.sent()).toHaveLength(2)
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
    const scenario = await started({ route: aside })
    scenario.answerWith(async () => broken)
    await scenario.hold(95, 16 * minute)
    expect(records.notifications.deliveries({ limit: 1000 }).deliveries.filter(({ outcome }) => outcome === 'dead_letter')).toHaveLength(1)
    scenario.answerWith(async () => taken)
    await scenario.hold(95, 6 * minute)
    expect(records.notifications.deliveries({ limit: 1 }).deliveries).toMatchObject([{ outcome: 'sent', reason: 'first notification' }])
    expect(records.notifications.queue()).toEqual([])
  })

  test('that refuses is not asked again before the next tick', async () => {
    const scenario = await started({ route: aside })
    scenario.answerWith(answers(refused, taken))
    await scenario.hold(95, 6 * minute)
    expect(scenario.sent()).toEqual(['+0s ops: a firing (first notification)', '+300s ops: a firing (first notification)'])
    expect(records.notifications.deliveries({ limit: 10 }).deliveries.map(({ outcome, message }) => `${outcome} ${message}`)).toEqual([
      'sent ',
      'dead_letter answered 404',
    ])
  })

  test('that throws does no harm to the others', async () => {
    const scenario = await started({ route: { ...aside, receiver: ['ops', 'pager'] } })
    scenario.answerWith(async ({ receiver }) => {
      if (receiver === 'ops') throw new Error('programmer')
      return taken
    })
    await scenario.hold(95, 10 * second)
    expect(
      records.notifications
        .deliveries({ limit: 10 })
        .deliveries.map(({ receiver, outcome }) => `${receiver} ${outcome}`)
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

test('what a receiver calls its message comes back with the next of the same outage, also after a restart, and not with another outage', async () => {
  const threads: (string | undefined)[] = []
  const scenario = await started({ route: now })
  let messages = 0
  const keep = () =>
    scenario.answerWith(async ({ thread }) => {
      threads.push(thread)
      return { ok: true, thread: thread ?? `C1/${++messages}` }
    })
  keep()
  await scenario.hold(95, 1 * minute)
  await scenario.restart()
  keep()
  await scenario.hold(95, 1 * minute)
  await scenario.hold(50, 10 * minute)
  await scenario.hold(95, 10 * minute)
  expect(threads).toEqual([undefined, 'C1/1', undefined])
})
