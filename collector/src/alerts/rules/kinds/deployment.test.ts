import { describe, expect, test } from 'vitest'
import type { Change } from '../definition/rule.ts'
import type { RuleInput } from '../definition/rule-schema.ts'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'
import { createFakePast } from '../samples/fake-past.ts'

const rule: RuleInput = {
  name: 'Slower',
  kind: 'deployment',
  source: { measurement: 'http', field: 'ms', group_by: ['service'] },
  window: '2m',
  bake: '10m',
  baseline: '1h',
  condition: { above: 50 },
}
const api = { service: 'api' }

function setup(changes: Partial<RuleInput> = {}) {
  const deployed: Change[] = []
  const store = createFakePast([api], () => 100)
  const lastChange = (service: string, _environment: string | undefined, atMs: number) =>
    deployed.filter((one) => one.service === service && one.startedMs <= atMs).at(-1)
  const scenario = createRuleScenario([{ ...rule, ...changes }], { store, lastChange })
  return {
    ...scenario,
    store,
    deploy(version: string, previousVersion: string | null = 'v1', service = 'api') {
      const startedMs = scenario.clock.now()
      deployed.push({ id: version, service, environment: 'production', version, previousVersion, startedMs, finishedMs: startedMs })
    },
    hold: (ms: number, seconds: number) => scenario.hold(ms, seconds, api, 'http.ms'),
  }
}

describe('beside the version before', () => {
  test('a step at the deployment fires once, and stays firing although the baseline would contain it by now', async () => {
    const { deploy, hold, states, instances, transitions, store } = setup()
    await hold(100, 300)
    deploy('v2')
    await hold(200, 3 * 3600)
    expect(states()).toBe('api firing')
    expect(transitions.map(({ to }) => to)).toEqual(['firing'])
    expect(instances()[0]?.annotations.summary).toBe(
      'mean of http.ms is 200 ms after 100 ms (+100 %) with version v1; v2 was deployed within 10m before, limit: above 50 % (service=api)',
    )
    expect(store.asked).toHaveLength(1)
    await hold(100, 200)
    expect(states()).toBe('api ok')
  })

  test('a rise long after a deployment is not of its making', async () => {
    const { deploy, hold, states } = setup()
    deploy('v2')
    await hold(100, 660)
    await hold(300, 300)
    expect(states()).toBe('api ok')
  })

  test('a rise after the deployment of another service is not', async () => {
    const { deploy, hold, states } = setup()
    deploy('v9', 'v8', 'web')
    await hold(300, 300)
    expect(states()).toBe('api ok')
  })

  test('a first deployment has nothing to be measured by: it neither fires nor passes', async () => {
    const { deploy, hold, transitions, store } = setup()
    deploy('v1', null)
    await hold(900, 300)
    expect(transitions).toEqual([])
    expect(store.asked).toEqual([])
  })

  test('a later deployment does not make the regression of the first one the new normal', async () => {
    const { deploy, hold, states, store } = setup()
    deploy('v2')
    await hold(200, 300)
    deploy('v3', 'v2')
    await hold(200, 600)
    expect(states()).toBe('api firing')
    expect(store.asked).toHaveLength(1)
  })

  test('a restart measures by the same time before the deployment', async () => {
    const { deploy, hold, store, startMs } = setup()
    await hold(100, 60)
    deploy('v2')
    await hold(200, 60)
    expect(store.asked[0]?.range).toEqual({ from: startMs + 60_000 - 3_600_000, to: startMs + 60_000 })
  })
})
