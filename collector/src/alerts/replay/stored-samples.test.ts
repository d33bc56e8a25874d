import { expect, test } from 'vitest'
import type { Coarse } from '../../contract/replay.ts'
import type { Frame, MetricsQuery, TimeRange } from '../../model/query.ts'
import type { PastStore } from './past-store.ts'
import { createPastStore } from './past-store.ts'
import { storedSamples } from './stored-samples.ts'

const hour = 3_600_000
const frame = (times: number[], values: unknown[]): Frame => ({
  name: 'cpu',
  labels: { host: 'a', rack: '' },
  fields: [
    { name: 'time', type: 'time', values: times },
    { name: 'usage', type: 'number', values },
  ],
})

function storeThat(answer: (query: MetricsQuery, range: TimeRange) => readonly Frame[]): PastStore & { asked: MetricsQuery[] } {
  const asked: MetricsQuery[] = []
  return {
    asked,
    query: async (query, range) => {
      asked.push(query)
      return answer(query, range)
    },
    fields: async () => [
      { name: 'usage', type: 'float' },
      { name: 'other', type: 'float' },
    ],
    tags: async () => ['host', 'rack'],
    measurements: async () => ['cpu'],
  }
}

async function read(store: PastStore, range: TimeRange, signal = new AbortController().signal) {
  const coarse: Coarse[] = []
  const done: number[] = []
  const selectors = [
    { measurement: 'cpu', field: 'usage', where: [] },
    { measurement: 'cpu', field: /^us/, where: [{ tag: 'host', op: '=' as const, value: 'a' }] },
  ]
  const moments = []
  const options = {
    store,
    selectors,
    range,
    signal,
    onCoarse: (one: Coarse) => coarse.push(one),
    onProgress: (part: number) => done.push(part),
  }
  for await (const moment of storedSamples(options)) moments.push(moment)
  return { moments, coarse, done }
}

/** Answers with those of its rows that lie in the range. */
const within =
  (rows: readonly (readonly [number, unknown])[]) =>
  (_: MetricsQuery, { from, to }: TimeRange) => {
    const found = rows.filter(([timeMs]) => timeMs >= from && timeMs < to)
    return found.length === 0
      ? []
      : [
          frame(
            found.map(([timeMs]) => timeMs),
            found.map(([, value]) => value),
          ),
        ]
  }

test('raw samples come in order of time, each series by itself', async () => {
  const first = within([
    [2, 0.5],
    [1, true],
    [hour + 1, 7],
  ])
  const store = storeThat((query, range) => [
    ...first(query, range),
    ...within([[1, null]])(query, range),
    ...within([[2, 0.75]])(query, range),
  ])
  const { moments, coarse, done } = await read(store, { from: 0, to: 2 * hour })
  expect(moments.map(({ timeMs, samples, points }) => [timeMs, samples, points.map(({ fields, tags }) => ({ fields, tags }))])).toEqual([
    [1, 1, [{ fields: { usage: true }, tags: { host: 'a' } }]],
    [
      2,
      2,
      [
        { fields: { usage: 0.5 }, tags: { host: 'a' } },
        { fields: { usage: 0.75 }, tags: { host: 'a' } },
      ],
    ],
    [hour + 1, 1, [{ fields: { usage: 7 }, tags: { host: 'a' } }]],
  ])
  expect(store.asked[0]).toMatchObject({ fields: ['usage'], aggregate: 'none', where: [], groupBy: ['host', 'rack'] })
  expect([coarse, done.at(-1), done.every((part, index) => part > (done[index - 1] ?? 0))]).toEqual([[], 1, true])
})

