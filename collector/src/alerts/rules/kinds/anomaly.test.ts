import { expect, test } from 'vitest'
import { type RuleInput, ruleSchema } from '../definition/rule-schema.ts'
import { limitOf } from '../evaluation/describe.ts'
import { createRuleScenario, type RuleScenarioOptions } from '../evaluation/rule-scenario.ts'
import { createFakePast } from '../samples/fake-past.ts'

const rule: RuleInput = {
  name: 'Unusual',
  kind: 'anomaly',
  source: { measurement: 'load', field: 'value' },
  window: '5m',
  days: 7,
}
const dayMs = 86_400_000

/** Every day alike but for a ripple; `daysAgo` may be another. */
function setup(
  changes: Partial<RuleInput> = {},
  holds: (daysAgo: number, ripple: number) => number | null = (_, ripple) => 100 + ripple,
  options: RuleScenarioOptions = {},
) {
  let startMs = 0
  const store = createFakePast([{ host: 'a' }], (atMs) => holds(Math.round((startMs - atMs) / dayMs), (Math.round(atMs / 300_000) % 5) - 2))
  const scenario = createRuleScenario([{ ...rule, ...changes }], { store, ...options })
  startMs = scenario.startMs
  return { ...scenario, store }
}

test('what is usual of an even number of values lies between the two in the middle', async () => {
  const { hold, instances } = setup({ days: 2, min_days: 2, window: '1h' }, (daysAgo) => (daysAgo === 1 ? 100 : 110))
  await hold(900, 400)
  expect(instances()[0]?.annotations.summary).toContain('usual at this hour is 105 (spread 7.413, 2 days)')
})

test('what is usual of an odd number of values is the one in the middle', async () => {
  const { hold, instances } = setup({ days: 3, window: '1h' }, (daysAgo) => [0, 130, 100, 110][daysAgo] ?? null)
  await hold(900, 400)
  expect(instances()[0]?.annotations.summary).toContain('usual at this hour is 110 (spread 14.83, 3 days)')
})

test('what is far from the usual at this hour fires and says what is usual', async () => {
  const { hold, states, instances } = setup()
  await hold(103, 60)
  expect(states()).toBe('a ok')
  await hold(140, 400)
  expect(states()).toBe('a firing')
  expect(instances()[0]?.annotations.summary).toMatch(
    /^mean of load\.value over 5m is 140; usual at this hour is 100 \(spread 1\.48\d, 7 days\), limit: 5 spreads away \(host=a\)$/,
  )
})

test('the same hour of each past day is asked for', async () => {
  const { hold, store, startMs } = setup()
  await hold(100, 10)
  expect(store.asked.map(({ range }) => (startMs - (range.from + range.to) / 2) / dayMs)).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('an outage last week does not move what is usual', async () => {
  const { hold, states } = setup({}, (daysAgo, ripple) => (daysAgo === 3 ? 5000 : 100 + ripple))
  await hold(140, 400)
  expect(states()).toBe('a firing')
})

test.each([
  ['above', 60, 'a ok'],
  ['below', 60, 'a firing'],
  ['below', 140, 'a ok'],
  ['both', 60, 'a firing'],
])('with direction %s a value of %d is: %s', async (direction, value, expected) => {
  const { hold, states } = setup({ direction })
  await hold(value, 30)
  expect(states()).toBe(expected)
})

test('a deviation below the least that counts does not fire, even where nothing ever varied', async () => {
  const { hold, states } = setup({ min_deviation: 10 }, () => 100)
  await hold(109, 30)
  expect(states()).toBe('a ok')
  await hold(120, 400)
  expect(states()).toBe('a firing')
})

test('a deviation of just the least that counts fires, and none does not, where nothing ever varied', async () => {
  const { hold, states } = setup({ min_deviation: 10 }, () => 100)
  await hold(110, 30)
  expect(states()).toBe('a firing')
  const calm = setup({}, () => 100)
  await calm.hold(100, 400)
  expect(calm.states()).toBe('a ok')
})

test('a rule that learns from two days is content with two', async () => {
  const { hold, states } = setup({ days: 2 })
  await hold(140, 30)
  expect(states()).toBe('a firing')
})

test('as many samples as asked for are enough, and with fewer it says nothing', async () => {
  const { hold, states } = setup({ min_samples: 3, window: '1m', every: '10s' })
  await hold(500, 20)
  expect(states()).toBe('a ok')
  await hold(500, 10)
  expect(states()).toBe('a firing')
})

test('the rate of a single sample is not known, and not unusual', async () => {
  const { push, clock, transitions } = setup({ aggregate: 'rate' })
  push(5)
  await clock.advance(60_000)
  expect(transitions).toEqual([])
})

test('says nothing before the window is known', async () => {
  const { hold, transitions, states } = setup({}, undefined, { isKnown: false })
  await hold(500, 290)
  expect(transitions).toEqual([])
  await hold(500, 30)
  expect(states()).toBe('a firing')
})

test('without samples there is no data', async () => {
  const { hold, clock, states } = setup()
  await hold(100, 60)
  await clock.advance(10 * 60_000)
  expect(states()).toBe('a no_data')
})

test('what is usual is asked for again after a quarter of an hour', async () => {
  const { hold, store } = setup({ days: 1 })
  await hold(100, 14 * 60)
  expect(store.asked).toHaveLength(1)
  await hold(100, 2 * 60)
  expect(store.asked).toHaveLength(2)
})

test.each([
  ['both', '5 spreads from what is usual at this hour'],
  ['above', '5 spreads above what is usual at this hour'],
])('with direction %s the limit is: %s', (direction, limit) => {
  expect(limitOf(ruleSchema.parse({ ...rule, direction }))).toBe(limit)
})

test('with too few days it says nothing', async () => {
  const { hold, transitions } = setup({}, (daysAgo, ripple) => (daysAgo <= 2 ? 100 + ripple : null))
  await hold(500, 60)
  expect(transitions).toEqual([])
})
