import { mkdtemp, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import type { Store } from '../../../model/store.ts'
import { askValues, point, startMs, write } from '../../contract/subject.ts'
import { duckdb } from '../duckdb.ts'

const dayMs = 86_400_000
const day = { from: startMs, to: startMs + dayMs }

let dataDir: string
let folder: string
let clock: FakeClock
let store: Store
const warned: unknown[] = []
const log = { ...silentLog, warn: (...given: unknown[]) => void warned.push(given) }

async function openStore(options: object = {}): Promise<void> {
  store = duckdb.create(duckdb.schema.parse({ type: 'duckdb', ...options }), { log, clock, fetch, dataDir })
  await store.start()
}

/** Lets the clock reach a round of the store, and waits until the round is over. */
async function round(afterMs: number): Promise<void> {
  await clock.advance(afterMs)
  await store.seal?.()
}

const files = async () => (await readdir(folder)).sort()
const bytes = async () =>
  (await Promise.all((await files()).map((name) => stat(join(folder, name))))).reduce((sum, { size }) => sum + size, 0)

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-days-'))
  folder = join(dataDir, 'metrics.duckdb.sealed')
  clock = createFakeClock(startMs + dayMs + 1_800_000)
  warned.length = 0
  await openStore()
})
afterEach(async () => {
  await store.stop()
  await rm(dataDir, { recursive: true })
})

it('seals a day by itself an hour after its end', async () => {
  await write(store, point('m', {}, { v: 1 }, 0), point('m', {}, { v: 2 }, 86_400))
  await clock.advance(60_000)
  expect(await files()).toEqual([])
  await round(3_600_000)
  expect(await files()).toEqual([expect.stringMatching(/^2026-01-01-float-\d+\.parquet$/)])
  expect(await askValues(store, {}, { from: startMs, to: startMs + 2 * dayMs })).toEqual([1, 2])
  expect(warned).toEqual([])
})

it('keeps the last values of sealed days over a restart', async () => {
  await write(store, point('m', { host: 'a' }, { v: 1, s: 'x', b: true }, 0), point('m', { host: 'a' }, { v: 2 }, 5))
  await store.seal?.()
  await store.stop()
  await openStore()
  for (const [field, value] of Object.entries({ v: 2, s: 'x', b: true })) {
    expect(await askValues(store, { fields: [field], aggregate: 'last' }, day)).toEqual([value])
  }
})

it('keeps zero and negative zero apart', async () => {
  await write(store, point('m', {}, { v: 0 }, 0), point('m', {}, { v: -0 }, 1), point('m', {}, { v: 0 }, 2))
  await store.seal?.()
  expect(await askValues(store, {}, day)).toEqual([0, -0, 0])
})

it('merges late rows into the file of their day, and leaves no other file behind', async () => {
  await write(store, ...[0, 1, 2].map((at) => point('m', {}, { v: at }, at)))
  await store.seal?.()
  const [before] = await files()
  await write(store, point('m', {}, { v: 10 }, 1), point('m', {}, { v: 30 }, 3))
  expect(await askValues(store, {}, day)).toEqual([0, 10, 2, 30])
  await store.seal?.()
  expect(await askValues(store, {}, day)).toEqual([0, 10, 2, 30])
  await store.stop()
  expect(await files()).toHaveLength(1)
  expect(await files()).not.toContain(before)
  await openStore()
  expect(await askValues(store, {}, day)).toEqual([0, 10, 2, 30])
})

it('gives the disk its room back, category by category', async () => {
  await store.stop()
  await openStore({ retention: { default: '90d', categories: { system: '7d', business: '30d' } } })
  const noise = (at: number) => Math.sin(at) * 1e6
  for (const category of ['system', 'business', 'odd']) {
    const points = Array.from({ length: 20_000 }, (_, i) => point('m', { category }, { v: noise(i) }, i))
    await write(store, ...points)
  }
  await store.seal?.()
  const counts = async () => {
    const found: unknown[] = []
    for (const value of ['system', 'business', 'odd'])
      found.push((await askValues(store, { limit: 100_000, where: [{ tag: 'category', op: '=', value }] }, day)).length)
    return found
  }
  const sizes = [await bytes()]
  expect(await counts()).toEqual([20_000, 20_000, 20_000])
  for (const days of [8, 23, 60]) {
    await round(days * dayMs)
    await store.stop()
    sizes.push(await bytes())
    await openStore({ retention: { default: '90d', categories: { system: '7d', business: '30d' } } })
  }
  expect(sizes.map((size) => Math.round((3 * size) / (sizes[0] ?? 1)))).toEqual([3, 2, 1, 0])
  expect(await counts()).toEqual([0, 0, 0])
  expect(warned).toEqual([])
})

it('names a damaged file, answers other days, and goes on without it when it is taken away', async () => {
  await write(store, point('m', {}, { v: 1 }, 0), point('m', {}, { v: 2 }, 86_400))
  await clock.advance(dayMs)
  await store.seal?.()
  await store.stop()
  const [first = ''] = await files()
  const path = join(folder, first)
  await truncate(path, 100)
  await openStore()
  const sentence = expect.stringMatching(/2026-01-01.* is damaged. Stop the collector and put the file back from a backup, or move it away/)
  await expect(askValues(store, {}, day)).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: sentence })
  expect(await askValues(store, {}, { from: startMs + dayMs, to: startMs + 2 * dayMs })).toEqual([2])
  await store.stop()
  await rename(path, join(dataDir, 'away'))
  await openStore()
  expect(await askValues(store, {}, { from: startMs, to: startMs + 2 * dayMs })).toEqual([2])
  expect((await store.status()).message).toContain('without 1 sealed file')
})

it('names a file that is damaged inside', async () => {
  await write(store, ...Array.from({ length: 5000 }, (_, i) => point('m', {}, { v: Math.sin(i) }, i)))
  await store.seal?.()
  const [name = ''] = await files()
  const handle = await open(join(folder, name), 'r+')
  const { size } = await handle.stat()
  await handle.write(Buffer.alloc(size - 1000, 7), 0, size - 1000, 4)
  await handle.close()
  await store.stop()
  await openStore()
  await expect(askValues(store, {}, day)).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining(name) })
})

it('sets days aside that an empty database does not know, and finds them again when theirs is put back', async () => {
  await write(store, point('m', {}, { v: 1 }, 0))
  await store.seal?.()
  const sealed = await files()
  await store.stop()
  await rename(join(dataDir, 'metrics.duckdb'), join(dataDir, 'away'))
  await openStore()
  expect(await askValues(store, {}, day)).toEqual([])
  expect(await files()).toEqual(sealed.map((name) => `${name}.of-another-store`))
  await store.stop()
  await rename(join(dataDir, 'away'), join(dataDir, 'metrics.duckdb'))
  await openStore()
  expect(await askValues(store, {}, day)).toEqual([1])
  expect(await files()).toEqual(sealed)
})
