import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../../lib/clock.ts'
import { fc } from '../../../lib/fake-chance.ts'
import { silentLog } from '../../../lib/log.ts'
import type { Store } from '../../../model/store.ts'
import { ask, point, startMs, write } from '../../contract/subject.ts'
import { duckdb } from '../duckdb.ts'

const seconds = fc.nat({ max: 20 })
const points = fc.array(fc.record({ host: fc.constantFrom('a', 'b', 'c'), at: seconds, v: fc.nat({ max: 99 }) }), { maxLength: 12 })
const ranges = fc.array(fc.record({ from: seconds, length: fc.integer({ min: 1, max: 20 }) }), { minLength: 1, maxLength: 6 })

async function lastRawOfEach(store: Store, range: { from: number; to: number }) {
  const frames = await ask(store, { fields: ['v', 'b', 's'], groupBy: ['host'], order: 'desc', limit: 1 }, range)
  return frames.map((frame) => ({ ...frame, seconds: [(range.from - startMs) / 1000] }))
}

it('gives the last value that the tables hold, whatever was written in whatever order, before and after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(points, { minLength: 1, maxLength: 4 }), ranges, async (batches, asked) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-last-'))
      const make = () => duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { log: silentLog, clock: systemClock, fetch, dataDir })
      const check = async (store: Store) => {
        for (const { from, length } of asked) {
          const range = { from: startMs + from * 1000, to: startMs + (from + length) * 1000 }
          const answer = await ask(store, { fields: ['v', 'b', 's'], groupBy: ['host'], aggregate: 'last' }, range)
          expect(answer).toEqual(await lastRawOfEach(store, range))
        }
      }
      const first = make()
      await first.start()
      for (const batch of batches) {
        await write(first, ...batch.map(({ host, at, v }) => point('m', { host }, { v, b: v % 2 === 0, s: `text ${v}` }, at)))
        await check(first)
      }
      await first.stop()
      const second = make()
      await second.start()
      await check(second)
      await write(second, point('m', { host: 'a' }, { v: 100, b: true, s: 'rewritten' }, asked[0]?.from ?? 0))
      await check(second)
      await second.stop()
      await rm(dataDir, { recursive: true })
    }),
    { numRuns: 8 },
  )
})
