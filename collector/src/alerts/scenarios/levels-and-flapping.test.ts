import { describe, expect, test } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { changeShare } from '../routing/groups/flapping.ts'
import { type RuleInput, ruleSchema } from '../rules/definition/rule-schema.ts'
import { hot, minute, type Scenario, type ScenarioOptions, second, startScenario } from '../scenario.ts'

/** Kapacitor's levels and flapping by what receivers get: its choice of level, and its share of changes as its comment means it. */
const route = { receiver: 'ops', group_wait: '0s', group_interval: '10s', repeat_interval: '4h' }
const started = (options: Partial<ScenarioOptions> = {}) =>
  startScenario({ records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db), route, ...options })

const ladder: RuleInput = {
  name: 'Load',
  kind: 'levels',
  source: { measurement: 'load', field: 'value' },
  window: '1m',
  levels: [
    { severity: 'info', condition: { above: 60, until: 50 } },
    { severity: 'warning', condition: { above: 70, until: 60 } },
    { severity: 'critical', condition: { above: 80, until: 70 } },
  ],
}
const levelsOf = (levels: readonly { severity: string; condition: object }[]) => ({ ...ladder, levels })
const level = (scenario: Scenario) => scenario.alerts().list({ limit: 1 }).alerts[0]?.severity ?? 'ok'

async function walk(scenario: Scenario, values: readonly number[]): Promise<string[]> {
  const seen: string[] = []
  for (const value of values) {
    scenario.push(value)
    await scenario.clock.advance(10 * second)
    seen.push(level(scenario))
  }
  return seen
}

describe('levels', () => {
  test('61 73 64 85 62 56 47 with 60, 70, 80 and ways back at 50, 60, 70 are info warning warning critical info info ok', async () => {
    const scenario = await started({ rules: [ladder] })
    const seen = await walk(scenario, [61, 73, 64, 85, 62, 56, 47])
    expect(seen).toEqual(['info', 'warning', 'warning', 'critical', 'info', 'info', 'ok'])
  })

  test('without ways back follow the value', async () => {
    const scenario = await started({
      rules: [
        levelsOf([60, 70, 80].map((above, index) => ({ severity: ['info', 'warning', 'critical'][index] ?? '', condition: { above } }))),
      ],
    })
    expect(await walk(scenario, [61, 73, 64, 85, 62, 56, 47])).toEqual(['info', 'warning', 'info', 'critical', 'info', 'ok', 'ok'])
  })

  test('leave a level at its own way back, not at that of another', async () => {
    const scenario = await started({ rules: [ladder] })
    expect(await walk(scenario, [85, 71, 70, 61, 60, 51, 50])).toEqual(['critical', 'critical', 'info', 'info', 'info', 'info', 'ok'])
    expect(await walk(scenario, [55, 85, 90, 40])).toEqual(['ok', 'critical', 'critical', 'ok'])
  })

  test('may be written in any order, and go down as well', async () => {
    const rule = levelsOf([
      { severity: 'critical', condition: { below: 5, until: 10 } },
      { severity: 'warning', condition: { below: 20, until: 25 } },
    ])
    const scenario = await started({ rules: [rule] })
    expect(await walk(scenario, [19, 4, 9, 11, 24, 25])).toEqual(['warning', 'critical', 'critical', 'warning', 'warning', 'ok'])
  })

  test('are one alert: its receiver hears of each rise and of the end, not of each fall, and its route follows its severity', async () => {
    const routes = [{ matchers: ['severity="critical"'], receiver: 'pager' }]
    const scenario = await started({ rules: [ladder], route: { ...route, routes } })
    await walk(scenario, [61, 61, 73, 73, 64, 85, 85, 75, 62, 62, 56, 47, 47, 47])
    expect(
      scenario.notifications().map(({ receiver, alerts, reason }) => `${receiver} ${alerts[0]?.severity} ${alerts[0]?.state}: ${reason}`),
    ).toEqual([
      'ops info firing: first notification',
      'ops warning firing: new alerts added',
      expect.stringMatching(/^(pager|ops) critical firing/),
      expect.stringMatching(/^(pager|ops) critical firing/),
      expect.stringMatching(/^(pager|ops) info resolved: all alerts resolved$/),
      expect.stringMatching(/^(pager|ops) info resolved: all alerts resolved$/),
    ])
    expect(new Set(scenario.notifications().map(({ alerts }) => alerts[0]?.id)).size).toBe(1)
    expect(scenario.alerts().list({ past: true, limit: 10 }).total).toBe(1)
  })

  test('say which limit it is about', async () => {
    const scenario = await started({ rules: [ladder] })
    await walk(scenario, [73])
    expect(scenario.notifications()[0]?.alerts[0]?.annotations.summary).toBe('load.value is 73, limit: above 70 (host=a)')
  })

  test('keep their level over a restart', async () => {
    const scenario = await started({ rules: [ladder] })
    await walk(scenario, [85])
    await scenario.restart()
    expect(await walk(scenario, [75, 65])).toEqual(['critical', 'info'])
  })

  test.each<[mistake: string, rule: RuleInput, why: string]>([
    ['a severity of the rule', { ...ladder, severity: 'high' }, 'each level has its own severity'],
    ['a level twice', levelsOf([60, 70].map((above) => ({ severity: 'info', condition: { above } }))), 'there is a level info already'],
    ['one level', levelsOf([{ severity: 'info', condition: { above: 1 } }]), '>=2 items'],
  ])('refuse %s', (_, rule, why) => {
    expect(ruleSchema.safeParse(rule).error?.message).toContain(why)
  })
})

