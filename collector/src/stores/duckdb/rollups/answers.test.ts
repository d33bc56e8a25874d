import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Clock, createFakeClock } from '../../../lib/clock.ts'
import { fc } from '../../../lib/fake-chance.ts'
import { silentLog } from '../../../lib/log.ts'
import type { Aggregate } from '../../../model/query.ts'
import type { Store } from '../../../model/store.ts'
import { ask, point, startMs, write } from '../../contract/subject.ts'
import { createDuckdbStore, duckdb } from '../duckdb.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const aggregates: readonly Aggregate[] = ['mean', 'min', 'max', 'sum', 'count', 'first', 'last', 'spread', 'rate', 'increase']
const widths = [60_000, 300_000, 900_000, 1_800_000, hourMs, 7 * 60_000, dayMs, undefined]

/** A stretch of one series: `step` seconds apart, a gauge, a counter, or a counter that restarts. */
const stretch = fc.record({
  host: fc.constantFrom('a', 'b', 'c'),
  from: fc.nat({ max: 30 * 60 }),
  count: fc.integer({ min: 1, max: 90 }),
  step: fc.constantFrom(10, 20, 60, 240),
  kind: fc.constantFrom('gauge', 'counter', 'restarting'),
  seed: fc.nat({ max: 1000 }),
})

type Stretch = typeof stretch extends fc.Arbitrary<infer Value> ? Value : never

function toPoints({ host, from, count, step, kind, seed }: Stretch) {
  return Array.from({ length: count }, (_, i) => {
    const gauge = ((seed + i) * 7919) % 101
    const counter = kind === 'restarting' && i > count / 2 ? i : 1000 + i * (1 + (seed % 3))
    const v = kind === 'gauge' ? gauge / 7 : counter
    return point('m', { host }, { v, i: BigInt(Math.floor(v)) }, from * 60 + i * step)
  })
}

const question = fc.record({
  aggregate: fc.constantFrom(...aggregates),
  everyMs: fc.constantFrom(...widths),
  groupBy: fc.constantFrom([], ['host']),
  fromMs: fc.oneof(
    fc.integer({ min: -100, max: 1800 }).map((minutes) => minutes * 60_000),
    fc.nat({ max: 30 * hourMs }),
  ),
  lengthMs: fc.oneof(fc.constantFrom(hourMs, dayMs, 2 * dayMs), fc.integer({ min: 1, max: 30 * hourMs })),
})

/** The same question to a store that keeps no roll-ups, and to one that has rolled all it could. */
async function compare(
  rolled: Store,
  raw: Store,
  { fromMs, lengthMs, everyMs, ...rest }: typeof question extends fc.Arbitrary<infer V> ? V : never,
) {
  if (everyMs !== undefined && lengthMs / everyMs > 5000) return
  const range = { from: startMs + fromMs, to: startMs + fromMs + lengthMs }
  const asked = { ...rest, fields: ['v', 'i'], limit: 100_000, ...(everyMs === undefined ? {} : { everyMs }) }
  const [found, wanted] = [await ask(rolled, asked, range), await ask(raw, asked, range)]
  const near = (values: unknown) => (values as (number | null)[]).map((value) => (value === null ? null : expect.closeTo(value, 6)))
  expect(found).toEqual(wanted.map((frame) => ({ ...frame, v: near(frame.v), i: near(frame.i) })))
}

it('answers like the raw values, whatever was written when, before and after each round', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(stretch, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      fc.array(question, { minLength: 4, maxLength: 8 }),
      fc.nat({ max: 40 * 60 }),
      async (batches, questions, firstMinutes) => {
        const directory = await mkdtemp(join(tmpdir(), 'tidewatch-rollups-'))
        let nowMs = startMs + firstMinutes * 60_000
        const clock = { now: () => nowMs, monotonic: () => nowMs, after: () => () => {} }
        const make = (name: string, ofClock: Clock = clock) =>
          createDuckdbStore(
            duckdb.schema.parse({ type: 'duckdb' }),
            { log: silentLog, clock: ofClock, fetch, dataDir: join(directory, name) },
            { lagMs: 0, valuesPerWindowMin: batches.length % 2 },
          )
        let rolled = make('rolled')
        const raw = make('raw', createFakeClock(0))
        await Promise.all([rolled.start(), raw.start()])
        for (const [i, batch] of batches.entries()) {
          const points = batch.flatMap(toPoints)
          await Promise.all([write(rolled, ...points), write(raw, ...points)])
          for (const one of questions) await compare(rolled, raw, one)
          await rolled.roll()
          for (const one of questions) await compare(rolled, raw, one)
          nowMs += 8 * hourMs
          if (i % 2 === 1) {
            await rolled.stop()
            rolled = make('rolled')
            await rolled.start()
          }
        }
        for (const one of questions) await compare(rolled, raw, one)
        await Promise.all([rolled.stop(), raw.stop()])
        await rm(directory, { recursive: true })
      },
    ),
    { numRuns: 4 },
  )
})
