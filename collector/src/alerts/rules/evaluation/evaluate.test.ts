import { describe, expect, test } from 'vitest'
import type { Tags } from '../../../model/point.ts'
import type { RuleInput } from '../definition/rule-schema.ts'
import { createRuleScenario } from './rule-scenario.ts'

const base: RuleInput = { name: 'Hot', source: { measurement: 'load', field: 'value' }, condition: { above: 90 }, every: '10s' }

/** Time goes on and samples come, and says what came of it each time: `a firing`. A second is a window here. */
async function walk(changes: Partial<RuleInput>, steps: readonly [atSeconds: number, ...values: (number | null)[]][], isKnown = true) {
  const scenario = createRuleScenario([{ ...base, window: '1s', ...changes }], { isKnown })
  const told: string[] = []
  for (const [atSeconds, ...values] of steps) {
    await scenario.to(atSeconds)
    values.forEach((value, index) => {
      if (value !== null) scenario.push(value, { host: 'abc'[index] ?? '' })
    })
    await scenario.clock.advance(0)
    told.push(scenario.status()?.lastError ?? scenario.states())
  }
  return told
}

/** One sample of each, and the alerts that follow. */
async function alertsOf(changes: Partial<RuleInput>, ...samples: [value: number, tags: Tags][]) {
  const scenario = createRuleScenario([{ ...base, ...changes }])
  for (const [value, tags] of samples) scenario.push(value, tags)
  await scenario.clock.advance(0)
  return scenario.instances().filter(({ state }) => state !== 'ok')
}

describe('for', () => {
  test('of 0 fires at the first evaluation', async () => {
    expect(await walk({}, [[0, 95]])).toEqual(['a firing'])
  })

  test('counts from the first evaluation that holds, at every one', async () => {
    expect(
      await walk({ for: '20s' }, [
        [0, 95],
        [10, 95],
        [19, 95],
        [20, 95],
      ]),
    ).toEqual(['a pending', 'a pending', 'a pending', 'a firing'])
    expect(
      await walk({ for: '20s' }, [
        [0, 95],
        [10, 90],
        [20, 95],
        [30, 95],
        [40, 95],
      ]),
    ).toEqual(['a pending', 'a ok', 'a pending', 'a pending', 'a firing'])
  })
})

describe('keep_firing_for', () => {
  test('holds an alert over a gap, and lets go when the gap is long enough', async () => {
    expect(
      await walk({ keep_firing_for: '20s' }, [
        [0, 95],
        [10, 50],
        [20, 95],
        [30, 50],
        [49, 50],
        [50, 50],
      ]),
    ).toEqual(['a firing', 'a recovering', 'a firing', 'a recovering', 'a recovering', 'a ok'])
  })

  test('does not hold a pending one', async () => {
    expect(
      await walk({ for: '1m', keep_firing_for: '20s' }, [
        [0, 95],
        [10, 50],
      ]),
    ).toEqual(['a pending', 'a ok'])
  })
})

describe('without data', () => {
  test('by default stays as it was for three evaluations and is then no_data, with its own labels', async () => {
    expect(
      await walk({}, [
        [0, 95],
        [10, null],
        [20, null],
        [29, null],
        [30, null],
        [40, 95],
      ]),
    ).toEqual(['a firing', 'a firing', 'a firing', 'a firing', 'a no_data', 'a firing'])
  })

  test('an alert that fired is never forgotten, one that did not after an hour', async () => {
    const steps: [number, ...(number | null)[]][] = [
      [0, 95, 50],
      [10, null, null],
      [30, null, null],
      [3700, null, null],
    ]
    expect(await walk({}, steps)).toEqual(['a firing,b ok', 'a firing,b ok', 'a no_data,b no_data', 'a no_data'])
  })

  test('ok means that the condition does not hold', async () => {
    expect(
      await walk({ on_no_data: 'ok' }, [
        [0, 95],
        [10, null],
      ]),
    ).toEqual(['a firing', 'a ok'])
  })

  test('keep means that nothing changes', async () => {
    expect(
      await walk({ on_no_data: 'keep' }, [
        [0, 95],
        [10, null],
        [3600, null],
      ]),
    ).toEqual(['a firing', 'a firing', 'a firing'])
  })

  test('alert means that the condition holds', async () => {
    expect(
      await walk({ on_no_data: 'alert', for: '20s' }, [
        [0, 50],
        [10, null],
        [30, null],
        [40, 50],
      ]),
    ).toEqual(['a ok', 'a pending', 'a firing', 'a ok'])
  })

  test('alert also fires for a rule that never saw any, until it sees some', async () => {
    expect(
      await walk({ on_no_data: 'alert' }, [
        [0, null],
        [10, null],
        [20, 50],
      ]),
    ).toEqual(['- firing', '- firing', 'a ok'])
  })

  test('nothing is missed before the window is known', async () => {
    const [firing] = await alertsOf({}, [95, { host: 'a' }])
    const scenario = createRuleScenario([{ ...base, window: '1m', on_no_data: 'ok' }], { isKnown: false, restored: firing ? [firing] : [] })
    await scenario.to(59)
    expect(scenario.states()).toBe('a firing')
    await scenario.to(60)
    expect(scenario.states()).toBe('a ok')
  })
})

