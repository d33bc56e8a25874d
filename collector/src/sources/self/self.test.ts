import { expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Point } from '../../model/point.ts'
import { self } from './self.ts'

it("writes the collector's own figures at every interval, and outlives a store that refuses them", async () => {
  const clock = createFakeClock(0)
  const pushed: Point[] = []
  let accepted = 0
  const push = async (points: readonly Point[]) => {
    if (clock.now() === 10_000) throw new Error('the store is away')
    pushed.push(...points)
    return []
  }
  const doors = {
    clock,
    push,
    log: silentLog,
    fetch,
    hostname: 'web-1',
    end: () => undefined,
    readPage: () => Promise.reject(new Error('not read')) as never,
    listFiles: async () => [],
    ownStats: () => ({ points_accepted: BigInt(accepted++) }),
    readFile: () => Promise.reject(new Error('not read')),
    statfs: () => Promise.reject(new Error('not read')),
  }
  self.create({ interval: 10_000 }, doors).start()
  await clock.advance(20_000)
  expect(pushed.map((point) => [point.timeNs, point.fields.points_accepted])).toEqual([
    [0n, 0n],
    [20_000_000_000n, 2n],
  ])
})
