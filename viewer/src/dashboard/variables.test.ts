import type { VariableModel } from '@grafana/schema'
import { describe, expect, it } from 'vitest'
import { toVariableSet } from './variables.ts'

const state = (variable: Partial<VariableModel> & Record<string, unknown>) => {
  const { variables } = toVariableSet([{ name: 'v', ...variable } as VariableModel])
  return variables.state.variables[0]?.state
}

describe('toVariableSet', () => {
  it('takes a query variable over with its query, choice and order', () => {
    const query = { refId: 'v', find: 'tag-values', tag: 'host' }
    const current = { text: ['All'], value: ['$__all'] }
    expect(
      state({
        type: 'query',
        label: 'Host',
        query,
        datasource: { uid: 'tidewatch' },
        current,
        multi: true,
        includeAll: true,
        allValue: '.*',
        sort: 1,
      }),
    ).toMatchObject({
      type: 'query',
      name: 'v',
      label: 'Host',
      query,
      datasource: { uid: 'tidewatch' },
      value: ['$__all'],
      isMulti: true,
      includeAll: true,
      allValue: '.*',
      sort: 1,
    })
  })

  it.each([
    [
      { type: 'custom', query: 'a,b', current: { value: 'b', text: 'b' } },
      { type: 'custom', query: 'a,b', value: 'b' },
    ],
    [
      { type: 'interval', query: '10s, 1m', current: { value: '1m' } },
      { type: 'interval', intervals: ['10s', '1m'], value: '1m' },
    ],
    [
      { type: 'textbox', query: 'start' },
      { type: 'textbox', value: 'start' },
    ],
    [
      { type: 'constant', query: '42', hide: 2 },
      { type: 'constant', value: '42', hide: 2 },
    ],
    [
      { type: 'datasource', query: 'prometheus' },
      { type: 'datasource', pluginId: 'prometheus' },
    ],
    [
      { type: 'adhoc', filters: [{ key: 'host', operator: '=', value: 'a' }] },
      { type: 'adhoc', filters: [{ key: 'host', operator: '=', value: 'a' }] },
    ],
    [
      { type: 'switch', options: [{ value: 'on' }, { value: 'off' }], current: { value: 'on' } },
      { type: 'switch', value: 'on', disabledValue: 'off' },
    ],
  ])('takes %j over', (variable, expected) => {
    expect(state(variable as never)).toMatchObject(expected)
  })

  it('leaves a variable of an unknown type out, and names it', () => {
    const { variables, unknown } = toVariableSet([{ name: 'odd', type: 'crystal' } as unknown as VariableModel])
    expect(variables.state.variables).toEqual([])
    expect(unknown).toEqual(['odd (crystal)'])
  })
})