describe('flapping', () => {
  const step = (at: number) => Array.from({ length: 21 }, (_, index) => (index < at ? 'ok' : 'high'))

  test('weighs a single step of 21 states from 0.0400, when it is the oldest, to 0.0600, when it is the newest', () => {
    const shares = Array.from({ length: 20 }, (_, index) => changeShare(step(index + 1)).toFixed(4))
    expect([shares[0], shares.at(-1)]).toEqual(['0.0400', '0.0600'])
    expect(shares).toEqual(shares.toSorted())
    expect(new Set(shares).size).toBe(20)
    expect(shares.reduce((sum, share) => sum + Number(share), 0)).toBeCloseTo(1, 2)
  })

  test('compares neighbours only: what differs from the newest but not from its neighbour is no change', () => {
    expect(changeShare(['high', ...new Array<string>(20).fill('ok')])).toBeCloseTo(0.04)
    expect(changeShare(new Array<string>(21).fill('high'))).toBe(0)
  })

  test('is told once when it starts, nothing while it lasts, and once when it has stopped', async () => {
    const scenario = await started({ rules: [{ ...hot, window: '10s' }] })
    const flap = async (forMs: number) => {
      for (let passed = 0; passed < forMs; passed += 20 * second) {
        await scenario.hold(95, 10 * second)
        await scenario.hold(50, 10 * second)
      }
    }
    await flap(5 * minute)
    const since = scenario.sent().length
    expect(scenario.sent().at(-1)).toMatch(/a firing \(flapping started\)$/)
    await flap(60 * minute)
    expect(scenario.sent()).toHaveLength(since)
    await scenario.hold(95, 20 * minute)
    expect(scenario.sent().slice(since)).toEqual([expect.stringMatching(/a firing \(flapping stopped\)$/)])
    await scenario.hold(50, 5 * minute)
    expect(scenario.sent().slice(since + 1)).toEqual([expect.stringMatching(/a resolved \(all alerts resolved\)$/)])
  })

  test('that changes its level with every evaluation is flapping, too', async () => {
    const scenario = await started({ rules: [{ ...ladder, window: '10s' }] })
    for (let round = 0; round < 30; round++) await walk(scenario, [75, 62, 59, 75])
    expect(scenario.sent().filter((line) => line.includes('(flapping started)'))).toHaveLength(1)
  })
})
