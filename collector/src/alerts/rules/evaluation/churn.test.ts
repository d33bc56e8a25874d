import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../definition/rule-schema.ts'
import { createRuleScenario } from './rule-scenario.ts'

const rule: RuleInput = { name: 'Hot', source: { measurement: 'load', field: 'value' }, condition: { above: 90 }, window: '1m' }

/** A host that stays, and pods that come and go, so many of them every ten seconds. */
async function churn(changes: Partial<RuleInput>, rounds: number, pods: number, value = 50) {
  const scenario = createRuleScenario([{ ...rule, limit: 100_000, ...changes }])
  for (let round = 0; round < rounds; round++) {
    for (let pod = 0; pod < pods; pod++) scenario.push(value, { host: `pod-${round}-${pod}` })
    await scenario.hold(50, 10)
  }
  await scenario.hold(50, 120)
  return scenario
}

const silent = ({ instances }: ReturnType<typeof createRuleScenario>) => instances().filter(({ state }) => state === 'no_data')

describe('label sets that come and go', () => {
  test('do not fill the list with what has no data any more: a handful is shown, and the others are forgotten', async () => {
    const scenario = await churn({}, 20, 50)
    expect(silent(scenario)).toHaveLength(20)
    expect(scenario.instances()).toHaveLength(21)
    // Which is no change of state of those that were fine.
    expect(scenario.transitions.filter(({ to }) => to === 'ok')).toEqual([])
  })

  test('make room for others when their hour is over', async () => {
    const scenario = await churn({}, 2, 50)
    const before = silent(scenario).map(({ id }) => id)
    await scenario.hold(50, 3600)
    expect(silent(scenario)).toEqual([])
    scenario.push(50, { host: 'b' })
    await scenario.hold(50, 120)
    expect(silent(scenario).map(({ labels }) => labels.host)).toEqual(['b'])
    expect(before).toHaveLength(20)
  })

  test('that fired are all kept, however many', async () => {
    const scenario = await churn({}, 2, 50, 95)
    expect(scenario.instances().filter(({ firedAtMs }) => firedAtMs !== null)).toHaveLength(100)
  })

  test('that are pending end at once when there is no room, and begin anew when they come back', async () => {
    const scenario = await churn({ for: '10m' }, 2, 50, 95)
    expect(silent(scenario)).toHaveLength(20)
    expect(scenario.transitions.filter(({ from, to }) => from === 'pending' && to === 'ok')).toHaveLength(80)
    scenario.push(95, { host: 'pod-1-49' })
    await scenario.clock.advance(0)
    expect(scenario.instances().find(({ labels }) => labels.host === 'pod-1-49')).toMatchObject({
      state: 'pending',
      activeSinceMs: scenario.clock.now(),
    })
  })

  test('are shown again when others that were shown have data', async () => {
    const scenario = await churn({}, 1, 30)
    const shown = silent(scenario).map(({ labels }) => labels.host ?? '')
    for (const host of shown) scenario.push(50, { host })
    await scenario.hold(50, 10)
    expect(silent(scenario)).toEqual([])
    await scenario.hold(50, 120)
    expect(silent(scenario)).toHaveLength(20)
  })
})
