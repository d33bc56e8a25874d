import { beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import { createAlertingRecords } from '../../../state/alerting-records.ts'
import { openState } from '../../../state/state.ts'
import { hot, minute, type Scenario, type ScenarioOptions, second, startScenario } from '../../scenario.ts'
import { changeShare, createFlapping, flappingSchema } from './flapping.ts'

let records: ScenarioOptions['records']
beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

describe('the share of changes', () => {
  const step = (at: number) => Array.from({ length: 21 }, (_, index) => (index < at ? 'ok' : 'high'))

  test('of a single step grows from 0.04 for the oldest to 0.06 for the newest, and is 0 once it has left', () => {
    expect(changeShare(step(1))).toBeCloseTo(0.04)
    expect(changeShare(step(11))).toBeCloseTo((0.8 + (0.4 * 10) / 19) / 20)
    expect(changeShare(step(20))).toBeCloseTo(0.06)
    expect(changeShare(step(0))).toBe(0)
  })

  test('is 1 when every state differs from the one before', () => {
    expect(changeShare(Array.from({ length: 21 }, (_, index) => String(index % 2)))).toBeCloseTo(1)
    expect([changeShare([]), changeShare(['ok']), changeShare(['ok', 'high'])]).toEqual([0, 0, 1])
  })
})

test('flapping starts above high, goes on between, and ends below low', async () => {
  const clock = createFakeClock()
  const flapping = createFlapping({ settings: () => flappingSchema.parse({}), clock, everyMsOf: () => 10_000 })
  const change = (round: number) =>
    flapping.observe({ id: 'a', rule: 'Hot', severity: 'high', state: round % 2 === 0 ? 'firing' : 'resolved' })
  const seen: boolean[] = []
  for (let round = 0; round < 12; round++) {
    change(round)
    seen.push(flapping.isFlapping('a'))
    await clock.advance(10_000)
  }
  // Eight changes weigh 9.01 of 20, nine 10.04: the ninth goes over one half.
  expect(seen.indexOf(true)).toBe(8)
  await clock.advance(14 * 10_000)
  expect(flapping.isFlapping('a')).toBe(true)
  await clock.advance(4 * 10_000)
  expect(flapping.isFlapping('a')).toBe(false)
})

const route = { receiver: 'ops', group_wait: '0s', group_interval: '30s', repeat_interval: '10m' }
const flap = async (scenario: Scenario, forMs: number) => {
  for (let passed = 0; passed < forMs; passed += 20 * second) {
    await scenario.hold(95, 10 * second)
    await scenario.hold(50, 10 * second)
  }
}

test('an alert that flaps is told of once, and once when it has settled', async () => {
  const scenario = await startScenario({ records, route })
  await flap(scenario, 30 * minute)
  const before = scenario.sent().length
  expect(scenario.sent().filter((line) => line.includes('(flapping started)'))).toHaveLength(1)
  expect(scenario.sent().at(-1)).toContain('a firing (flapping started)')
  expect(scenario.notifications().at(-1)?.alerts).toMatchObject([{ flapping: true, endsAt: null }])
  await scenario.hold(95, 10 * second)
  expect(scenario.alerts().list({ limit: 1 }).alerts).toMatchObject([{ flapping: true }])
  await scenario.hold(95, 20 * minute)
  expect(scenario.sent().slice(before)[0]).toContain('a firing (flapping stopped)')
  expect(scenario.alerts().list({ limit: 1 }).alerts[0]).not.toHaveProperty('flapping')
})

test('one that flaps does not undo the acknowledgement of the others in its group', async () => {
  const scenario = await startScenario({ records, route })
  scenario.push(95, { host: 'b' })
  await flap(scenario, 10 * minute)
  const other = scenario
    .alerts()
    .list({ limit: 10 })
    .alerts.find(({ labels }) => labels.host === 'b')
  expect(other).toBeDefined()
  await scenario.alerts().acknowledge(other?.id ?? '', { actor: 'jane', comment: '' })
  await flap(scenario, 2 * minute)
  expect(
    scenario
      .alerts()
      .list({ limit: 10 })
      .alerts.find(({ labels }) => labels.host === 'b')?.acknowledgedBy,
  ).toBe('jane')
})

test('one that settles as over is told to be over, once', async () => {
  const scenario = await startScenario({ records, route })
  await flap(scenario, 10 * minute)
  const before = scenario.sent().length
  await scenario.hold(50, 20 * minute)
  expect(scenario.sent().slice(before)).toEqual([expect.stringContaining('a resolved (all alerts resolved)')])
})

describe('a cooldown', () => {
  const cool = (cooldown: string) => [{ ...hot, cooldown }]

  test('keeps back another episode, never the state, and tells of it when it lasts', async () => {
    const scenario = await startScenario({ records, route, rules: cool('10m') })
    await scenario.hold(95, minute)
    await scenario.hold(50, 2 * minute)
    await scenario.hold(95, minute)
    expect(scenario.states()).toEqual(['a firing'])
    await scenario.hold(50, 2 * minute)
    expect(scenario.sent()).toHaveLength(2)
    await scenario.hold(95, 6 * minute)
    expect(scenario.sent()).toHaveLength(3)
    expect(scenario.sent()[2]).toMatch(/^\+6\d\ds ops: a firing \(first notification\)$/)
  })

  const levels = [
    { severity: 'warning', condition: { above: 70 } },
    { severity: 'critical', condition: { above: 90 } },
  ]
  const worsening = [{ name: 'Load', kind: 'levels', source: hot.source, window: '1m', levels, cooldown: '1h' }]

  test('does not keep back what became worse', async () => {
    const rules = worsening
    const scenario = await startScenario({ records, route, rules })
    await scenario.hold(75, minute)
    await scenario.hold(50, 2 * minute)
    await scenario.hold(75, 2 * minute)
    expect(scenario.sent()).toHaveLength(2)
    await scenario.hold(95, minute)
    expect(scenario.sent().slice(2)).toEqual([expect.stringMatching(/a firing \(first notification\)$/)])
  })

  test('outlives the process', async () => {
    const scenario = await startScenario({ records, route, rules: cool('10m') })
    await scenario.hold(95, minute)
    await scenario.hold(50, 2 * minute)
    await scenario.restart()
    await scenario.hold(95, 3 * minute)
    expect(scenario.sent()).toHaveLength(2)
  })

  test('does not keep back what became worse after a start, and still what did not', async () => {
    const scenario = await startScenario({ records, route, rules: worsening })
    await scenario.hold(75, minute)
    await scenario.hold(50, 2 * minute)
    await scenario.restart()
    await scenario.hold(75, 2 * minute)
    expect(scenario.sent()).toHaveLength(2)
    await scenario.hold(95, minute)
    expect(scenario.sent().slice(2)).toEqual([expect.stringMatching(/a firing \(first notification\)$/)])
  })

  test('counts from when an alert was told to fire, not from the end that was told beside others', async () => {
    const scenario = await startScenario({ records, route: { ...route, group_by: ['alertname'] }, rules: cool('10m') })
    const both = async (other: number, forMs: number) => {
      for (let passedMs = 0; passedMs < forMs; passedMs += 10 * second) {
        scenario.push(other, { host: 'b' })
        await scenario.hold(95, 10 * second)
      }
    }
    await both(95, 8 * minute)
    await both(50, 3 * minute)
    await scenario.restart()
    await both(95, minute)
    expect(scenario.sent().map((text) => text.replace(/^\S+ /, ''))).toEqual([
      'ops: b firing, a firing (first notification)',
      'ops: a firing, b resolved (some alerts resolved)',
      'ops: a firing, b firing (new alerts added)',
    ])
  })

  test('is over to the millisecond, and a rule without one has none', async () => {
    const scenario = await startScenario({ records, route: { ...route, group_interval: '10s' }, rules: cool('5m') })
    await scenario.hold(95, minute)
    await scenario.hold(50, minute)
    await scenario.hold(95, 190 * second)
    expect(scenario.sent().at(-1)).toMatch(/^\+300s ops: a firing/)
  })
})
