import { expect, it } from 'vitest'
import { fc } from '../../../lib/fake-chance.ts'
import type { MetricsQuery } from '../../../model/query.ts'
import { toQuery } from '../../contract/subject.ts'
import { createPlan } from '../plan.ts'
import type { Interval } from './intervals.ts'
import { type LevelName, levels } from './levels.ts'
import { planSegments } from './segments.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

function plan(changes: Partial<MetricsQuery>, range: Interval, covered: Partial<Record<LevelName, readonly Interval[]>>) {
  const segments = planSegments(createPlan(toQuery(changes), range, new Map([['v', 'float']])), ({ name }) => covered[name] ?? [])
  return segments?.map(({ from, to, level }) => `${level?.name ?? 'raw'} ${from / minute}-${to / minute}`)
}

const all = Object.fromEntries(levels.map(({ name }) => [name, [{ from: 0, to: 10 * day }]]))

it('reads the coarsest windows within a bucket, finer ones at the edges and raw values where a window is cut', () => {
  expect(plan({ aggregate: 'mean', everyMs: hour }, { from: 30 * minute, to: day + 7.5 * minute }, all)).toEqual([
    '15m 30-60',
    '1h 60-1440',
    '5m 1440-1445',
    '1m 1445-1447',
    'raw 1447-1447.5',
  ])
  expect(plan({ aggregate: 'sum' }, { from: 0, to: 3 * day }, all)).toEqual(['1d 0-4320'])
  expect(plan({ aggregate: 'sum', everyMs: 10 * minute }, { from: 0, to: hour }, all)).toEqual(['5m 0-60'])
})

it('reads raw what is not rolled', () => {
  const covered = { '5m': [{ from: 0, to: hour }], '1h': [{ from: 0, to: 0 }] }
  expect(plan({ aggregate: 'mean', everyMs: hour }, { from: 0, to: 2 * hour }, covered)).toEqual(['5m 0-60', 'raw 60-120'])
})

it('has no plan for what needs every value, for buckets that cut windows, and where nothing is rolled', () => {
  for (const aggregate of ['median', 'p90', 'p95', 'p99', 'stddev'] as const) {
    expect(plan({ aggregate, everyMs: hour }, { from: 0, to: day }, all)).toBeUndefined()
  }
  expect(plan({ aggregate: 'mean', everyMs: 90_000 }, { from: 0, to: day }, all)).toBeUndefined()
  expect(plan({ aggregate: 'mean', everyMs: hour }, { from: 0, to: day }, {})).toBeUndefined()
})

const stretch = fc.tuple(fc.nat({ max: 3000 }), fc.nat({ max: 3000 })).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))

it('covers every range once, in order, with windows that are whole, rolled and within a bucket', () => {
  const everyMs = fc.constantFrom(minute, 5 * minute, 30 * minute, hour, day, 2 * day)
  fc.assert(
    fc.property(stretch, fc.array(stretch, { maxLength: 6 }), everyMs, (range, rolled, every) => {
      fc.pre(range.from < range.to)
      const covered = Object.fromEntries(
        levels.map(({ name, widthMs }, i) => {
          const one = rolled[i] ?? { from: 0, to: 0 }
          return [name, one.to - one.from > 0 ? [{ from: Math.ceil((one.from * minute) / widthMs) * widthMs, to: one.to * minute }] : []]
        }),
      )
      const asked = { from: range.from * minute, to: range.to * minute }
      const found = planSegments(createPlan(toQuery({ aggregate: 'mean', everyMs: every }), asked, new Map([['v', 'float']])), ({ name }) => covered[name] ?? []) // biome-ignore format: one line
      let at = asked.from
      for (const { from, to, level } of found ?? []) {
        expect(from).toBe(at)
        at = to
        if (!level) continue
        expect([from % level.widthMs, to % level.widthMs]).toEqual([0, 0])
        expect(covered[level.name]?.some((one) => one.from <= from && to <= one.to)).toBe(true)
        if (Math.ceil((asked.to - Math.floor(asked.from / every) * every) / every) > 1) expect(every % level.widthMs).toBe(0)
      }
      if (found) expect(at).toBe(asked.to)
    }),
  )
})
