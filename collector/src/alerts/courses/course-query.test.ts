import { beforeEach, expect, test } from 'vitest'
import type { Store } from '../../model/store.ts'
import { toTestBatch } from '../../stores/contract/test-batch.ts'
import { memory, memoryOptions } from '../../stores/memory/memory.ts'
import { seriesKindOf } from '../rules/definition/kind-of.ts'
import { type RuleInput, ruleSchema } from '../rules/definition/rule-schema.ts'
import { readCourse } from './course-query.ts'

const minute = 60_000
const nowMs = Date.UTC(2026, 0, 1, 12)
const tags = { service: 'shop' }
let store: Store

beforeEach(async () => {
  store = memory.create(memoryOptions.parse({ type: 'memory' }), {} as never)
  await store.start()
  const points = Array.from({ length: 600 }, (_, index) => {
    const minutesAgo = 600 - index
    const isLate = minutesAgo <= 10
    return {
      measurement: 'http',
      tags,
      fields: { count: 100, ...(isLate && { errors: 20 }), used: index, le_10: isLate ? 0 : 100, le_20: 100 },
      timeNs: BigInt(nowMs - minutesAgo * minute) * 1_000_000n,
    }
  })
  const delta = points.map((point) => ({ ...point, measurement: 'latency', tags: { ...tags, temporality: 'delta' } }))
  const other = points.map((point) => ({ ...point, tags: { service: 'other' }, fields: { count: 1, errors: 1, used: 0 } }))
  await store.write(toTestBatch([...points, ...delta, ...other]))
})

async function courseOf(given: Partial<RuleInput>) {
  const rule = ruleSchema.parse({ name: 'r', source: { measurement: 'http', field: 'errors', group_by: ['service'] }, ...given })
  const drawn = seriesKindOf(rule)?.drawn?.(rule.options)
  if (!drawn) throw new Error('this kind is not drawn')
  return readCourse({ rule, drawn, alert: { labels: tags }, store, nowMs, signal: new AbortController().signal })
}

const over = { field: 'count' }
const used = { measurement: 'http', field: 'used', group_by: ['service'] }

test('a ratio is drawn as its rule divides; where nothing failed it is 0', async () => {
  const course = await courseOf({ kind: 'ratio', over, as: 'percent', window: '5m', condition: { above: 5 } })
  expect(course?.what).toBe('http.errors in percent of http.count over 5m')
  expect(course?.values[0]).toBe(0)
  expect(course?.values.slice(-2)).toEqual([20, 20])
})

test('a burn rate is drawn by the errors that burn the budget', async () => {
  const course = await courseOf({ kind: 'burn_rate', over, objective: 99 })
  expect(course?.what).toBe('http.errors in percent of http.count over 5m')
  expect([course?.values[0], course?.values.at(-1)]).toEqual([0, 20])
})

test('a percentile of a histogram is drawn from its buckets', async () => {
  const source = { measurement: 'latency', group_by: ['service'] }
  const course = await courseOf({ kind: 'histogram', source, percentile: 99, window: '5m', condition: { above: 5 } })
  expect(course?.what).toBe('p99 of latency over 5m')
  expect(course?.values[0]).toBeCloseTo(9.9)
  expect(course?.values.at(-1)).toBeCloseTo(19.9)
})

test.each([
  ['compare', { aggregate: 'mean', window: '5m', condition: { above: 5 } }, 'mean of http.used over 5m', 597],
  ['deployment', { aggregate: 'max', window: '5m', condition: { above: 5 } }, 'max of http.used over 5m', 599],
  ['forecast', { window: '6h', condition: { above: 1000 } }, 'mean of http.used over 10m', 594.5],
] as const)('%s is drawn by the value that its own is made from', async (kind, keys, what, last) => {
  const course = await courseOf({ kind, source: used, ...keys })
  expect([course?.what, course?.values.at(-1)]).toEqual([what, last])
})