test('the more samples there are the shorter are the times that are read at once, and the same moments come', async () => {
  const ranges: TimeRange[] = []
  const dense = Array.from({ length: 120_000 }, (_, index) => [index * 60, index] as const)
  const store = storeThat((query, range) => {
    ranges.push(range)
    return within(dense)(query, range)
  })
  const { moments } = await read(store, { from: 30_000, to: 2 * hour })
  expect(moments.map(({ timeMs }) => timeMs)).toEqual(dense.map(([timeMs]) => timeMs).filter((timeMs) => timeMs >= 30_000))
  // 50,000 samples at 60 ms are 50 minutes; averages of a minute are never cut in two.
  expect(Math.max(...ranges.map(({ from, to }) => to - from))).toBe(50 * 60_000)
  expect(ranges.slice(1).every(({ from }) => from % 60_000 === 0)).toBe(true)
})

test('where only averages are left they stand in at the end of their minute, and that is told', async () => {
  const minutes = within([
    [60_000, 7],
    [120_000, 8],
  ])
  const store = storeThat((query, range) => (query.aggregate === 'none' ? [] : minutes(query, range)))
  const { moments, coarse } = await read(store, { from: 0, to: hour })
  expect(moments).toMatchObject([
    { timeMs: 119_999, samples: 1 },
    { timeMs: 179_999, samples: 1 },
  ])
  expect(coarse).toEqual([{ measurement: 'cpu', from: '1970-01-01T00:01:00.000Z', to: '1970-01-01T00:05:00.000Z', everyMs: 60_000 }])
})

test('an average that was known only after the end of the time is not in it', async () => {
  const minutes = within([
    [60_000, 7],
    [120_000, 8],
  ])
  const store = storeThat((query, range) => (query.aggregate === 'none' ? [] : minutes(query, range)))
  const { moments, done } = await read(store, { from: 0, to: 150_000 })
  expect(moments.map(({ timeMs }) => timeMs)).toEqual([119_999])
  expect(done.at(-1)).toBe(1)
})

test('what is text is not asked for averages, and after the first raw samples nobody asks for any', async () => {
  const raw = within([[2 * hour, 5]])
  const store = storeThat((query, range) => (query.aggregate === 'none' ? raw(query, range) : []))
  const { moments } = await read(store, { from: 0, to: 6 * hour })
  expect(moments).toMatchObject([{ timeMs: 2 * hour, samples: 1 }])
  const after = store.asked.slice(store.asked.findLastIndex(({ aggregate }) => aggregate === 'mean') + 1)
  expect(after.length).toBeGreaterThan(2)
  const texts = { ...store, fields: async () => [{ name: 'usage', type: 'string' as const }] }
  store.asked.length = 0
  await read(texts, { from: 0, to: hour })
  expect(new Set(store.asked.map(({ aggregate }) => aggregate))).toEqual(new Set(['none']))
})

test('a field that no rule looks at is not read, and a measurement without any is not asked for', async () => {
  const store = storeThat(() => [])
  await read({ ...store, fields: async () => [{ name: 'other', type: 'float' }] }, { from: 0, to: hour })
  expect(store.asked).toEqual([])
})

test('an integer too large for a number, and a text, come as the store has them', async () => {
  const ofType = (type: 'number' | 'string', value: string): Frame => ({
    ...{ name: 'cpu', labels: {} },
    fields: [
      { name: 'time', type: 'time', values: [1] },
      { name: 'usage', type, values: [value] },
    ],
  })
  const first = (found: Frame) => storeThat((_, { from }) => (from === 0 ? [found] : []))
  expect((await read(first(ofType('number', '9007199254740993')), { from: 0, to: hour })).moments[0]?.points[0]?.fields).toEqual({
    usage: 9007199254740992,
  })
  expect((await read(first(ofType('string', '1.5')), { from: 0, to: hour })).moments[0]?.points[0]?.fields).toEqual({ usage: '1.5' })
})

test('a store of the past knows nothing of what came later', async () => {
  const ranges: TimeRange[] = []
  const store = storeThat((_, range) => {
    ranges.push(range)
    return []
  })
  const past = createPastStore(store, () => 1000)
  await past.store.query({} as MetricsQuery, { from: 0, to: 5000 })
  await past.store.query({} as MetricsQuery, { from: 2000, to: 5000 })
  expect(ranges).toEqual([{ from: 0, to: 1001 }])
  expect(past.pending()).toBe(0)
})
