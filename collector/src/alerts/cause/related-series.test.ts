import { expect, test } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import type { Frame, MetricsQuery } from '../../model/query.ts'
import { relatedSeries, type SearchStore } from './related-series.ts'

const frame = (labels: Record<string, string>, ...columns: unknown[][]): Frame => ({
  ...{ name: 'm', labels },
  fields: [
    { name: 'time', type: 'time', values: [30_000, 60_000] },
    ...columns.map((values, index) => ({ name: `c${index}`, type: 'number' as const, values })),
  ],
})

/** Every measurement has the tags service and pod, a number and a text, and one series unless `answer` says otherwise. */
function storeOf(
  names: readonly string[],
  { answer, tags = ['service', 'pod'] }: { answer?: (query: MetricsQuery) => readonly Frame[]; tags?: string[] } = {},
) {
  const asked: MetricsQuery[] = []
  const store: SearchStore = {
    measurements: async () => names,
    tags: async () => tags,
    fields: async () => [
      { name: 'value', type: 'float' },
      { name: 'note', type: 'string' },
    ],
    async query(query) {
      const wanted = query as MetricsQuery
      asked.push(wanted)
      return answer?.(wanted) ?? [frame({ service: 'shop', pod: '' }, [1, 2])]
    },
  }
  return { store, asked }
}

/** Each series with its labels and what was measured. */
async function read(
  store: SearchStore,
  { labels = { service: 'shop' }, first = [] as string[], signal = new AbortController().signal } = {},
) {
  const found: string[] = []
  for await (const { measurement, field, labels: own, line } of relatedSeries({
    store,
    labels,
    first,
    range: { from: 0, to: 90_000 },
    signal,
  }))
    found.push(
      `${measurement}.${field} ${JSON.stringify(own)} ${line.times.map((timeMs, row) => `${timeMs / 1000}s=${line.values[row]}`).join()}`,
    )
  return found
}
const many = (count: number, name = 'm') => Array.from({ length: count }, (_, index) => `${name}${index}`)

test('of a measurement that has the place of the alert its numbers are read, and labels without a value left out', async () => {
  const { store, asked } = storeOf(['queue'])
  expect(await read(store, { labels: { service: 'shop', zone: 'eu' } as never })).toEqual(['queue.value {"service":"shop"} 30s=1,60s=2'])
  expect(asked).toMatchObject([
    { fields: ['value'], where: [{ tag: 'service', op: '=', value: 'shop' }], groupBy: ['service', 'pod'], aggregate: 'mean' },
  ])
})

test('an alert that does not say where it is has nothing related', async () => {
  const { store, asked } = storeOf(['queue'])
  expect(await read(store, { labels: { alertname: 'Slow' } as never })).toEqual([])
  expect(await read(storeOf(['queue'], { tags: ['pod'] }).store)).toEqual([])
  expect(asked).toEqual([])
})

test('what the rule looks at is read first, and once; what the collector writes of alerts and changes never', async () => {
  const { store } = storeOf(['alert_events', 'deployments', 'cpu', 'http', 'deployment_steps'])
  expect((await read(store, { first: ['http', 'gone'] })).map((text) => text.split('.')[0])).toEqual(['http', 'cpu'])
})

test('it ends after 60 measurements, or 500 series', async () => {
  const { store, asked } = storeOf(many(80))
  expect(await read(store)).toHaveLength(60)
  expect(asked).toHaveLength(60)
  const wide = storeOf(many(20), { answer: () => many(90, 'p').map((pod) => frame({ service: 'shop', pod }, [1, 2])) })
  expect(await read(wide.store)).toHaveLength(500)
  expect(wide.asked).toHaveLength(6)
})

test('a measurement of too many series is looked at as one series of its place', async () => {
  const { store, asked } = storeOf(['http', 'queue'], {
    answer({ measurement, groupBy }) {
      if (measurement === 'http' && groupBy.includes('pod')) throw new AppError('QUERY_TOO_MANY_SERIES', 'too many')
      return [frame({ service: 'shop' }, [1, 2])]
    },
  })
  expect(await read(store)).toEqual(['http.value {"service":"shop"} 30s=1,60s=2', 'queue.value {"service":"shop"} 30s=1,60s=2'])
  expect(asked.map(({ groupBy }) => groupBy)).toEqual([['service', 'pod'], ['service'], ['service', 'pod']])
})

test('what cannot be read is left out, and the rest is read, without the gaps in it', async () => {
  const { store, asked } = storeOf(['broken', 'gone', 'queue'], {
    answer({ measurement }) {
      if (measurement === 'broken') throw new Error('no')
      if (measurement === 'gone') throw new AppError('STORE_UNAVAILABLE', 'no')
      return [frame({ service: 'shop' }, [null, 2])]
    },
  })
  expect(await read(store)).toEqual(['queue.value {"service":"shop"} 60s=2'])
  expect(asked).toHaveLength(3)
})

test('a measurement of texts is not asked for', async () => {
  const { store, asked } = storeOf(['log'])
  expect(await read({ ...store, fields: async () => [{ name: 'note', type: 'string' }] })).toEqual([])
  expect(asked).toEqual([])
})

test('it ends when it is told to', async () => {
  const told = new AbortController()
  const looked: string[] = []
  const { store, asked } = storeOf(many(5), {
    answer() {
      if (asked.length === 2) told.abort()
      return [frame({ service: 'shop' }, [1, 2])]
    },
  })
  const tags: SearchStore['tags'] = (name, signal) => {
    looked.push(name ?? '')
    return store.tags(name, signal)
  }
  expect((await read({ ...store, tags }, { signal: told.signal })).length).toBeLessThanOrEqual(2)
  expect([asked.length, looked]).toEqual([2, ['m0', 'm1']])
})
