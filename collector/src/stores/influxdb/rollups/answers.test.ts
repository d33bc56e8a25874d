import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasInfluxd, type Influxd, startInfluxd } from '../../../../test/influxd.ts'
import { createFakeClock } from '../../../lib/clock.ts'
import { fc } from '../../../lib/fake-chance.ts'
import { type Log, silentLog } from '../../../lib/log.ts'
import type { Aggregate } from '../../../model/query.ts'
import { ask, askValues, point, startMs, write } from '../../contract/subject.ts'
import { createInfluxdbStore, influxdb } from '../influxdb.ts'

const hourMs = 3_600_000
const aggregates: readonly Aggregate[] = ['mean', 'min', 'max', 'sum', 'count', 'first', 'last', 'spread', 'median', 'increase']
const retention = { '1m': '9999d', '5m': '9999d', '15m': '9999d', '1h': '9999d' }

const stretch = fc.record({
  host: fc.constantFrom('a', 'b', 'with space,=', ''),
  from: fc.nat({ max: 30 * 60 }),
  count: fc.integer({ min: 1, max: 90 }),
  step: fc.constantFrom(10, 20, 60, 240),
  seed: fc.nat({ max: 1000 }),
})

function toPoints({ host, from, count, step, seed }: typeof stretch extends fc.Arbitrary<infer Value> ? Value : never) {
  return Array.from({ length: count }, (_, i) => {
    const v = (((seed + i) * 7919) % 101) / 7
    // Another millisecond for each host: of points at one instant InfluxDB takes any.
    const fields: Readonly<Record<string, number | bigint | string>> =
      i % 3 === 0 ? { v } : { v, 'v:sum': BigInt(Math.floor(v)), text: 'x' }
    return point('m', host === '' ? {} : { host }, fields, from * 60 + i * step + host.length / 1000)
  })
}

const question = fc.record({
  aggregate: fc.constantFrom(...aggregates),
  everyMs: fc.constantFrom(60_000, 300_000, 900_000, 1_800_000, hourMs, 7 * 60_000, 24 * hourMs, undefined),
  groupBy: fc.constantFrom([], ['host']),
  fromMs: fc.oneof(
    fc.integer({ min: -100, max: 1800 }).map((minutes) => minutes * 60_000),
    fc.nat({ max: 30 * hourMs }),
  ),
  lengthMs: fc.oneof(fc.constantFrom(hourMs, 24 * hourMs, 48 * hourMs), fc.integer({ min: 1, max: 30 * hourMs })),
})

