import { expect, it } from 'vitest'
import { fc } from './fake-chance.ts'
import { createPace, sortPaced } from './pace.ts'

it('gives a turn after every ten thousand rows', async () => {
  let turns = 0
  const pace = createPace(async () => void turns++)
  for (let i = 0; i < 100; i++) await pace.after(1000)
  expect(turns).toBe(10)
})

it('sorts like the built-in sort, ties included, and lets others have their turns', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30_000 }),
      fc.integer(),
      fc.integer({ min: 1, max: 50_000 }),
      async (length, seed, kinds) => {
        const items = Array.from({ length }, (_, i) => ({ key: Math.abs(Math.imul(i + 1, seed | 1) >> 3) % kinds, i }))
        const compare = (a: { key: number }, b: { key: number }) => a.key - b.key
        const expected = items.toSorted(compare)
        await sortPaced(items, compare, createPace())
        expect(items).toEqual(expected)
      },
    ),
    { numRuns: 15 },
  )
})

it('takes no more than some ten thousand rows at a time from a million', async () => {
  let turns = 0
  const items = Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 1_000_003)
  await sortPaced(
    items,
    (a, b) => a - b,
    createPace(async () => void turns++),
  )
  expect(turns).toBeGreaterThan(500)
})
