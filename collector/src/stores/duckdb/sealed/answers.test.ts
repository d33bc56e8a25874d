import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../../lib/clock.ts'
import { fc } from '../../../lib/fake-chance.ts'
import { silentLog } from '../../../lib/log.ts'
import type { Aggregate } from '../../../model/query.ts'
import type { Store } from '../../../model/store.ts'
import { ask, point, type Short, startMs, write } from '../../contract/subject.ts'
import { unsigned } from '../../contract/test-batch.ts'
import { duckdb } from '../duckdb.ts'

const aggregates: readonly (Aggregate | 'none')[] = [
  ...['none', 'mean', 'min', 'max', 'sum', 'count', 'first', 'last', 'median', 'p90', 'p95', 'p99', 'stddev', 'spread', 'rate', 'increase'],
] as never

/** Values that scale, that nearly do, and that must not. */
const float = fc.oneof(
  fc.integer({ min: -100_000, max: 100_000 }).map((v) => v / 100),
  fc.constantFrom(0, -0, 0.1 + 0.2, 1 / 3, 5e-324, 1e300, 123_456.789_012, 2 ** 53),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

const sample = fc.record({
  host: fc.constantFrom('a', 'b', 'c'),
  // In two days, in whole milliseconds and between them.
  seconds: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(86_399.999, 86_400, 86_400.000_000_5, 1e-9, 0.000_002)),
  float,
  integer: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(0n, 1n, -(2n ** 63n), 2n ** 63n - 1n)),
  big: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(0n, 2n ** 64n - 1n)),
  flag: fc.boolean(),
  text: fc.oneof(fc.constantFrom('', 'é 漢字 🙂', 'line\nbreak', "it's"), fc.string({ unit: 'grapheme' })),
})
type Sample = typeof sample extends fc.Arbitrary<infer Value> ? Value : never

const toPoint = ({ host, seconds, integer, big, flag, text, ...rest }: Sample) =>
  point('m', { host }, { float: rest.float, small: Math.round(rest.float % 1000) / 10, integer, big: unsigned(big), flag, text }, seconds)

async function answersOf(store: Store): Promise<Short[][]> {
  const answers: Short[][] = []
  const range = { from: startMs - 1000, to: startMs + 2 * 86_400_000 }
  for (const aggregate of aggregates) {
    // Of very large and very small numbers, a sum in another order may be another number altogether.
    const isExact = ['none', 'min', 'max', 'count', 'first', 'last'].includes(aggregate)
    const numbers = isExact ? ['float', 'small', 'integer', 'big'] : ['small']
    const fields = ['none', 'count', 'first', 'last'].includes(aggregate) ? [...numbers, 'flag', 'text'] : numbers
    answers.push(await ask(store, { fields, aggregate, groupBy: ['host'], everyMs: 21_600_000, fill: 'none' }, range))
  }
  return answers
}

/** Sums of the same values in another order differ in their last digits. */
const sameNumbers = (answers: readonly Short[][]) =>
  JSON.parse(JSON.stringify(answers), (_, value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value))

async function withStore<Answer>(work: (store: Store) => Promise<Answer>): Promise<Answer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-sealed-answers-'))
  const store = duckdb.create(duckdb.schema.parse({ type: 'duckdb' }), { log: silentLog, clock: systemClock, fetch, dataDir })
  await store.start()
  try {
    return await work(store)
  } finally {
    await store.stop()
    await rm(dataDir, { recursive: true })
  }
}

it('answers every aggregate from sealed days, and from late rows above them, as from the tables', async () => {
  const batches = fc.array(fc.array(sample, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(batches, async (given) => {
      const [hot, sealed, late] = await withStore(async (hotStore) => {
        for (const batch of given) await write(hotStore, ...batch.map(toPoint))
        return withStore(async (sealedStore) => {
          const lateAnswers: Short[][][] = []
          for (const batch of given) {
            await write(sealedStore, ...batch.map(toPoint))
            // What was written last lies above days that were sealed before.
            if (batch === given.at(-1)) lateAnswers.push(await answersOf(sealedStore))
            await sealedStore.seal?.()
          }
          return [await answersOf(hotStore), await answersOf(sealedStore), lateAnswers[0] ?? []]
        })
      })
      expect(sealed?.[0]).toEqual(hot?.[0])
      expect(late?.[0]).toEqual(hot?.[0])
      // Min, max, count, first and last are exact too, but either zero is the least of both.
      for (const exact of [2, 3, 5, 6, 7]) {
        expect(JSON.stringify(sealed?.[exact])).toEqual(JSON.stringify(hot?.[exact]))
        expect(JSON.stringify(late?.[exact])).toEqual(JSON.stringify(hot?.[exact]))
      }
      expect(sameNumbers(sealed ?? [])).toEqual(sameNumbers(hot ?? []))
      expect(sameNumbers(late ?? [])).toEqual(sameNumbers(hot ?? []))
    }),
    { numRuns: 4, endOnFailure: true },
  )
})
