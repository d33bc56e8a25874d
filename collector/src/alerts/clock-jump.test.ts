import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { openState } from '../state/state.ts'
import type { RuleInput } from './rules/definition/rule-schema.ts'
import { hot, minute, type Scenario, type ScenarioOptions, second, startScenario } from './scenario.ts'

const hour = 60 * minute
let records: ScenarioOptions['records']

beforeEach(() => {
  records = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
})

describe.each([
  { way: 'forth', byMs: hour },
  { way: 'back', byMs: -hour },
])('when the time is set an hour $way', ({ byMs }) => {
  test('"for" neither ends early nor begins anew', async () => {
    const scenario = await startScenario({ records, rules: [{ ...hot, for: '5m' }] })
    await scenario.hold(95, 2 * minute)
    scenario.clock.jump(byMs)
    await scenario.hold(95, 2 * minute)
    expect(scenario.states()).toEqual(['a pending'])
    await scenario.hold(95, 80 * second)
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('a firing alert is kept for as long as "keep_firing_for" says', async () => {
    const scenario = await startScenario({ records, rules: [{ ...hot, keep_firing_for: '5m' }] })
    await scenario.hold(95, 1 * minute)
    await scenario.hold(50, 1 * minute)
    scenario.clock.jump(byMs)
    await scenario.hold(50, 3 * minute)
    expect(scenario.states()).toEqual(['a recovering'])
    await scenario.hold(50, 90 * second)
    expect(scenario.states()).toEqual([])
  })

  test.each(['restart', 'crash'] as const)('and a %s follows, what is pending or fires goes on', async (end) => {
    const slow = { ...hot, name: 'Slow', for: '10m' }
    const scenario = await startScenario({ records, rules: [{ ...hot, for: '1m' }, slow] })
    await scenario.hold(95, 3 * minute)
    scenario.clock.jump(byMs)
    await scenario.hold(95, 40 * second)
    await scenario[end]()
    await scenario.hold(95, 5 * minute)
    const states = () =>
      scenario
        .alerts()
        .list({ limit: 2 })
        .alerts.map(({ rule, state }) => `${rule} ${state}`)
        .toSorted()
    expect(states()).toEqual(['Hot firing', 'Slow pending'])
    expect(scenario.sent()).toHaveLength(1)
    await scenario.hold(95, 2 * minute)
    expect(states()).toEqual(['Hot firing', 'Slow firing'])
  })

  test('and the process ends in the same second, what fires goes on', async () => {
    const scenario = await startScenario({ records, rules: [{ ...hot, for: '1m' }] })
    await scenario.hold(95, 3 * minute)
    scenario.clock.jump(byMs)
    await scenario.crash()
    await scenario.hold(95, 5 * minute)
    expect(scenario.states()).toEqual(['a firing'])
    expect(scenario.sent()).toHaveLength(1)
  })

  test('a receiver that asked for a minute is told after a minute', async () => {
    const scenario = await startScenario({ records })
    scenario.answerWith(async () => ({ ok: false, retryable: true, message: 'later', retryAfterMs: 60_000 }))
    await scenario.hold(95, 1 * minute)
    const tries = scenario.sent().length
    expect(tries).toBeGreaterThan(0)
    scenario.clock.jump(byMs)
    scenario.answerWith(async () => ({ ok: true }))
    await scenario.hold(95, 20 * second)
    const early = scenario.sent().length
    await scenario.hold(95, 50 * second)
    expect([early, scenario.sent().length]).toEqual([tries, tries + 1])
  })
})

const freshRecords = () => createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
const quick = { receiver: 'ops', group_wait: '0s', group_interval: '1m' }
const rise = (scenario: Scenario, forMs: number) => scenario.hold(95, forMs)
const fall = (scenario: Scenario, forMs: number) => scenario.hold(20, forMs)

type Night = { readonly options?: Partial<ScenarioOptions>; readonly live: (scenario: Scenario, set: () => void) => Promise<unknown> }

const nights: Record<string, Night> = {
  'a repetition': {
    options: { route: { ...quick, repeat_interval: '30m' } },
    async live(scenario, set) {
      await rise(scenario, 20 * minute)
      set()
      await rise(scenario, 50 * minute)
    },
  },
  'a chain': {
    options: {
      route: { ...quick, escalation: 'night' },
      escalations: [
        {
          name: 'night',
          steps: [
            { receiver: 'pager', wait: '10m' },
            { receiver: 'boss', wait: '10m' },
          ],
          repeat: 1,
        },
      ],
    },
    async live(scenario, set) {
      await rise(scenario, 5 * minute)
      set()
      await rise(scenario, 2 * minute)
      await scenario.reload()
      await rise(scenario, 40 * minute)
    },
  },
  'a cooldown': {
    options: { route: quick, rules: [{ ...hot, cooldown: '20m' }] },
    async live(scenario, set) {
      await rise(scenario, minute)
      await fall(scenario, 2 * minute)
      set()
      await rise(scenario, minute)
      await fall(scenario, 30 * minute)
      await rise(scenario, 2 * minute)
    },
  },
  'an alert that comes and goes': {
    options: { route: quick, rules: [{ ...hot, window: '10s' }] },
    async live(scenario, set) {
      for (let round = 0; round < 15; round++) await rise(scenario, 10 * second).then(() => fall(scenario, 10 * second))
      set()
      for (let round = 0; round < 5; round++) await rise(scenario, 10 * second).then(() => fall(scenario, 10 * second))
      await rise(scenario, 15 * minute)
    },
  },
  'a receiver that takes nothing': {
    options: { route: quick },
    async live(scenario, set) {
      scenario.answerWith(async () => ({ ok: false, retryable: true, message: 'later' }))
      await rise(scenario, 3 * minute)
      set()
      await rise(scenario, 30 * minute)
    },
  },
  'a heartbeat': {
    options: { heartbeat: { receiver: 'pager', every: '1m' }, rules: [{ ...hot, every: '50s' }] },
    async live(scenario, set) {
      await scenario.clock.advance(119 * second)
      set()
      await scenario.clock.advance(5 * minute)
    },
  },
  'an acknowledgement for a while': {
    options: { route: { ...quick, repeat_interval: '5m' } },
    async live(scenario, set) {
      await rise(scenario, minute)
      const [alert] = scenario.alerts().list({ limit: 1 }).alerts
      await scenario.alerts().acknowledge(alert?.id ?? '', { actor: 'jane', comment: '', forMs: 30 * minute })
      await rise(scenario, 10 * minute)
      set()
      await rise(scenario, 40 * minute)
    },
  },
  'an acknowledgement for a while, with a restart after the time was set': {
    options: { route: { ...quick, repeat_interval: '5m' } },
    async live(scenario, set) {
      await rise(scenario, minute)
      const [alert] = scenario.alerts().list({ limit: 1 }).alerts
      await scenario.alerts().acknowledge(alert?.id ?? '', { actor: 'jane', comment: '', forMs: 30 * minute })
      set()
      await rise(scenario, minute)
      await scenario.restart()
      await rise(scenario, 50 * minute)
    },
  },
  'an alert of others of which nothing more is heard': {
    options: { route: quick, foreignSources: [{ name: 'grafana', notify: true, resolveAfterMs: 30 * minute, alertsMax: 3 }] },
    async live(scenario, set) {
      const given = { labels: { alertname: 'Disk', host: 'a' }, annotations: {}, value: null, endedAtMs: null }
      scenario.alerts().receive('grafana', [given])
      await scenario.clock.advance(10 * minute)
      set()
      await scenario.clock.advance(40 * minute)
    },
  },
}

describe.each([
  { way: 'forth', byMs: hour },
  { way: 'back', byMs: -hour },
])('when the time is set an hour $way what is sent, and when, is the same:', ({ byMs }) => {
  test.each(Object.keys(nights))('%s', async (name) => {
    const { options, live } = nights[name] as Night
    const night = async (set: (scenario: Scenario) => void) => {
      const scenario = await startScenario({ records: freshRecords(), ...options })
      await live(scenario, () => set(scenario))
      return scenario.sent()
    }
    const steady = await night(() => {})
    expect(steady.length).toBeGreaterThan(1)
    expect(await night(({ clock }) => clock.jump(byMs))).toEqual(steady)
  })
})

test('until when somebody has an alert is told by the time as it was set', async () => {
  const scenario = await startScenario({ records })
  await rise(scenario, minute)
  const find = () => scenario.alerts().list({ limit: 1 }).alerts[0]
  await scenario.alerts().acknowledge(find()?.id ?? '', { actor: 'jane', comment: '', forMs: hour })
  scenario.clock.jump(-hour)
  expect(find()).toMatchObject({ acknowledgedBy: 'jane', acknowledgedUntil: '2026-01-01T00:01:00.000Z' })
  await scenario.crash()
  expect(find()).toMatchObject({ acknowledgedBy: 'jane', acknowledgedUntil: '2026-01-01T00:01:00.000Z' })
})

describe('a digest, which is told at a time of day,', () => {
  const low: RuleInput = { ...hot, severity: 'info' }
  const route = { receiver: 'boss', routes: [{ receiver: 'ops', matchers: ['severity="info"'], digest: { at: '02:00' } }] }

  test('is told within a minute when the time is set past it', async () => {
    const scenario = await startScenario({ records, route, rules: [low] })
    await rise(scenario, 90 * minute)
    scenario.clock.jump(hour)
    await rise(scenario, minute)
    expect(scenario.sent()).toEqual([expect.stringContaining('a firing (digest)')])
  })

  test('is not told again when the time is set back before it', async () => {
    const scenario = await startScenario({ records, route, rules: [low] })
    await rise(scenario, 150 * minute)
    expect(scenario.sent()).toHaveLength(1)
    scenario.clock.jump(-hour)
    await rise(scenario, 2 * hour)
    expect(scenario.sent()).toHaveLength(1)
  })
})
