import { cp, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { fc } from '../../../lib/fake-chance.ts'
import { silentLog } from '../../../lib/log.ts'
import type { Store } from '../../../model/store.ts'
import { ask, point, write } from '../../contract/subject.ts'
import { memory } from '../../memory/memory.ts'
import { duckdb } from '../duckdb.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tidewatch-replay-'))
})
afterEach(() => rm(root, { recursive: true }))

// The clock stands still, so the database takes rows over only when a query or a stop makes it.
const doors = { log: silentLog, clock: createFakeClock(), fetch }

async function openAt(dataDir: string): Promise<Store> {
  const store = duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { ...doors, dataDir })
  await store.start()
  return store
}

/** Few hosts, fields and times, so that points rewrite each other and come late. */
const onePoint = fc.record({
  host: fc.constantFrom('a', 'b'),
  at: fc.integer({ min: 0, max: 6 }),
  fields: fc.record(
    { f: fc.double({ noNaN: true, noDefaultInfinity: true }), i: fc.bigInt({ min: -9n, max: 9n }), b: fc.boolean(), s: fc.string() },
    { requiredKeys: ['f'] },
  ),
})
const steps = fc.array(fc.record({ points: fc.array(onePoint, { minLength: 1, maxLength: 6 }), thenAsk: fc.boolean() }), {
  minLength: 1,
  maxLength: 8,
})

async function everything(store: Store): Promise<unknown> {
  return ask(store, { fields: ['f', 'i', 'b', 's'], groupBy: ['host'] })
}

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

/** The bytes of the log that the database does not hold yet. */
async function logBytes(store: Store, path: string): Promise<number> {
  return ((await store.status()).bytesOnDisk ?? 0) - (await sizeOf(path)) - (await sizeOf(`${path}.wal`))
}

it('gives back exactly the acknowledged writes, wherever a crash cuts the log', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(steps, fc.double({ min: 0, max: 1, noNaN: true }), async (given, cutAt) => {
      const live = join(root, `live-${run}`)
      const crashed = join(root, `crashed-${run++}`)
      const path = join(live, 'metrics.duckdb')
      const store = await openAt(live)
      const ends: number[] = []
      for (const { points, thenAsk } of given) {
        await write(store, ...points.map(({ host, fields, at }) => point('m', { host }, fields, at)))
        ends.push(await logBytes(store, path))
        if (thenAsk) await everything(store)
        if (thenAsk) ends.fill(0)
      }
      await cp(live, crashed, { recursive: true })
      await store.stop()
      const cut = Math.floor(cutAt * (ends.at(-1) ?? 0))
      const folder = join(crashed, 'metrics.duckdb.log')
      for (const name of await readdir(folder)) await truncate(join(folder, name), cut)

      const expected = memory.create(memory.schema.parse({ type: 'memory' }), { ...doors, dataDir: root })
      const kept = given.filter((_, index) => (ends[index] ?? 0) <= cut)
      for (const { points } of kept) await write(expected, ...points.map(({ host, fields, at }) => point('m', { host }, fields, at)))
      const wanted = await everything(expected)
      for (let start = 0; start < 2; start++) {
        const found = await openAt(crashed)
        expect(await everything(found)).toEqual(wanted)
        await found.stop()
        expect(await readdir(folder)).toEqual([])
      }
      await expected.stop()
      await Promise.all([live, crashed].map((one) => rm(one, { recursive: true })))
    }),
    { numRuns: 30 },
  )
})
