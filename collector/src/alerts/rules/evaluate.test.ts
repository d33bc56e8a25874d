import { describe, expect, test } from 'vitest'
import { type At, evaluate } from './evaluate.ts'
import type { Instances } from './instances.ts'
import { type RuleInput, ruleSchema } from './rule.ts'
import type { SampleSeries } from './samples.ts'

const base: RuleInput = { name: 'Hot', source: { measurement: 'load', field: 'value' }, condition: { above: 90 }, every: '10s' }
const second = 1000
const series = (value: number, tags = { host: 'a' }): SampleSeries => ({ tags, times: [0], values: [value] })

/** Evaluates again and again, and says what came out each time: `10s a firing`. */
function walk(
  changes: Partial<RuleInput>,
  steps: readonly [atSeconds: number, ...values: (number | null)[]][],
  known: At['isWindowKnown'] = true,
) {
  const rule = ruleSchema.parse({ ...base, ...changes })
  let instances: Instances = new Map()
  return steps.map(([atSeconds, ...values]) => {
    const present = values.flatMap((value, index) => (value === null ? [] : [series(value, { host: 'abc'[index] ?? '' })]))
    const evaluation = evaluate(rule, present, instances, { nowMs: atSeconds * second, isWindowKnown: known })
    if (!evaluation.ok) return evaluation.error
    instances = evaluation.instances
    return [...instances.values()].map(({ labels, state }) => `${labels.host ?? '-'} ${state}`).join()
  })
}

