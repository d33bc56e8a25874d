import { expect, it } from 'vitest'
import { toSparkPath } from './spark-path.ts'

it('fills its height from the lowest to the highest, and lays what does not move in the middle', () => {
  expect(toSparkPath([0, 10, 5], { width: 103, height: 23 })).toBe('M1.5 21.5L51.5 1.5L101.5 11.5')
  expect(toSparkPath([7, 7], { width: 13, height: 20 })).toBe('M1.5 10L11.5 10')
})
