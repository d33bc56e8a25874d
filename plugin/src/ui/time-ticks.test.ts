import { expect, it } from 'vitest'
import { toTicks } from './time-ticks.ts'

const hour = 3_600_000

it('puts ticks at round times inside the range, no more than asked for', () => {
  const { times, format } = toTicks({ from: 90_000, to: 6 * hour, most: 6 })
  expect(times).toEqual([1, 2, 3, 4, 5, 6].map((hours) => hours * hour))
  expect(format).toBe('HH:mm')
})

it("puts a day's tick at the reader's midnight", () => {
  const { times, format } = toTicks({ from: 0, to: 72 * hour, most: 3, offsetMs: 2 * hour })
  expect(times).toEqual([22 * hour, 46 * hour, 70 * hour])
  expect(format).toBe('MM-DD')
})

it('tells ticks apart that lie on different days, or seconds apart', () => {
  expect(toTicks({ from: 0, to: 48 * hour, most: 8 }).format).toBe('MM-DD HH:mm')
  expect(toTicks({ from: 0, to: 60_000, most: 8 }).format).toBe('HH:mm:ss')
})

it('has none for a range without length', () => {
  expect(toTicks({ from: 5, to: 5, most: 8 }).times).toEqual([])
})
