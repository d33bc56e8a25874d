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

test('raw samples come in order of time, each series by itself, in stretches', async () => {
  const store = storeThat((_, { from }) => [frame([from + 2, from + 1], [0.5, true]), frame([from + 1], [null])])
  const { moments, coarse, done } = await read(store, { from: 0, to: 2 * hour })
  expect(moments.map(({ timeMs, points }) => [timeMs, points.map(({ fields, tags }) => ({ fields, tags }))])).toEqual([
    [1, [{ fields: { usage: true }, tags: { host: 'a' } }]],
    [2, [{ fields: { usage: 0.5 }, tags: { host: 'a' } }]],
    [hour + 1, [{ fields: { usage: true }, tags: { host: 'a' } }]],
    [hour + 2, [{ fields: { usage: 0.5 }, tags: { host: 'a' } }]],
  ])
  expect(store.asked[0]).toMatchObject({ fields: ['usage'], aggregate: 'none', where: [], groupBy: ['host', 'rack'] })
  expect([coarse, done]).toEqual([[], [0.5, 1]])
})

test('where only averages are left they stand in at the end of their minute, and that is told', async () => {
  const store = storeThat(({ aggregate }) => (aggregate === 'none' ? [] : [frame([60_000], [7])]))
  const { moments, coarse } = await read(store, { from: 0, to: hour })
  expect(moments).toMatchObject([{ timeMs: 119_999, samples: 1 }])
  expect(coarse).toEqual([{ measurement: 'cpu', from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T01:00:00.000Z', everyMs: 60_000 }])
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
