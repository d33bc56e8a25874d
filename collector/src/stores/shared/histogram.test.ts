import { describe, expect, it } from 'vitest'
import { parseBucketField, quantileOfBounds, quantileOfPowers } from './histogram.ts'

describe('bucket fields', () => {
  it.each([
    ['le_0.5', { kind: 'bound', bound: 0.5 }],
    ['le_-2', { kind: 'bound', bound: -2 }],
    ['le_1e+21', { kind: 'bound', bound: 1e21 }],
    ['le_+Inf', { kind: 'bound', bound: Number.POSITIVE_INFINITY }],
    ['exp3_18', { kind: 'power', scale: 3, index: 18, sign: 1 }],
    ['exp-2_neg_-7', { kind: 'power', scale: -2, index: -7, sign: -1 }],
    ['exp_zero', { kind: 'zero' }],
  ])('%s is one', (name, field) => expect(parseBucketField(name)).toEqual({ name, ...field }))

  it.each(['le_', 'le_x', 'level', 'exp', 'exp3', 'exp3_x', 'expected_5', 'count'])('%s is none', (name) =>
    expect(parseBucketField(name)).toBeUndefined(),
  )
})

describe('quantiles of bounds', () => {
  const counts = new Map([
    [0.5, 10],
    [0.1, 5],
    [1, 18],
  ])
  it.each([
    [0.25, 20, 0.1],
    [0.125, 20, 0.05],
    [0.375, 20, 0.3],
    [0.7, 20, 0.75],
    // The rank lies above the last bound, which is all that is known.
    [0.99, 20, 1],
    [0.5, 18, 0.5 - (0.4 * 1) / 5],
  ])('%d of %d values is %d', (quantile, total, value) => expect(quantileOfBounds(quantile, counts, total)).toBeCloseTo(value, 10))

  it('are none without values, and the bound itself where the first one is not above zero', () => {
    expect(quantileOfBounds(0.5, counts, 0)).not.toBeNull()
    expect(quantileOfBounds(0.5, new Map([[1, 0]]), 0)).toBeNull()
    expect(quantileOfBounds(0.5, new Map(), 5)).toBeNull()
    expect(quantileOfBounds(0.5, new Map([[-1, 4]]), 4)).toBe(-1)
  })
})

describe('quantiles of powers', () => {
  const power = (scale: number, index: number, count: number, sign: 1 | -1 = 1) => ({
    ...{ field: { kind: 'power', name: '', scale, index, sign } as const, count },
  })
  it('spread the logarithms evenly within a bucket', () => {
    expect(quantileOfPowers(0.5, [power(0, 2, 10)], 0)).toBeCloseTo(2 ** 2.5, 10)
    expect(quantileOfPowers(1, [power(0, 2, 10)], 0)).toBeCloseTo(8, 10)
    expect(quantileOfPowers(0.5, [power(0, 2, 10, -1)], 0)).toBeCloseTo(-(2 ** 2.5), 10)
  })
  it('go from below zero over zero to above', () => {
    const some = [power(0, 0, 4, -1), power(0, 0, 4)]
    expect(quantileOfPowers(0.5, some, 2)).toBe(0)
    expect(quantileOfPowers(0.2, some, 2)).toBeCloseTo(-(2 ** 0.5), 10)
    expect(quantileOfPowers(0.8, some, 2)).toBeCloseTo(2 ** 0.5, 10)
    expect(quantileOfPowers(0.5, [], 0)).toBeNull()
  })
  it('of several scales are those of the coarsest', () => {
    // Indexes 4 and 5 of scale 1 make up index 2 of scale 0.
    expect(quantileOfPowers(0.5, [power(1, 4, 3), power(1, 5, 3), power(0, 2, 4)], 0)).toBeCloseTo(2 ** 2.5, 10)
    expect(quantileOfPowers(1, [power(1, -1, 3), power(0, -3, 1)], 0)).toBeCloseTo(1, 10)
  })
})
