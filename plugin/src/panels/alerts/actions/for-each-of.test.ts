import { expect, it } from 'vitest'
import { forEachOf } from './for-each-of.ts'

it('does a few at a time, goes on after a failure, and answers with what was thrown', async () => {
  const [begun, ends]: [number[], PromiseWithResolvers<void>[]] = [[], []]
  const done = forEachOf([0, 1, 2, 3, 4], 2, (one) => {
    begun.push(one)
    ends[one] = Promise.withResolvers()
    return ends[one].promise
  })
  expect(begun).toEqual([0, 1])
  ends[1]?.reject('no')
  await expect.poll(() => begun).toEqual([0, 1, 2])
  ends[2]?.resolve()
  await expect.poll(() => begun).toEqual([0, 1, 2, 3])
  ends[0]?.resolve()
  await expect.poll(() => begun).toEqual([0, 1, 2, 3, 4])
  ends[3]?.resolve()
  ends[4]?.reject('never')
  expect(await done).toEqual(['no', 'never'])
})
