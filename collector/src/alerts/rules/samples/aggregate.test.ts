import { expect, test } from 'vitest'
import type { RuleAggregate } from './aggregate.ts'
import { aggregate } from './aggregate.ts'

const series = (values: number[], fromMs = 0) => ({
  ...{ tags: {}, values, times: values.map((_, index) => fromMs + index * 10_000) },
  ...{ start: 0, end: values.length },
})

test.each<[RuleAggregate, number[], number | null]>([
  ['mean', [1, 2, 6], 3],
  ['min', [3, 1, 2], 1],
  ['max', [3, 1, 2], 3],
  ['sum', [1, 2, 3], 6],
  ['count', [1, 2, 3], 3],
  ['last', [1, 2, 3], 3],
  ['increase', [5, 10, 25], 20],
  ['increase', [90, 100, 5, 8], 18],
  ['increase', [7], null],
  ['rate', [0, 50, 100], 5],
  ['rate', [7], null],
  [{ percentile: 50 }, [4, 1, 3, 2], 2],
  [{ percentile: 95 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 10],
  [{ percentile: 99 }, [7], 7],
  ['mean', [], null],
  ['last', [], null],
])('%j of %j is %j', (kind, values, expected) => {
  expect(aggregate(kind, [series(values)])).toBe(expected)
})

test('several series count as one for values, and add up for counters', () => {
  const two = [series([1, 3]), series([5, 7])]
  expect(aggregate('mean', two)).toBe(4)
  expect(aggregate('increase', two)).toBe(4)
  expect(aggregate('rate', two)).toBe(0.4)
})

test('the last value of several series is the newest', () => {
  expect(aggregate('last', [series([1, 2], 60_000), series([8, 9])])).toBe(2)
})
