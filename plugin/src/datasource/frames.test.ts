import { DataFrameType, FieldType } from '@grafana/data'
import { describe, expect, it } from 'vitest'
import type { Frame } from '../../../collector/src/contract/query.ts'
import { toDataFrames, toDisplayName } from './frames.ts'

const cpu: Frame = {
  name: 'cpu',
  labels: { host: 'a' },
  fields: [
    { name: 'time', type: 'time', values: [1000, 2000] },
    { name: 'usage_user', type: 'number', values: [1.5, null], unit: 'percent' },
    { name: 'up', type: 'boolean', values: [true, false] },
  ],
}

describe('toDataFrames', () => {
  it('keeps types, values, units and labels', () => {
    const [frame] = toDataFrames([cpu], { refId: 'A', kind: 'metrics' })
    expect(frame?.fields.map((field) => field.type)).toEqual([FieldType.time, FieldType.number, FieldType.boolean])
    expect(frame?.fields[1]).toMatchObject({ values: [1.5, null], labels: { host: 'a' }, config: { unit: 'percent' } })
    expect(frame?.fields[0]?.labels).toBeUndefined()
    expect(frame).toMatchObject({ refId: 'A', length: 2, meta: { type: DataFrameType.TimeSeriesMulti } })
  })

  it('names every series after its field and labels', () => {
    const [frame] = toDataFrames([cpu], { refId: 'A', kind: 'metrics' })
    expect(frame?.fields[1]?.config.displayNameFromDS).toBe('usage_user host=a')
  })

  it('leaves the columns of tables their own names', () => {
    const [frame] = toDataFrames([{ name: 'alerts', labels: {}, fields: [{ name: 'rule', type: 'string', values: ['x'] }] }], {
      refId: 'A',
      kind: 'alerts',
    })
    expect(frame?.fields[0]?.config.displayNameFromDS).toBeUndefined()
    expect(frame?.meta?.preferredVisualisationType).toBe('table')
  })

  it('says when a list may be longer than the query asked for', () => {
    const list: Frame = { name: 'alerts', labels: {}, fields: [{ name: 'rule', type: 'string', values: ['x', 'y'] }] }
    const noticesOf = (limit?: number) =>
      toDataFrames([list], { refId: 'A', kind: 'alerts', ...(limit && { limit }) })[0]?.meta?.notices?.map(({ text }) => text)
    expect(noticesOf(2)).toEqual(['Only the first 2 are shown; there may be more. Narrow the query, or raise its limit.'])
    expect(noticesOf(3)).toBeUndefined()
    expect(noticesOf()).toBeUndefined()
  })

  it('takes a frame without fields', () => {
    expect(toDataFrames([{ name: 'cpu', labels: {}, fields: [] }], { refId: 'A', kind: 'metrics' })[0]?.length).toBe(0)
  })
})

it('fills the placeholders of an alias; a label that is missing says nothing', () => {
  expect(toDisplayName('usage_user', { host: 'a' }, '{{host}}: {{ field }}{{zone}}')).toBe('a: usage_user')
  expect(toDisplayName('usage_user', {}, undefined)).toBe('usage_user')
})
