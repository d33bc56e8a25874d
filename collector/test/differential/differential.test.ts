import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { duckdb, memory } from '../../src/stores/index.ts'
import { newFolder } from '../collector.ts'
import { hasInfluxd, type Influxd, startInfluxd } from '../influxd.ts'
import { differences } from './differences.ts'
import { createCases } from './lines.ts'
import { describeOutcome, findOutcomes, sortOutcomes } from './outcomes.ts'
import { createRandom } from './random.ts'
import { runInfluxd, runTidewatch } from './run.ts'
import { asQueried, readInfluxd, readStore, storedOf } from './stored.ts'

const seed = Number(process.env.TIDEWATCH_SEED ?? 20_261_121)
const count = Number(process.env.TIDEWATCH_CASES ?? 2000)
const cases = createCases(seed, count, createRandom(seed))
const decisions = readFileSync(new URL('../../../docs/decisions/line-protocol.md', import.meta.url), 'utf8')

const hourNs = 3_600_000_000_000n
const nowNs = BigInt(Date.now()) * 1_000_000n
/** What either side took for now, cut to hours at the most. */
const window = { fromNs: nowNs - 2n * hourNs, toNs: nowNs + hourNs }

const doors = { log: silentLog, clock: systemClock, fetch, dataDir: newFolder() }
const stores = [
  { store: memory.create(memory.schema.parse({ type: 'memory' }), doors), every: 1 },
  // A commit each: a tenth of the cases is what the time allows.
  { store: duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), doors), every: 10 },
]

describe.skipIf(!hasInfluxd)(`${count} lines, half of them damaged (TIDEWATCH_SEED=${seed})`, () => {
  let influxd: Influxd
  beforeAll(async () => {
    influxd = await startInfluxd()
    // Shards for centuries: with the default, every odd time would make one of its own.
    const q = 'CREATE DATABASE d WITH DURATION INF REPLICATION 1 SHARD DURATION 10000w'
    await fetch(`${influxd.url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })
  })
  afterAll(() => influxd?.stop())

  it('are taken and refused as a real InfluxDB does, and stored as it stores them, but for the differences that are meant', async () => {
    const [{ store }] = stores as [(typeof stores)[number]]
    const theirs = await runInfluxd(influxd.url, 'd', cases)
    const ours = await runTidewatch(store, cases)
    const found = await readInfluxd(influxd.url, 'd', window)
    const sorted = sortOutcomes(findOutcomes({ cases, ours, theirs, found, window }), differences)
    expect(sorted.get(undefined)?.map(describeOutcome) ?? []).toEqual([])
    expect(theirs.filter(({ taken }) => taken).length, 'many are taken').toBeGreaterThan(count / 3)
    expect(theirs.filter(({ taken }) => !taken).length, 'many are refused').toBeGreaterThan(count / 5)
  })

  it.each(stores)('are found in the store as they were taken', async ({ store, every }) => {
    await store.start()
    const some = cases.filter(({ id }) => id % every === 0)
    const points = (await runTidewatch(store, some)).flatMap((verdict) => verdict.points)
    const expected = storedOf(asQueried(points), window)
    const found = await readStore(store, [...expected.keys()], window)
    for (const [name, values] of expected) expect([...(found.get(name) ?? [])].sort(), name).toEqual([...values].sort())
    await store.stop()
  })
})

it('has a reason for every difference in the decisions', () => {
  for (const { heading } of differences) expect(decisions).toContain(`## ${heading}\n`)
})
