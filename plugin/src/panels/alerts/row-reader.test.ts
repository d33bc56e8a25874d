import { describe, expect, it } from 'vitest'
import { toFrameOfRows } from '../../../test/frames.ts'
import { createRowReader } from './row-reader.ts'

const alert = (id: string, more: Record<string, unknown> = {}) => ({
  ...{ id, rule: 'High CPU', severity: 'warning', state: 'firing', startsAt: 1000, labels: '{"host":"a"}' },
  ...more,
})
const many = Array.from({ length: 5000 }, (_none, index) => alert(`a${index}`))
/** What of the second answer is no row of the first. */
const anew = (first: Record<string, unknown>[], second: Record<string, unknown>[]) => {
  const read = createRowReader()
  const before = new Set(read([toFrameOfRows(first)]))
  const rows = read([toFrameOfRows(second)])
  expect(rows.map(({ id }) => id)).toEqual(second.map(({ id }) => id))
  return rows.filter((row) => !before.has(row)).map(({ id, state }) => `${id} ${state}`)
}

describe('createRowReader', () => {
  it('gives each of 5,000 alerts that did not change as the same row again', () => {
    const changed = [alert('a7', { state: 'recovering' }), ...many.filter(({ id }) => id !== 'a7')]
    expect(anew(many, changed)).toEqual(['a7 recovering'])
  })

  it('knows them in another order, and where some are gone or new', () => {
    expect(anew(many, [...many].reverse())).toEqual([])
    expect(anew(many, many.slice(100))).toEqual([])
    expect(anew(many.slice(1), many)).toEqual(['a0 firing'])
  })

  it('tells the episodes of one alert apart', () => {
    expect(anew([alert('a', { startsAt: 1 }), alert('a', { startsAt: 2 })], [alert('a', { startsAt: 2 })])).toEqual([])
  })

  it('reads everything anew when the columns are others', () => {
    expect(anew([alert('a')], [alert('a', { value: 3 })])).toEqual(['a firing'])
  })

  it('passes over frames that hold no alerts', () => {
    expect(createRowReader()([toFrameOfRows([{ id: 'x' }])])).toEqual([])
  })
})
