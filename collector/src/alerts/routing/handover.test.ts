import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import type { SendResult } from '../../model/alert.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { minute, type ScenarioOptions, second, startScenario } from '../scenario.ts'

let records: ScenarioOptions['records']
beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

const now = { receiver: 'ops', group_wait: '0s' }
/** The alert about the receiver waits: these tests look at what is told of the others. */
const aside = { ...now, routes: [{ matchers: ['alertname="ReceiverFailing"'], group_wait: '1d' }] }
const taken: SendResult = { ok: true }
const refused: SendResult = { ok: false, retryable: false, message: 'answered 404' }
const broken: SendResult = { ok: false, retryable: true, message: 'answered 500' }
const busy: SendResult = { ok: false, retryable: true, retryAfterMs: 7 * second, message: 'answered 429' }
const started = (options: Partial<ScenarioOptions> = {}) => startScenario({ records, route: now, ...options })
const outcomes = () =>
  records.notifications
    .deliveries({ limit: 1000 })
    .deliveries.map(({ outcome }) => outcome)
    .toReversed()

describe('a stop while a notification is on its way', () => {
  const onceAborted = (signal: AbortSignal, end: () => SendResult) =>
    new Promise<SendResult>((resolve, reject) =>
      signal.addEventListener('abort', () => {
        try {
          resolve(end())
        } catch (thrown) {
          reject(thrown)
        }
      }),
    )

  test('is no refusal: the next process sends it, with the same key', async () => {
    const scenario = await started()
    scenario.answerWith((_notification, signal) =>
      onceAborted(signal, () => {
        throw new Error('This operation was aborted')
      }),
    )
    await scenario.hold(95, 10 * second)
    scenario.answerWith(async () => taken)
    await scenario.restart()
    await scenario.hold(95, 10 * second)
    expect(scenario.sent().map((text) => text.split(' ')[0])).toEqual(['+0s', '+10s'])
    expect(new Set(scenario.notifications().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)
    expect(outcomes()).toEqual(['sent'])
  })

  test('lets it be taken in the last moment: the next process does not send it again', async () => {
    const scenario = await started()
    scenario.answerWith((_notification, signal) => onceAborted(signal, () => taken))
    await scenario.hold(95, 10 * second)
    await scenario.restart()
    await scenario.hold(95, 10 * minute)
    expect(scenario.sent()).toHaveLength(1)
    expect(outcomes()).toEqual(['sent'])
  })
})

test('what begins with the next process is told together with what the one before still owed, once', async () => {
  const scenario = await started()
  scenario.answerWith((_notification, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(broken))))
  await scenario.hold(95, 10 * second)
  scenario.answerWith(async () => taken)
  scenario.push(95)
  scenario.push(95, { host: 'b' })
  await scenario.crash()
  await scenario.clock.advance(1 * minute)
  expect(scenario.sent().slice(1)).toEqual(['+10s ops: a firing, b firing (first notification)'])
})

describe('what waits for a receiver that is left alone', () => {
  test('outlives the process, though it was never tried', async () => {
    const scenario = await started({ route: { ...now, group_by: ['host'] } })
    scenario.answerWith(async () => busy)
    scenario.push(95, { host: 'a' })
    await scenario.clock.advance(1 * second)
    scenario.push(95, { host: 'b' })
    await scenario.clock.advance(1 * second)
    expect(records.notifications.queue().map(({ attempts }) => attempts)).toEqual([1, 0])
    scenario.answerWith(async () => taken)
    await scenario.crash()
    await scenario.clock.advance(10 * second)
    expect(
      scenario
        .sent()
        .slice(1)
        .map((text) => text.replace(/^\S+ /, ''))
        .toSorted(),
    ).toEqual(['ops: a firing (first notification)', 'ops: b firing (first notification)'])
  })

  test('is what stood in line behind the one that was refused, too', async () => {
    const scenario = await started({ route: { ...now, group_by: ['host'] } })
    scenario.answerWith(async () => busy)
    for (let host = 0; host < 6; host++) scenario.push(95, { host: `h${host}` })
    await scenario.clock.advance(6 * second)
    expect(scenario.sent()).toHaveLength(4)
    scenario.answerWith(async () => taken)
    await scenario.clock.advance(2 * second)
    expect(
      scenario
        .sent()
        .slice(4)
        .map((text) => text.split(' ')[0]),
    ).toEqual(Array.from({ length: 6 }, () => '+7s'))
  })
})

test('a repeat that is not taken at first is tried again', async () => {
  const scenario = await started({ route: { ...aside, group_interval: '1m', repeat_interval: '5m' } })
  await scenario.hold(95, 290 * second)
  let tries = 0
  scenario.answerWith(async () => (tries++ === 0 ? broken : taken))
  await scenario.hold(95, 2 * minute)
  expect(scenario.sent()).toEqual([
    '+0s ops: a firing (first notification)',
    '+300s ops: a firing (repeat interval elapsed)',
    '+301s ops: a firing (repeat interval elapsed)',
  ])
})

test('ends of more groups than a receiver is told at once are told as the first are taken, all of them', async () => {
  const scenario = await started({ route: { ...now, group_by: ['host'], group_interval: '1m' } })
  const hosts = Array.from({ length: 7 }, (_, host) => ({ host: `h${host}` }))
  for (const host of hosts) scenario.push(95, host)
  await scenario.clock.advance(30 * second)
  scenario.answerWith(() => new Promise((resolve) => scenario.clock.after(5 * second, () => resolve(taken))))
  for (const host of hosts) scenario.push(50, host)
  await scenario.clock.advance(2 * minute)
  expect(scenario.sent().flatMap((text) => (text.includes('resolved') ? [text.split(' ')[0]] : []))).toEqual([
    ...Array.from({ length: 4 }, () => '+60s'),
    ...Array.from({ length: 3 }, () => '+65s'),
  ])
})

describe('a notification that is given up', () => {
  test('is given up a quarter of an hour after it was queued, whatever process it was', async () => {
    const scenario = await started({ route: { ...aside, group_interval: '1h' } })
    scenario.answerWith(async () => broken)
    await scenario.hold(95, 10 * minute)
    await scenario.restart()
    scenario.answerWith(async () => broken)
    await scenario.hold(95, 4 * minute)
    expect(outcomes()).not.toContain('dead_letter')
    await scenario.hold(95, 6 * minute)
    expect(outcomes().filter((outcome) => outcome === 'dead_letter')).toHaveLength(1)
  })

  test('because it was refused tells nobody of an end, for nobody was told of the beginning', async () => {
    const scenario = await started({ route: aside })
    scenario.answerWith(async () => refused)
    await scenario.hold(95, 10 * second)
    scenario.answerWith(async () => taken)
    await scenario.hold(50, 20 * minute)
    expect(scenario.sent()).toHaveLength(1)
  })

  test('after tries without an answer tells of the end: one of them may have been read', async () => {
    const scenario = await started({ route: { ...aside, group_interval: '1h' } })
    scenario.answerWith(async () => broken)
    await scenario.hold(95, 20 * minute)
    expect(outcomes().at(-1)).toBe('dead_letter')
    scenario.answerWith(async () => taken)
    await scenario.hold(50, 45 * minute)
    expect(scenario.sent().at(-1)).toMatch(/a resolved \(all alerts resolved\)$/)
  })
})
