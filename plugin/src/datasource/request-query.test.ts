import { describe, expect, it } from 'vitest'
import { isRunnable, type TidewatchQuery, toDisplayText } from './query-model.ts'
import { toRequestQuery } from './request-query.ts'

const metrics: TidewatchQuery = { refId: 'A', kind: 'metrics', measurement: 'cpu', fields: ['usage_user'] }

describe('toRequestQuery', () => {
  it("uses Grafana's interval unless the query has its own", () => {
    expect(toRequestQuery(metrics, 15_000)).toMatchObject({ every: '15000ms' })
    expect(toRequestQuery({ ...metrics, every: '1m' }, 15_000)).toMatchObject({ every: '1m' })
    expect(toRequestQuery({ ...metrics, every: 'all' }, 15_000)).toMatchObject({ every: 'all' })
    expect(toRequestQuery({ ...metrics, aggregate: 'none' }, 15_000)).not.toHaveProperty('every')
  })

  it('leaves out filters without a tag and names without letters', () => {
    expect(toRequestQuery({ ...metrics, where: [{ tag: '', op: '=', value: 'a' }], groupBy: [''] }, 1000)).toMatchObject({
      where: [],
      groupBy: [],
    })
  })

  it('never sends the view of another kind', () => {
    expect(toRequestQuery({ refId: 'A', kind: 'alerts', view: 'history' }, 1000)).toMatchObject({ view: 'active' })
    expect(toRequestQuery({ refId: 'A', kind: 'health', view: 'all' }, 1000)).toMatchObject({ view: 'current' })
  })
})

it('runs a metrics query once it has a measurement and a field, the others at once', () => {
  expect(isRunnable(metrics)).toBe(true)
  expect(isRunnable({ ...metrics, fields: [''] })).toBe(false)
  expect(isRunnable({ ...metrics, measurement: '' })).toBe(false)
  expect(isRunnable({ refId: 'A', kind: 'alerts' })).toBe(true)
  expect(isRunnable({ refId: 'A' } as TidewatchQuery)).toBe(false)
})

it('says in one line what a query asks', () => {
  expect(toDisplayText({ ...metrics, where: [{ tag: 'host', op: 'in', value: ['a', 'b'] }], groupBy: ['cpu'] })).toBe(
    'mean(usage_user) of cpu where host in a|b by cpu',
  )
  expect(toDisplayText({ refId: 'A', kind: 'health', view: 'history', environments: ['production'] })).toBe(
    'health (history) of production',
  )
  expect(toDisplayText({ refId: 'A', kind: 'metrics' })).toContain('choose a measurement')
})
