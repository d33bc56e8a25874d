import { describe, expect, it } from 'vitest'
import { describeArc, toFraction } from './arc.ts'

describe('toFraction', () => {
  it.each([
    [50, 0, 100, 0.5],
    [-1, 0, 100, 0],
    [200, 0, 100, 1],
    [5, 5, 5, 0],
    [Number.NaN, 0, 1, 0],
  ])('puts %d between %d and %d at %d', (value, min, max, expected) => {
    expect(toFraction(value, min, max)).toBe(expected)
  })
})

describe('describeArc', () => {
  it('opens downwards and takes the long way when it must', () => {
    expect(describeArc(10, 0, 1)).toBe('M -8.66 5.00 A 10 10 0 1 1 8.66 5.00')
    expect(describeArc(10, 0, 0.5)).toBe('M -8.66 5.00 A 10 10 0 0 1 0.00 -10.00')
  })
})