describe('for', () => {
  test('of 0 fires at the first evaluation', () => {
    expect(walk({}, [[0, 95]])).toEqual(['a firing'])
  })

  test('counts from the first evaluation that holds, at every one', () => {
    expect(
      walk({ for: '20s' }, [
        [0, 95],
        [10, 95],
        [19, 95],
        [20, 95],
      ]),
    ).toEqual(['a pending', 'a pending', 'a pending', 'a firing'])
    expect(
      walk({ for: '20s' }, [
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
  test('holds an alert over a gap, and lets go when the gap is long enough', () => {
    expect(
      walk({ keep_firing_for: '20s' }, [
        [0, 95],
        [10, 50],
        [20, 95],
        [30, 50],
        [49, 50],
        [50, 50],
      ]),
    ).toEqual(['a firing', 'a recovering', 'a firing', 'a recovering', 'a recovering', 'a ok'])
  })

  test('does not hold a pending one', () => {
    expect(
      walk({ for: '1m', keep_firing_for: '20s' }, [
        [0, 95],
        [10, 50],
      ]),
    ).toEqual(['a pending', 'a ok'])
  })
})

describe('without data', () => {
  test('by default stays as it was for three evaluations and is then no_data, with its own labels', () => {
    expect(
      walk({}, [
        [0, 95],
        [10, null],
        [20, null],
        [29, null],
        [30, null],
        [40, 95],
      ]),
    ).toEqual(['a firing', 'a firing', 'a firing', 'a firing', 'a no_data', 'a firing'])
  })

  test('an alert that fired is never forgotten, one that did not after an hour', () => {
    const steps: [number, ...(number | null)[]][] = [
      [0, 95, 50],
      [10, null, null],
      [30, null, null],
      [3700, null, null],
    ]
    expect(walk({}, steps)).toEqual(['a firing,b ok', 'a firing,b ok', 'a no_data,b no_data', 'a no_data'])
  })

  test('ok means that the condition does not hold', () => {
    expect(
      walk({ on_no_data: 'ok' }, [
        [0, 95],
        [10, null],
      ]),
    ).toEqual(['a firing', 'a ok'])
  })

  test('keep means that nothing changes', () => {
    expect(
      walk({ on_no_data: 'keep' }, [
        [0, 95],
        [10, null],
        [3600, null],
      ]),
    ).toEqual(['a firing', 'a firing', 'a firing'])
  })

  test('alert means that the condition holds', () => {
    expect(
      walk({ on_no_data: 'alert', for: '20s' }, [
        [0, 50],
        [10, null],
        [30, null],
        [40, 50],
      ]),
    ).toEqual(['a ok', 'a pending', 'a firing', 'a ok'])
  })

  test('alert also fires for a rule that never saw any, until it sees some', () => {
    expect(
      walk({ on_no_data: 'alert' }, [
        [0, null],
        [10, null],
        [20, 50],
      ]),
    ).toEqual(['- firing', '- firing', 'a ok'])
  })

  test('nothing is missed before the window is known', () => {
    expect(
      walk(
        { on_no_data: 'alert' },
        [
          [0, 50],
          [10, null],
        ],
        false,
      ),
    ).toEqual(['a ok', 'a ok'])
  })
})

describe('too few samples', () => {
  test('neither fire nor resolve', () => {
    const rule = ruleSchema.parse({ ...base, min_samples: 2, aggregate: 'mean' })
    const few = series(99)
    const enough: SampleSeries = { tags: few.tags, times: [0, 1], values: [99, 99] }
    const first = evaluate(rule, [few], new Map(), { nowMs: 0, isWindowKnown: true })
    expect(first.ok && first.transitions).toEqual([])
    const second = evaluate(rule, [enough], new Map(), { nowMs: 0, isWindowKnown: true })
    const third = second.ok && evaluate(rule, [{ ...few, values: [1] }], second.instances, { nowMs: 10_000, isWindowKnown: true })
    expect(third && (third.ok ? third.transitions : third.error)).toEqual([])
  })
})

describe('while the window is only partly known', () => {
  test('what grows with the window is not judged, and nothing is called over', () => {
    expect(walk({ aggregate: 'count', condition: { below: 5 } }, [[0, 1]], false)).toEqual(['a ok'])
    expect(
      walk(
        { aggregate: 'mean' },
        [
          [0, 95],
          [10, 50],
        ],
        false,
      ),
    ).toEqual(['a firing', 'a firing'])
    expect(
      walk(
        { aggregate: 'last' },
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
  test('fails when two results have the same labels', () => {
    expect(walk({ labels: { host: 'all' } }, [[0, 95, 95]])[0]).toMatch(/two series have the same labels .*rule Hot/)
  })

  test('fails over the limit', () => {
    expect(walk({ limit: 1 }, [[0, 95, 95]])[0]).toMatch(/2 alerts at once, more than the limit of 1/)
  })

  test('groups series by the tags that the rule names', () => {
    const rule = ruleSchema.parse({ ...base, source: { ...base.source, group_by: ['rack'] }, aggregate: 'max' })
    const present = [
      series(95, { host: 'a', rack: '1' } as never),
      series(50, { host: 'b', rack: '1' } as never),
      series(50, { host: 'c', rack: '2' } as never),
    ]
    const evaluation = evaluate(rule, present, new Map(), { nowMs: 0, isWindowKnown: true })
    expect(evaluation.ok && evaluation.transitions.map(({ instance }) => instance.labels)).toEqual([
      { alertname: 'Hot', rack: '1', severity: 'warning' },
    ])
  })

  test('gives the same id for the same labels whatever the severity, and another for other labels', () => {
    const idOf = (changes: Partial<RuleInput>, host: string) => {
      const evaluation = evaluate(ruleSchema.parse({ ...base, ...changes }), [series(95, { host })], new Map(), {
        nowMs: 0,
        isWindowKnown: true,
      })
      return evaluation.ok ? [...evaluation.instances.keys()][0] : ''
    }
    expect(idOf({}, 'a')).toBe(idOf({ severity: 'critical' }, 'a'))
    expect(idOf({}, 'a')).not.toBe(idOf({}, 'b'))
    expect(idOf({}, 'a')).not.toBe(idOf({ name: 'Other' }, 'a'))
  })

  test('fills the templates of labels and annotations, and is not stopped by a broken one', () => {
    const rule = ruleSchema.parse({
      ...base,
      for: '0s',
      labels: { team: 'of-{{labels.host}}' },
      annotations: { summary: '{{labels.host}} at {{value}}, over {{threshold}} <{{severity}}>', broken: 'x {{#labels}}' },
    })
    const evaluation = evaluate(rule, [series(95.123456)], new Map(), { nowMs: 0, isWindowKnown: true })
    const instance = evaluation.ok ? [...evaluation.instances.values()][0] : undefined
    expect(instance?.labels.team).toBe('of-a')
    expect(instance?.annotations.summary).toBe('a at 95.12, over 90 <warning>')
    expect(instance?.annotations.broken).toMatch(/^<error expanding template: Unclosed section/)
    expect(instance?.state).toBe('firing')
  })
})
