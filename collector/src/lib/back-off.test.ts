import { expect, test } from 'vitest'
import { backOffMs } from './back-off.ts'

test('pauses double up to a minute, are at least half as long, and are whole milliseconds, as they are stored', () => {
  const attempts = [1, 2, 3, 7, 50]
  expect(attempts.map((attempt) => backOffMs(attempt, () => 0))).toEqual([500, 1000, 2000, 30_000, 30_000])
  expect(attempts.map((attempt) => backOffMs(attempt, () => 1))).toEqual([1000, 2000, 4000, 60_000, 60_000])
  expect(backOffMs(1, () => 0.1234)).toBe(562)
})
