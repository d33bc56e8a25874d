import { expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Cause } from '../../model/alert.ts'
import type { AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { Board } from '../board/board.ts'
import { toAlert } from '../board/view.ts'
import { ruleSchema } from '../rules/definition/rule-schema.ts'
import type { Roster } from '../rules/evaluation/roster.ts'
import { createExplain } from './explain.ts'
import type { SearchStore } from './related-series.ts'

const [second, minute] = [1000, 60_000]
const turns = async () => {
  for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve))
}
const rules = [
  { name: 'Slow', source: { measurement: 'http', field: 'latency' }, condition: { above: 500 } },
  { name: 'Failing', source: { measurement: 'http', field: 'errors' }, condition: { above: 5 } },
  { name: 'Broken', kind: 'composite', expression: { and: ['Slow', 'Failing'] } },
].map((rule) => ruleSchema.parse(rule))

/** Latency and errors rise 2 minutes before the alert, the queue 5 minutes before; `slow` makes the store stop after the queue. */
function setUp(causeOf: () => Cause | null = () => null) {
  const clock = createFakeClock(Date.UTC(2026, 0, 1))
  const beganMs = clock.now()
  const store = { isSlow: false }
  const course = (beforeMs: number, low: number, high: number) => {
    const times = Array.from({ length: 420 }, (_, step) => beganMs - 200 * minute + step * 30 * second)
    return { times, values: times.map((timeMs, step) => (timeMs >= beganMs - beforeMs ? high : low) + (step % 3) / 100) }
  }
  const courses: Record<string, ReturnType<typeof course>[]> = {
    http: [course(2 * minute, 100, 900), course(2 * minute, 0.5, 9)],
    pool: [course(3 * minute, 40, 2)],
    queue: [course(5 * minute, 12, 240)],
  }
  const searchStore: SearchStore = {
    measurements: async () => Object.keys(courses),
    tags: async () => ['service'],
    fields: async (name) => (name === 'http' ? ['latency', 'errors'] : ['depth']).map((field) => ({ name: field, type: 'float' })),
    query(query) {
      const measurement = 'measurement' in query ? query.measurement : ''
      if (store.isSlow && measurement !== 'http') return new Promise(() => {})
      const own = courses[measurement] ?? []
      const fields = own.map(({ values }, index) => ({ name: `c${index}`, type: 'number' as const, values }))
      return Promise.resolve([
        {
          name: measurement,
          labels: { service: 'shop' },
          fields: [{ name: 'time', type: 'time' as const, values: own[0]?.times ?? [] }, ...fields],
        },
      ])
    },
  }
  const fired: AlertInstance = {
    ...{ id: 'a', rule: 'Slow', severity: 'high', labels: { service: 'shop' }, annotations: {}, state: 'firing', value: 900, cause: null },
    ...{ activeSinceMs: beganMs, firedAtMs: beganMs, recoveringSinceMs: null, missingSinceMs: null },
  }
  const known = new Map([[fired.id, fired]])
  const saved: AlertInstance[] = []
  const events: StreamEvent[] = []
  const explain = createExplain({
    ...{ causeStore: searchStore, clock, log: silentLog, causeOf, emit: (event) => void events.push(event) },
    roster: {
      runners: () => rules.map((rule) => ({ rule })),
      find: (id: string) => known.get(id),
      amend: (changed: AlertInstance) => void known.set(changed.id, changed),
    } as unknown as Roster,
    board: { view: (one: AlertInstance) => toAlert(one, undefined, clock.now()) } as unknown as Board,
    records: { commit: ({ save }: { save: readonly AlertInstance[] }) => void saved.push(...save) } as unknown as AlertRecords,
  })
  return {
    ...{ clock, store, saved, events, cause: () => known.get('a')?.cause ?? null },
    async fire(parts: Partial<AlertInstance> = {}) {
      const now = { ...(known.get('a') ?? fired), ...parts }
      known.set('a', now)
      explain.start(now)
      await turns()
    },
    /** Goes on with alerts that an earlier process left, which fired so long ago. */
    async resume(left: readonly { readonly id: string; readonly firedMs: number | null; readonly cause?: Cause }[]) {
      const toLeft = (firedMs: number | null) => (firedMs === null ? null : clock.now() - firedMs)
      const restored = left.map(({ id, firedMs, cause = null }) => ({
        ...fired,
        id,
        cause,
        firedAtMs: toLeft(firedMs),
        activeSinceMs: toLeft(firedMs),
      }))
      for (const one of restored) known.set(one.id, one)
      explain.resume(restored)
      await turns()
    },
  }
}
const metrics = (cause: Cause | null) => cause?.moved?.map(({ metric, leadMs }) => `${metric} ${leadMs / second}`)

test('what is found is shown, sent to whoever looks, and known after a restart', async () => {
  const { fire, cause, saved, events } = setUp()
  await fire()
  expect(metrics(cause())).toEqual(['queue.depth 180', 'pool.depth 60'])
  expect(saved).toMatchObject([{ id: 'a', cause: { summary: 'no clear cause', seriesSearched: 3 } }])
  expect(events).toMatchObject([{ type: 'alert', alert: { id: 'a', cause: { seriesSearched: 3 } } }])
})

test('an alert of a rule about other rules is about all that those look at', async () => {
  const { fire, cause } = setUp()
  await fire({ rule: 'Broken' })
  expect(metrics(cause())).toEqual(['queue.depth 180', 'pool.depth 60'])
  expect(cause()?.seriesSearched).toBe(2)
})

test('an alert that has no rule is not looked at', async () => {
  const { fire, cause } = setUp()
  await fire({ rule: 'RuleEvaluationFailing' })
  expect(cause()).toBeNull()
})

test('a second look at a store that has become slow takes nothing away that the first one saw', async () => {
  const { fire, cause, store, clock } = setUp()
  await fire()
  store.isSlow = true
  await clock.advance(3 * minute)
  await turns()
  await clock.advance(10 * second)
  await turns()
  expect(metrics(cause())).toEqual(['queue.depth 180', 'pool.depth 60'])
  expect(cause()?.seriesSearched).toBe(3)
})

test('a change that was told of only after the alert is found then, and one that is known stays', async () => {
  let known: Cause | null = null
  const { fire, cause, clock } = setUp(() => known)
  await fire()
  expect(cause()?.summary).toBe('no clear cause')
  known = { summary: 'shop 2 deployed', deploymentId: 'd2' }
  await clock.advance(3 * minute)
  await turns()
  expect(cause()).toMatchObject({ summary: 'shop 2 deployed', moved: [{ metric: 'queue.depth' }, { metric: 'pool.depth' }] })
  known = { summary: 'shop 3 deployed', deploymentId: 'd3' }
  await fire()
  expect(cause()?.summary).toBe('shop 2 deployed')
})

test('after a start those are looked at that nobody had looked at twice, the newest first, and none of the day before', async () => {
  const { resume, saved } = setUp()
  const looked: Cause = { summary: 'no clear cause', moved: [], seriesSearched: 3 }
  await resume([
    { id: 'an hour ago', firedMs: 60 * minute },
    { id: 'the day before', firedMs: 25 * 60 * minute },
    { id: 'just now, looked at once', firedMs: minute, cause: looked },
    { id: 'looked at twice', firedMs: 5 * minute, cause: looked },
    { id: 'pending', firedMs: null },
    { id: 'two minutes ago', firedMs: 2 * minute },
  ])
  expect(saved.map(({ id }) => id)).toEqual(['just now, looked at once', 'two minutes ago', 'an hour ago'])
})