describe.skipIf(!hasInfluxd)('roll-ups in the real influxd', () => {
  let influxd: Influxd
  let dataDir: string
  let clock = createFakeClock(startMs)
  const cleanUps: (() => Promise<void>)[] = []
  let databases = 0
  let database: string

  beforeAll(async () => {
    influxd = await startInfluxd()
  })
  afterAll(() => influxd.stop())
  beforeEach(async () => {
    clock = createFakeClock(startMs)
    database = `d${databases++}`
    dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-influx-rolled-'))
  })
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp()
    await rm(dataDir, { recursive: true })
  })

  async function open(rollups: object | false = { grace: '0s', backfill: '48h', retention }, log: Log = silentLog) {
    const options = influxdb.schema.parse({ type: 'influxdb', url: influxd.url, database, rollups })
    const store = createInfluxdbStore(options, { log, clock, dataDir })
    await store.start()
    cleanUps.push(() => store.stop())
    return store
  }

  async function run(q: string): Promise<unknown> {
    const response = await fetch(`${influxd.url}/query`, { method: 'POST', body: new URLSearchParams({ q, db: database }) })
    return response.json()
  }

  /** Changes a window behind the collector's back, so that an answer tells whether it was read. */
  async function tamper(policy: string, line: string): Promise<void> {
    const path = `/write?db=${database}&rp=${policy}&precision=ms`
    expect((await fetch(`${influxd.url}${path}`, { method: 'POST', body: line })).status).toBe(204)
  }

  const sums = { aggregate: 'sum', everyMs: hourMs } as const
  const day = { from: startMs, to: startMs + 24 * hourMs }

  it('answer like the points, whatever was written when, before and after each round and a restart', async () => {
    const raw = await open(false)
    const compare = async (
      rolled: typeof raw,
      { fromMs, lengthMs, everyMs, ...rest }: typeof question extends fc.Arbitrary<infer V> ? V : never,
    ) => {
      // biome-ignore format: one line
      if (everyMs !== undefined && lengthMs / everyMs > 3000) return
      const range = { from: startMs + fromMs, to: startMs + fromMs + lengthMs }
      const asked = { ...rest, fields: ['v', 'v:sum'], limit: 100_000, ...(everyMs === undefined ? {} : { everyMs }) }
      const near = (values: unknown) => (values as (number | null)[]).map((value) => (value === null ? null : expect.closeTo(value, 6)))
      const wanted = (await ask(raw, asked, range)).map((frame) => ({ ...frame, v: near(frame.v), 'v:sum': near(frame['v:sum']) }))
      expect(await ask(rolled, asked, range)).toEqual(wanted)
    }
    let rolled = await open()
    const one = fc.tuple(fc.array(fc.array(stretch, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), fc.array(question, { minLength: 6, maxLength: 10 })) // biome-ignore format: one line
    await fc.assert(
      fc.asyncProperty(one, async ([batches, questions]) => {
        for (const batch of batches) {
          await write(rolled, ...batch.flatMap(toPoints))
          for (const asked of questions) await compare(rolled, asked)
          await rolled.roll()
          for (const asked of questions) await compare(rolled, asked)
          clock.jump(3 * hourMs)
        }
        await rolled.stop()
        rolled = await open()
        await rolled.roll()
        for (const asked of questions) await compare(rolled, asked)
      }),
      { numRuns: 5 },
    )
  })

  it('are read, and a late point has its windows made anew', async () => {
    const store = await open()
    await write(store, point('m', { host: 'a' }, { v: 1 }, 60), point('m', { host: 'a' }, { v: 2 }, 3700))
    clock.jump(6 * hourMs)
    await store.roll()
    expect(await askValues(store, sums, day)).toEqual([1, 2])
    await tamper('tidewatch_1h', `m,host=a v:sum=100 ${startMs}`)
    expect(await askValues(store, sums, day)).toEqual([100, 2])
    expect(await askValues(store, { aggregate: 'median', everyMs: hourMs }, day)).toEqual([1, 2])
    await write(store, point('m', { host: 'a' }, { v: 5 }, 90))
    expect(await askValues(store, sums, day)).toEqual([6, 2])
    await store.roll()
    expect(await askValues(store, sums, day)).toEqual([6, 2])
    await tamper('tidewatch_1h', `m,host=a v:sum=7 ${startMs}`)
    expect(await askValues(store, sums, day)).toEqual([7, 2])
  })

  it('give the first and the last value of each series over raw edges, and of several series only the points do', async () => {
    const store = await open()
    await write(store, ...Array.from({ length: 600 }, (_, i) => point('m', { host: 'a' }, { v: i }, i * 30)))
    clock.jump(6 * hourMs)
    await store.roll()
    const range = { from: startMs + 40_000, to: startMs + 4 * hourMs + 40_000 }
    const asked = async (aggregate: Aggregate) => askValues(store, { aggregate, groupBy: ['host'] }, range)
    expect([await asked('first'), await asked('last'), await asked('count')]).toEqual([[2], [481], [480]])
    await tamper('tidewatch_1h', `m,host=a v:last=7 ${startMs + 4 * hourMs}`)
    expect(await askValues(store, { aggregate: 'last', groupBy: ['host'], everyMs: hourMs }, { from: startMs + 4 * hourMs, to: startMs + 5 * hourMs })).toEqual([7]) // biome-ignore format: one line
    expect(await askValues(store, { aggregate: 'last', everyMs: hourMs }, { from: startMs + 4 * hourMs, to: startMs + 5 * hourMs })).toEqual([599]) // biome-ignore format: one line
  })

  it('remember what is stale over a restart, and make the last hour before it anew', async () => {
    const store = await open()
    await write(store, ...[60, 3700, 5 * 3600 + 3000].map((seconds) => point('m', {}, { v: 1 }, seconds)))
    clock.jump(6 * hourMs)
    await store.roll()
    await write(store, point('m', {}, { v: 2 }, 70))
    await store.stop()
    await tamper('tidewatch_1h', `m v:sum=100 ${startMs}\nm v:sum=100 ${startMs + hourMs}\nm v:sum=100 ${startMs + 5 * hourMs}`)
    const again = await open()
    await again.roll()
    expect(await askValues(again, sums, day)).toEqual([3, 100, 1])
  })

  it('leave answers to the points when a policy is dropped, and begin anew', async () => {
    const store = await open()
    await write(store, point('m', {}, { v: 1 }, 60))
    clock.jump(6 * hourMs)
    await store.roll()
    await run(`DROP RETENTION POLICY tidewatch_1h ON ${database}`)
    expect(await askValues(store, sums, day)).toEqual([1])
    await store.roll()
    await tamper('tidewatch_1h', `m v:sum=100 ${startMs}`)
    expect(await askValues(store, sums, day)).toEqual([100])
  })

  it('say once that a round failed, harm no write, and go on by themselves', async () => {
    const warnings: string[] = []
    const log = { ...silentLog, warn: (_: unknown, message: string) => void warnings.push(message) } as Log
    const store = await open(undefined, log)
    await write(store, point('m', {}, { v: 1 }, 60))
    await influxd.kill('SIGTERM')
    for (let round = 0; round < 2; round++) {
      await clock.advance(60_000)
      await expect(store.roll()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    }
    await influxd.restart()
    expect(warnings).toEqual(['influxdb: roll-ups were not made; queries read raw points, and the next try is soon'])
    expect((await store.status()).message).toMatch(/roll-ups are not made: .* cannot be reached/)
    expect(await write(store, point('m', {}, { v: 1 }, 61))).toEqual({ rejected: [] })
    await clock.advance(10 * 60_000)
    await store.roll()
    expect((await store.status()).message).toMatch(/roll-ups until 2026-01-01T00:1\d:00.000Z$/)
    expect(await askValues(store, { aggregate: 'sum' })).toEqual([2])
  })
})
