import { describe, expect, it } from 'vitest'
import { withAdHocFilters } from './ad-hoc-filters.ts'
import type { TidewatchQuery } from './query-model.ts'

const metrics: TidewatchQuery = { refId: 'A', kind: 'metrics', where: [{ tag: 'cpu', op: '=', value: 'cpu0' }] }

describe('withAdHocFilters', () => {
  it("adds the dashboard's filters to those of the query", () => {
    const { where } = withAdHocFilters(metrics, [
      { key: 'host', operator: '!=', value: 'a' },
      { key: 'zone', operator: '=|', value: 'x', values: ['x', 'y'] },
      { key: 'rack', operator: '!=|', value: '1', values: ['1', '2.0'] },
    ])
    expect(where).toEqual([
      { tag: 'cpu', op: '=', value: 'cpu0' },
      { tag: 'host', op: '!=', value: 'a' },
      { tag: 'zone', op: 'in', value: ['x', 'y'] },
      { tag: 'rack', op: '!~', value: '^(1|2\\.0)$' },
    ])
  })

  it('refuses an operator it cannot keep rather than ignoring it', () => {
    expect(() => withAdHocFilters(metrics, [{ key: 'load', operator: '<', value: '3' }])).toThrow('"load < 3" cannot be used')
  })

  it('narrows health, alerts and deployments by the tags they have', () => {
    const filters = [
      { key: 'environment', operator: '=', value: 'production' },
      { key: 'host', operator: '=', value: 'a' },
    ]
    expect(withAdHocFilters({ refId: 'A', kind: 'deployments' }, filters)).toEqual({
      refId: 'A',
      kind: 'deployments',
      environments: ['production'],
    })
    expect(withAdHocFilters({ refId: 'A', kind: 'alerts' }, filters)).toEqual({ refId: 'A', kind: 'alerts' })
    expect(() => withAdHocFilters({ refId: 'A', kind: 'health' }, [{ key: 'environment', operator: '!=', value: 'x' }])).toThrow(
      'cannot be used on health',
    )
  })

  it('leaves out a filter that is only begun', () => {
    expect(withAdHocFilters(metrics, [{ key: '', operator: '=', value: '' }])).toBe(metrics)
  })
})
