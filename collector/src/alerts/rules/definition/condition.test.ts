import { describe, expect, test } from 'vitest'
import { conditionSchema, conditionText, holds } from './condition.ts'

const walk = (input: object, values: readonly number[]) => {
  const condition = conditionSchema.parse(input)
  let isFiring = false
  return values.map((value) => {
    isFiring = holds(condition, value, isFiring)
    return isFiring
  })
}

describe('a condition', () => {
  test.each([
    [{ above: 90 }, [90, 90.1, 90], [false, true, false]],
    [{ above: 90, until: 80 }, [85, 91, 85, 80.1, 80, 85], [false, true, true, true, false, false]],
    [{ below: 10 }, [10, 9, 10], [false, true, false]],
    [{ below: 10, until: 20 }, [15, 9, 15, 20, 15], [false, true, true, false, false]],
    [{ outside: [10, 20] }, [10, 9, 20, 21], [false, true, false, true]],
    [{ outside: [10, 20], until: [12, 18] }, [11, 9, 11, 12, 11, 21, 19, 18], [false, true, true, false, false, true, true, false]],
    [{ equals: 2 }, [1, 2, 3], [false, true, false]],
    [{ equals: 2, until: 1 }, [3, 4, 2, 3, 4, 1, 0, 3], [false, false, true, true, true, false, false, false]],
    [{ equals: 0, until: 1 }, [0, 0.5, 1], [true, true, false]],
  ])('%j on %j holds %j', (input, values, expected) => {
    expect(walk(input, values)).toEqual(expected)
  })

  test.each([
    [{}, /exactly one of above/],
    [{ above: 1, below: 2 }, /exactly one of above.*, not above and below/],
    [{ above: 80, until: 90 }, /until: 90 must not be greater than above: 80; .* such as 72/],
    [{ below: 20, until: 10 }, /until: 10 must not be less than below: 20; .* such as 22/],
    [{ outside: [20, 10] }, /\[low, high\]: \[10, 20\]/],
    [{ outside: [10, 20], until: 15 }, /until must be \[low, high\]/],
    [{ outside: [10, 20], until: [5, 15] }, /inside of outside/],
    [{ above: 1, until: [0, 1] }, /one number beside above/],
    [{ abov: 1 }, /abov/],
  ])('%j is refused', (input, message) => {
    expect(conditionSchema.safeParse(input).error?.message).toMatch(message)
  })

  test('reads well in a message', () => {
    expect(conditionText(conditionSchema.parse({ outside: [1, 2] }))).toBe('outside 1 to 2')
    expect(conditionText(conditionSchema.parse({ equals: 2 }))).toBe('equal to 2')
  })
})
