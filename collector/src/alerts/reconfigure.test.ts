import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { createAlertingRecords } from '../state/alerting-records.ts'
import { openState } from '../state/state.ts'
import type { RuleInput } from './rules/definition/rule-schema.ts'
import type { SeedStore } from './rules/evaluation/seed.ts'
import { createScenario, hot, minute, second } from './scenario.ts'

type Options = Parameters<typeof createScenario>[0]

const freshRecords = () => createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)

const quick = { receiver: 'ops', group_wait: '0s', group_interval: '1m' }
const other: RuleInput = { ...hot, name: 'Other', source: { measurement: 'other', field: 'value' } }
let records: Options['records']

beforeEach(() => {
  records = freshRecords()
})

/** Answers nothing until it is told to; an empty store then. */
function createSlowStore() {
  const waiting: (() => void)[] = []
  let isSlow = false
  const answer = () => (isSlow ? new Promise<never[]>((resolve) => waiting.push(() => resolve([]))) : Promise.resolve([]))
  const store: SeedStore = { query: answer, tags: answer, fields: answer }
  return {
    store,
    slow: () => {
      isSlow = true
    },
    answerAll: () => {
      isSlow = false
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}

describe('ten reloads under a stream of samples', () => {
  const rules: RuleInput[] = [
    { ...hot, for: '2m', keep_firing_for: '1m' },
    {
      name: 'Gone',
      kind: 'absent',
      source: { measurement: 'load', field: 'value', where: { host: 'b' }, group_by: ['host'] },
      window: '3m',
    },
    { name: 'Both', kind: 'composite', expression: 'Hot', severity: 'critical' },
  ]
  const route = { receiver: 'ops', group_by: ['alertname'], group_wait: '30s', group_interval: '3m', repeat_interval: '10m' }

  async function night(reload: (scenario: ReturnType<typeof createScenario>, round: number) => Promise<unknown>) {
    const scenario = createScenario({ records: freshRecords(), rules, route })
    await scenario.start()
    for (let step = 0; step < 240; step++) {
      const isOut = (step >= 30 && step < 120) || (step >= 130 && step < 140) || step >= 200
      scenario.push(isOut ? 95 : 20, { host: 'a' })
      if (step < 60 || step > 100) scenario.push(step > 70 && step < 150 ? 99 : 20, { host: 'b' })
      // In the midst of whatever is under way: before the samples are evaluated.
      if (step % 22 === 21) await reload(scenario, Math.floor(step / 22))
      await scenario.clock.advance(10 * second)
    }
    return scenario.sent()
  }

  const reloads: Record<string, Parameters<typeof night>[0]> = {
    'of the same configuration': (scenario) => scenario.reload(),
    'that change another rule': (scenario, round) => scenario.reload({ rules: [...rules, { ...other, condition: { above: round } }] }),
    'that put the rules in another order': (scenario, round) => scenario.reload({ rules: round % 2 === 0 ? rules.toReversed() : rules }),
    'that bring a route and a receiver for others and take them away': (scenario, round) =>
      scenario.reload({
        route: round % 2 === 0 ? { ...route, routes: [{ matchers: ['team="x"'], receiver: 'x' }] } : route,
        receivers: round % 2 === 0 ? ['ops', 'x'] : ['ops'],
      }),
    'that change the texts of the rules themselves': (scenario, round) =>
      scenario.reload({ rules: rules.map((rule) => ({ ...rule, annotations: { runbook: `edition ${round}` } })) }),
  }

  test.each(Object.keys(reloads))('%s send what no reload sends', async (name) => {
    const without = await night(async () => {})
    expect(without.length).toBeGreaterThan(8)
    expect(await night(reloads[name] as (typeof reloads)[string])).toEqual(without)
  })
})

describe('while the store does not answer for the new rules', () => {
  test('the rules before are evaluated, and what is alike goes on after', async () => {
    const { store, slow, answerAll } = createSlowStore()
    const scenario = createScenario({ records, route: quick, store })
    await scenario.start()
    await scenario.hold(20, 1 * minute)
    slow()
    const done = scenario.reload({ rules: [{ ...hot, window: '2m', severity: 'critical' }, other] })
    await scenario.hold(95, 30 * second)
    expect(scenario.sent()).toEqual(['+60s ops: a firing (first notification)'])
    answerAll()
    expect(await done).toEqual({ unseeded: [] })
    await scenario.hold(95, 5 * minute)
    // More severe is news; nothing was resolved, nothing told twice.
    expect(scenario.sent()).toEqual(['+60s ops: a firing (first notification)', expect.stringMatching(/a firing \(new alerts added\)$/)])
  })

  test('it is waited for no longer than a minute, and the rules that begin without are named', async () => {
    const { store, slow } = createSlowStore()
    const scenario = createScenario({ records, route: quick, store })
    await scenario.start()
    slow()
    const done = scenario.reload({ rules: [{ ...hot, window: '2m', condition: { above: 50 } }, other] })
    await scenario.hold(60, 50 * second)
    expect(scenario.states()).toEqual([])
    await scenario.hold(60, 10 * second)
    expect(await done).toEqual({ unseeded: ['Hot', 'Other'] })
    // The samples that came meanwhile are those of the new rule.
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('a rule that asks the store changes places when it has its answer', async () => {
    const { store, slow, answerAll } = createSlowStore()
    const higher: RuleInput = { ...hot, kind: 'compare', window: '1m', offset: '1h', as: 'ratio', condition: { above: 2 } }
    const scenario = createScenario({ records, route: quick, store })
    await scenario.start()
    await scenario.hold(95, 1 * minute)
    slow()
    const done = scenario.reload({ rules: [higher] })
    await scenario.hold(95, 20 * second)
    expect(scenario.alerts().rules()).toMatchObject([{ definition: { kind: 'threshold' } }])
    answerAll()
    await done
    expect(scenario.alerts().rules()).toMatchObject([{ definition: { kind: 'compare' } }])
  })

  test('a stop ends it, and the new rules never begin', async () => {
    const { store, slow, answerAll } = createSlowStore()
    const scenario = createScenario({ records, route: quick, store })
    await scenario.start()
    slow()
    const done = scenario.reload({ rules: [other] })
    await scenario.alerts().stop()
    answerAll()
    await done
    expect(scenario.alerts().rules()).toMatchObject([{ name: 'Hot' }])
  })
})

describe('a changed rule', () => {
  test('goes on with its "for"', async () => {
    const scenario = createScenario({ records, route: quick, rules: [{ ...hot, for: '3m' }] })
    await scenario.start()
    await scenario.hold(95, 2 * minute)
    await scenario.reload({ rules: [{ ...hot, for: '3m', condition: { above: 80 } }] })
    await scenario.hold(95, 50 * second)
    expect(scenario.states()).toEqual(['a pending'])
    await scenario.hold(95, 20 * second)
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('with a longer "for" makes a firing alert pending again, and with a shorter one firing at once', async () => {
    const scenario = createScenario({ records, route: quick })
    await scenario.start()
    await scenario.hold(95, 1 * minute)
    await scenario.reload({ rules: [{ ...hot, for: '5m' }] })
    expect(scenario.states()).toEqual(['a pending'])
    await scenario.reload({ rules: [{ ...hot, for: '30s' }] })
    expect(scenario.states()).toEqual(['a firing'])
  })

  test('that cannot have its alerts any more ends them, as a rule that is gone does, and both are told', async () => {
    const scenario = createScenario({ records, route: quick, rules: [hot, other] })
    await scenario.start()
    scenario.pushAs('other', 'value', { host: 'o' }, 95)
    await scenario.hold(95, 1 * minute)
    await scenario.reload({ rules: [{ ...hot, source: { measurement: 'load', field: 'value', group_by: ['rack'] } }] })
    await scenario.clock.advance(2 * minute)
    const past = scenario.alerts().list({ past: true, states: ['resolved'], limit: 10 }).alerts
    expect(past.map(({ rule, annotations }) => `${rule} ${annotations.state_reason}`).sort()).toEqual(['Hot Updated', 'Other RuleDeleted'])
    const told = scenario.sent().filter((text) => text.includes('resolved'))
    expect(told.map((text) => text.replace(/^\S+ /, '')).sort()).toEqual([
      'ops: Hot firing, a resolved (new alerts added)',
      'ops: o resolved (all alerts resolved)',
    ])
  })

  test('that cannot be made leaves all rules as they were', async () => {
    const scenario = createScenario({ records, route: quick })
    await scenario.start()
    await scenario.hold(95, 1 * minute)
    scenario.samples.watch = () => {
      throw new Error('no room')
    }
    await expect(scenario.reload({ rules: [other] })).rejects.toThrow('no room')
    await scenario.hold(20, 1 * minute)
    expect(scenario.sent().at(-1)).toContain('a resolved')
  })
})

describe('other routes', () => {
  test('tell the new receiver at once, and the one before of the end', async () => {
    const scenario = createScenario({ records, route: quick })
    await scenario.start()
    await scenario.hold(95, 1 * minute)
    await scenario.reload({ route: { ...quick, receiver: 'pager' } })
    await scenario.hold(95, 3 * minute)
    await scenario.hold(20, 2 * minute)
    expect(scenario.sent().map((text) => text.replace(/^\S+ /, ''))).toEqual([
      'ops: a firing (first notification)',
      'pager: a firing (first notification)',
      'pager: a resolved (all alerts resolved)',
      'ops: a resolved (all alerts resolved)',
    ])
  })

  test('leave a chain where it is', async () => {
    const chain = {
      name: 'night',
      steps: [
        { receiver: 'pager', wait: '5m' },
        { receiver: 'boss', wait: '5m' },
      ],
    }
    const route = { ...quick, escalation: 'night' }
    const scenario = createScenario({ records, route, escalations: [chain] })
    await scenario.start()
    await scenario.hold(95, 3 * minute)
    await scenario.reload({ route: { ...route, repeat_interval: '8h' } })
    await scenario.hold(95, 3 * minute)
    expect(scenario.sent().map((text) => text.replace(/:.*/, ''))).toEqual(['+0s ops', '+0s pager', '+300s boss'])
  })
})

test('an alert that joins a group does not make the others wait', async () => {
  const scenario = createScenario({ records, route: { receiver: 'ops', group_wait: '30s' } })
  await scenario.start()
  for (const host of ['a', 'b', 'c']) await scenario.hold(95, 20 * second, { host })
  expect(scenario.sent()).toEqual(['+30s ops: a firing, b firing (first notification)'])
})
