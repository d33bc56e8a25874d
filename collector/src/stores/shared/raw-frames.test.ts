import { expect, it } from 'vitest'
import { fc } from '../../lib/fake-chance.ts'
import type { MetricsQuery } from '../../model/query.ts'
import { createPlan } from './plan.ts'
import { createRawFrames } from './raw-frames.ts'

const query: MetricsQuery = {
  ...{ measurement: 'm', fields: ['a', 'b'], aggregate: 'none', where: [], groupBy: ['host'], fill: 'none' },
  ...{ limit: 1_000_000, seriesMax: 100, order: 'asc' },
}
const range = { from: 0, to: 1_000_000 }
const planOf = (more: Partial<MetricsQuery>) =>
  createPlan({ ...query, ...more }, range, new Map([['a', 'float'] as const, ['b', 'integer'] as const]))

const cell = fc.record({ group: fc.nat(2), column: fc.nat(1), series: fc.nat(2), ms: fc.nat(6), value: fc.integer() })
type Cell = typeof cell extends fc.Arbitrary<infer Value> ? Value : never

/** The same by the most naive way: a row object for each point. */
function expected(cells: readonly Cell[], group: number, order: 'asc' | 'desc', limit: number) {
  const rows = new Map<string, { ms: number; key: string; values: (number | null)[] }>()
  for (const { ms, series, column, value } of cells.filter((one) => one.group === group)) {
    const row = rows.get(`${ms}/${series}`) ?? { ms, key: `s${series}`, values: [null, null] }
    row.values[column] = value
    rows.set(`${ms}/${series}`, row)
  }
  const sign = order === 'desc' ? -1 : 1
  return [...rows.values()].sort((a, b) => (a.ms - b.ms) * sign || (a.key < b.key ? -1 : 1)).slice(0, limit)
}

it('joins the fields of a point to a row, in the order of time and series, in whatever order they come', async () => {
  const order = fc.constantFrom('asc' as const, 'desc' as const)
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { maxLength: 40 }), order, fc.integer({ min: 1, max: 12 }), async (cells, order, limit) => {
      const frames = createRawFrames(planOf({ order, limit }))
      const groups = ['x', 'y', 'z'].map((host) => frames.groups.indexOf([host]))
      const series = ['s0', 's1', 's2'].map((key) => frames.seriesOf(key))
      for (const { group, column, series: one, ms, value } of cells)
        frames.set(groups[group] ?? 0, column, series[one] ?? 0, BigInt(ms) * 1_000_000n, value)
      const answer = new Map((await frames.frames()).map(({ labels, fields }) => [labels.host, fields.map(({ values }) => values)]))
      for (const [group, host] of ['x', 'y', 'z'].entries()) {
        const rows = expected(cells, group, order, limit)
        const columns = [rows.map(({ ms }) => ms), rows.map(({ values }) => values[0]), rows.map(({ values }) => values[1])]
        expect(answer.get(host)).toEqual(rows.length === 0 ? undefined : columns)
      }
    }),
    { numRuns: 300 },
  )
})

it('says how to ask for less when the rows, or the values of many fields, are too many to hold', () => {
  const ofOne = createRawFrames(planOf({ fields: ['a'], groupBy: [] }))
  const group = ofOne.groups.indexOf([])
  const series = ofOne.seriesOf('s')
  for (let i = 0; i < 1_000_000; i++) ofOne.set(group, 0, series, 0n, i)
  expect(() => ofOne.set(group, 0, series, 0n, 0)).toThrow(/more than 1000000 rows before its limit. Choose an aggregate/)
  const wide = createRawFrames(planOf({ fields: ['a', 'b', 'c', 'd', 'e'], groupBy: [] }))
  const fill = () => {
    for (let i = 0; i < 4_000_001; i++) wide.set(wide.groups.indexOf([]), i % 5, 0, 0n, i)
  }
  expect(fill).toThrow(/more than 4000000 values before its limit. Choose an aggregate, fewer fields/)
})
