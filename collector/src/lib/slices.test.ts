import { expect, test } from 'vitest'
import { inSlices } from './slices.ts'

test('others have their turn between slices, and not before the first', async () => {
  const seen: unknown[] = []
  const done = inSlices([1, 2, 3, 4, 5], 2, (slice) => seen.push(slice))
  setImmediate(() => seen.push('other'))
  expect(seen).toEqual([[1, 2]])
  await done
  expect(seen).toEqual([[1, 2], [3, 4], 'other', [5]])
})
