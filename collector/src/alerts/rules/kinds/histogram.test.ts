import { describe, expect, test } from 'vitest'
import type { Tags } from '../../../model/point.ts'
import { createRuleScenario } from '../evaluation/rule-scenario.ts'
import { percentileOf, toDistribution } from '../samples/buckets.ts'
import type { SampleSeries } from '../samples/samples.ts'

const grown = (field: string, by: number, tags: Tags = {}): SampleSeries => ({
  ...{ tags, field, times: [0, 10_000], values: [100, 100 + by] },
  ...{ start: 0, end: 2 },
})
const percentile = (series: SampleSeries[], percent: number) => {
  const distribution = toDistribution(series)
  return distribution && percentileOf(distribution, percent)
}

describe('a percentile of buckets', () => {
  test('lies evenly within its bucket', () => {
    const series = [grown('le_100', 50), grown('le_200', 90), grown('le_400', 100), grown('count', 100)]
    expect(percentile(series, 50)).toBe(100)
    expect(percentile(series, 70)).toBe(150)
    expect(percentile(series, 95)).toBe(300)
  })

  test('above the last bound is that bound, for nothing more is known', () => {
    expect(percentile([grown('le_100', 50), grown('count', 100)], 99)).toBe(100)
  })

  test('adds several series, which an average of percentiles could not', () => {
    const fast = [grown('le_100', 900), grown('le_1000', 900), grown('count', 900)]
    const slow = [grown('le_100', 0), grown('le_1000', 100), grown('count', 100)].map((one) => ({ ...one, tags: { host: 'b' } }))
    expect(percentile([...fast, ...slow], 95)).toBe(550)
  })

  test('sums increments instead of following a total', () => {
    const delta = { temporality: 'delta' }
    const series = ['le_10', 'count'].map((field) => ({ tags: delta, field, times: [0, 1], values: [3, 1], start: 0, end: 2 }))
    expect(toDistribution(series)?.count).toBe(4)
  })

  test('knows the classic form of Prometheus', () => {
    const series = [grown('value', 50, { le: '0.1' }), grown('value', 100, { le: '+Inf' }), grown('value', 80, { le: '0.2' })]
    expect(percentile(series, 65)).toBeCloseTo(0.15)
  })

  test('knows powers, of several scales, below zero and at it', () => {
    expect(percentile([grown('exp0_3', 10)], 100)).toBe(16)
    // Scale 1 has buckets of width √2: 4 and 5 together are bucket 2 of scale 0.
    expect(percentile([grown('exp1_4', 5), grown('exp1_5', 5), grown('exp0_3', 10)], 50)).toBe(8)
    expect(percentile([grown('exp0_neg_1', 10), grown('exp_zero', 10)], 100)).toBe(0)
    expect(percentile([grown('exp0_neg_1', 10), grown('exp_zero', 10)], 25)).toBe(-3)
  })

  test('of nothing is nothing', () => {
    expect(percentile([], 95)).toBeNull()
    expect(percentile([grown('le_1', 0), grown('count', 0)], 95)).toBeNull()
  })
})

test('a rule takes all buckets of a label set together, and needs its least number of values', async () => {
  const scenario = createRuleScenario([
    {
      name: 'Slow',
      kind: 'histogram',
      source: { measurement: 'http', group_by: ['service'] },
      percentile: 95,
      condition: { above: 500 },
      min_samples: 20,
    },
  ])
  const push = (total: number, fast: number) => {
    for (const [field, value] of [
      ['le_100', fast],
      ['le_1000', total],
      ['count', total],
      ['sum', total * 900],
    ] as const)
      scenario.push(value, { service: 'api', host: 'x' }, `http.${field}`)
  }
  push(100, 100)
  await scenario.to(60)
  push(110, 100)
  await scenario.to(120)
  expect(scenario.states()).toBe('api ok')
  push(200, 120)
  await scenario.to(180)
  expect(scenario.states()).toBe('api firing')
  expect(scenario.instances()[0]?.annotations.summary).toMatch(/^p95 of http over 5m is 943\.\d, limit: above 500 \(/)
})
