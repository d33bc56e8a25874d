import { beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import type { Store } from '../../model/store.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { toTestBatch } from '../../stores/contract/test-batch.ts'
import { memory, memoryOptions } from '../../stores/memory/memory.ts'
import type { SearchStore } from '../cause/related-series.ts'
import type { RuleInput } from '../rules/definition/rule-schema.ts'
import { createScenario, hot, minute, second } from '../scenario.ts'

let store: Store

beforeEach(async () => {
  store = memory.create(memoryOptions.parse({ type: 'memory' }), {} as never)
  await store.start()
})

function setUp({ causeStore = store, rule = hot }: { causeStore?: SearchStore; rule?: RuleInput } = {}) {
  const records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  return createScenario({ records, causeStore, rules: [rule], route: { receiver: 'ops', group_wait: '30s', repeat_interval: '10m' } })
}

/** One sample a minute in the store, up to now. */
async function write(nowMs: number, values: readonly number[], tags: Record<string, string> = { host: 'a' }): Promise<void> {
  const points = values.map((value, index) => {
    const atMs = nowMs - (values.length - index) * minute
    return { measurement: 'load', tags, fields: { value }, timeNs: BigInt(atMs) * 1_000_000n }
  })
  await store.write(toTestBatch(points))
}

const hourOf = (value: number) => Array.from({ length: 60 }, () => value)

test('a notification says how the value of its own series went in the hour before, and not that of another', async () => {
  const scenario = setUp()
  await write(scenario.clock.now(), [...hourOf(7), ...hourOf(20).with(30, 44)])
  // Later within each minute, so that without its tags it would be the last.
  await write(scenario.clock.now() + 30 * second, hourOf(1), { host: 'b' })
  await scenario.start()
  await scenario.hold(95, minute)
  const course = scenario.notifications()[0]?.alerts[0]?.course
  expect(course?.what).toBe('load.value')
  expect([...new Set(course?.values)].sort((a, b) => a - b)).toEqual([20, 44, 95])
  expect(course?.values.at(-1)).toBe(95)
  const times = course?.times ?? []
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(60 * minute)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

test('the clock adds what follows, so that a repeat tells of its own hour', async () => {
  const scenario = setUp()
  await write(scenario.clock.now(), hourOf(20))
  await scenario.start()
  await scenario.hold(95, 3 * minute)
  await scenario.hold(99, 9 * minute)
  const course = scenario.notifications().at(-1)?.alerts[0]?.course
  expect(scenario.notifications()).toHaveLength(2)
  expect(course?.values.filter((value) => value === 99).length).toBeGreaterThan(5)
  expect(course?.times.every((timeMs) => timeMs > scenario.clock.now() - 62 * minute)).toBe(true)
})

test('what the end is told with is read anew from the store', async () => {
  const scenario = setUp()
  await write(scenario.clock.now(), hourOf(20))
  await scenario.start()
  await scenario.hold(95, minute)
  await scenario.clock.advance(5 * second)
  await write(scenario.clock.now(), [30])
  await scenario.hold(30, 6 * minute)
  const [alert] = scenario.notifications().at(-1)?.alerts ?? []
  expect(alert?.state).toBe('resolved')
  expect(alert?.course?.values.at(-1)).toBe(30)
})

test('a rule with a window is drawn by its windows, as it counts them itself', async () => {
  const rule: RuleInput = { ...hot, aggregate: 'sum', window: '5m', condition: { above: 400 } }
  const scenario = setUp({ rule })
  await write(scenario.clock.now(), [...hourOf(10), ...hourOf(10), ...hourOf(10)])
  await scenario.start()
  await scenario.hold(1, 5 * minute)
  await scenario.hold(95, 2 * minute)
  const values = scenario.notifications()[0]?.alerts[0]?.course?.values ?? []
  expect(values.length).toBeGreaterThan(30)
  expect(new Set(values.slice(0, -1))).toEqual(new Set([50]))
  expect(values.at(-1)).toBeGreaterThan(400)
})

test('a store that never answers delays no notification, and it comes without', async () => {
  const dead = new Promise<never>(() => {})
  const causeStore = { ...store, query: () => dead, tags: () => dead, measurements: () => dead, fields: () => dead }
  const scenario = setUp({ causeStore })
  await scenario.start()
  await scenario.hold(95, minute)
  expect(scenario.sent()).toEqual(['+30s ops: a firing (first notification)'])
  expect(scenario.notifications()[0]?.alerts[0]?.course).toBeUndefined()
})

test('labels of the rule that hide a tag leave nothing to draw, rather than another series', async () => {
  const scenario = setUp({ rule: { ...hot, labels: { host: 'all' } } })
  await write(scenario.clock.now(), hourOf(20))
  await scenario.start()
  await scenario.hold(95, minute)
  expect(scenario.notifications()[0]?.alerts[0]).toMatchObject({ state: 'firing' })
  expect(scenario.notifications()[0]?.alerts[0]?.course).toBeUndefined()
})

test('what is drawn in place of the own value is asked of the store again while the alert goes on', async () => {
  const rule: RuleInput = { ...hot, kind: 'forecast', window: '1h', within: '1m', condition: { above: 90 } }
  const { aggregate: _, ...forecast } = rule
  const scenario = setUp({ rule: forecast as RuleInput })
  await write(scenario.clock.now(), hourOf(20))
  await scenario.start()
  for (let round = 0; round < 6; round++) {
    await scenario.hold(95, 5 * minute)
    await write(
      scenario.clock.now(),
      Array.from({ length: 5 }, () => 95),
    )
  }
  const { alerts = [] } = scenario.notifications().at(-1) ?? {}
  expect(alerts[0]?.course?.what).toBe('mean of load.value over 2m')
  expect(alerts[0]?.course?.values.at(-1)).toBe(95)
  expect(scenario.clock.now() - (alerts[0]?.course?.times.at(-1) ?? 0)).toBeLessThanOrEqual(20 * minute)
})
