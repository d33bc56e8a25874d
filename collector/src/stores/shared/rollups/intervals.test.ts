import { expect, it } from 'vitest'
import { fc } from '../../../lib/fake-chance.ts'
import { add, type Interval, intersect, inward, subtract, windowsOf } from './intervals.ts'

const interval = fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 })).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
const numbersOf = (list: readonly Interval[]) => Array.from({ length: 31 }, (_, i) => i).filter((i) => list.some((one) => one.from <= i && i < one.to)) // biome-ignore format: one line

it('adds, subtracts and intersects like sets of numbers, and keeps lists sorted and apart', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), interval), { maxLength: 12 }), interval, (steps, range) => {
      let list: readonly Interval[] = []
      const numbers = new Set<number>()
      for (const [isAdded, one] of steps) {
        list = isAdded ? add(list, one) : subtract(list, one)
        for (const number of numbersOf([one])) isAdded ? numbers.add(number) : numbers.delete(number)
        expect(numbersOf(list)).toEqual([...numbers].sort((a, b) => a - b))
        for (let i = 1; i < list.length; i++) expect(list[i - 1]?.to).toBeLessThan(list[i]?.from ?? 0)
      }
      expect(numbersOf(intersect(list, range))).toEqual(numbersOf([range]).filter((number) => numbers.has(number)))
    }),
  )
})

it('keeps the whole windows of an interval', () => {
  expect(inward({ from: 3, to: 27 }, 10)).toEqual([{ from: 10, to: 20 }])
  expect(inward({ from: -13, to: 10 }, 10)).toEqual([{ from: -10, to: 10 }])
  expect(inward({ from: 3, to: 19 }, 10)).toEqual([])
})

it('joins the windows of units, and takes all finer windows of a unit', () => {
  const minute = 60_000
  expect(windowsOf([0, 5 * minute, 20 * minute], minute)).toEqual([
    { from: 0, to: 10 * minute },
    { from: 20 * minute, to: 25 * minute },
  ])
  expect(windowsOf([-5 * minute, 5 * minute, 20 * minute], 15 * minute)).toEqual([{ from: -15 * minute, to: 30 * minute }])
})