describe('too few samples', () => {
  test('neither fire nor resolve', async () => {
    const scenario = createRuleScenario([{ ...base, min_samples: 2, aggregate: 'mean', window: '15s' }])
    scenario.push(99)
    await scenario.to(5)
    expect(scenario.states()).toBe('a ok')
    await scenario.to(10)
    scenario.push(99)
    await scenario.to(11)
    expect(scenario.states()).toBe('a firing')
    await scenario.to(26)
    scenario.push(1)
    await scenario.to(27)
    expect(scenario.states()).toBe('a firing')
  })
})

describe('while the window is only partly known', () => {
  test('what grows with the window is not judged, and nothing is called over', async () => {
    expect(await walk({ window: '1h', aggregate: 'count', condition: { below: 5 } }, [[0, 1]], false)).toEqual(['a ok'])
    expect(
      await walk(
        { window: '1h', aggregate: 'mean' },
        [
          [0, 95],
          [10, 50],
        ],
        false,
      ),
    ).toEqual(['a firing', 'a firing'])
    expect(
      await walk(
        { window: '1h', aggregate: 'last' },
        [
          [0, 95],
          [10, 50],
        ],
        false,
      ),
    ).toEqual(['a firing', 'a ok'])
  })
})

describe('an evaluation', () => {
  test('fails when two results have the same labels', async () => {
    expect((await walk({ labels: { host: 'all' } }, [[0, 95, 95]]))[0]).toMatch(/two series have the same labels .*rule Hot/)
  })

  test('fails over the limit', async () => {
    expect((await walk({ limit: 1 }, [[0, 95, 95]]))[0]).toMatch(/2 alerts at once, more than the limit of 1/)
  })

  test('groups series by the tags that the rule names', async () => {
    const source = { measurement: 'load', field: 'value', group_by: ['rack'] }
    const samples: [number, Tags][] = [
      [95, { host: 'a', rack: '1' }],
      [50, { host: 'b', rack: '1' }],
      [50, { host: 'c', rack: '2' }],
    ]
    const found = await alertsOf({ source, aggregate: 'max' }, ...samples)
    expect(found.map(({ labels }) => labels)).toEqual([{ alertname: 'Hot', rack: '1', severity: 'warning' }])
  })

  test('gives the same id for the same labels whatever the severity, and another for other labels', async () => {
    const idOf = async (changes: Partial<RuleInput>, host: string) => (await alertsOf(changes, [95, { host }]))[0]?.id
    expect(await idOf({}, 'a')).toBe(await idOf({ severity: 'critical' }, 'a'))
    expect(await idOf({}, 'a')).not.toBe(await idOf({}, 'b'))
    expect(await idOf({}, 'a')).not.toBe(await idOf({ name: 'Other' }, 'a'))
  })

  test('fills the templates of labels and annotations', async () => {
    const labels = { team: 'of-{{labels.host}}' }
    const annotations = { summary: '{{labels.host}} at {{value}}, over {{threshold}} <{{severity}}>' }
    const [instance] = await alertsOf({ labels, annotations }, [95.123456, { host: 'a' }])
    expect(instance?.labels.team).toBe('of-a')
    expect(instance?.annotations.summary).toBe('a at 95.12, over 90 <warning>')
  })
})
