import { describe, expect, it } from 'vitest'
import { toFrameOfRows } from '../../../../test/frames.ts'
import { createRowReader } from '../row-reader.ts'
import type { AlertFilter } from '../view-model.ts'
import { everything, filterRows, toLabelChoices } from './filter.ts'

const alert = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  rule: 'High CPU',
  severity: 'warning',
  state: 'firing',
  labels: '{"host":"a","severity":"warning"}',
  summary: 'busy',
  cause: null,
  ...more,
})
const rowsOf = (...alerts: Record<string, unknown>[]) => createRowReader()([toFrameOfRows(alerts)])

describe('filterRows', () => {
  const rows = rowsOf(
    alert('a', { severity: 'critical', rule: 'Down' }),
    alert('b', { state: 'resolved', labels: '{"service":"checkout"}' }),
    alert('c', { cause: 'api 1.4.2 deployed' }),
  )
  const ids = (filter: Partial<AlertFilter>) => filterRows(rows, { ...everything, ...filter }).map((row) => row.id)

  it('lets everything through until something is chosen', () => {
    expect(ids({})).toEqual(['a', 'b', 'c'])
  })

  it('joins severities, states and every word of the text', () => {
    expect(ids({ severities: new Set(['critical', 'high']) })).toEqual(['a'])
    expect(ids({ states: new Set(['resolved']) })).toEqual(['b'])
    expect(ids({ text: 'service=check' })).toEqual(['b'])
    expect(ids({ text: 'CPU 1.4.2' })).toEqual(['c'])
    expect(ids({ text: 'cpu', severities: new Set(['critical']) })).toEqual([])
  })

  it('joins different labels and lets the values of one name be alternatives', () => {
    expect(ids({ labels: new Set(['host=a']) })).toEqual(['a', 'c'])
    expect(ids({ labels: new Set(['host=a', 'severity=critical']) })).toEqual([])
    expect(ids({ labels: new Set(['service=checkout', 'service=cart']) })).toEqual(['b'])
  })

  it('leaves out what receivers are kept from hearing of when asked to', () => {
    const kept = rowsOf(
      alert('quiet', { status: 'suppressed', silencedBy: 's1, s2' }),
      alert('loud', { status: 'active', silencedBy: null }),
    )
    expect(filterRows(kept, everything)).toHaveLength(2)
    expect(filterRows(kept, { ...everything, showsSuppressed: false }).map((row) => row.id)).toEqual(['loud'])
    expect(kept[0]?.silencedBy).toEqual(['s1', 's2'])
  })
})

it('offers the labels there are, or the allowed ones of them', () => {
  const rows = rowsOf(alert('a', { labels: '{"host":"web-10","zone":"x"}' }), alert('b', { labels: '{"host":"web-2","zone":"x"}' }))
  expect(toLabelChoices(rows, [])).toEqual(['host=web-2', 'host=web-10', 'zone=x'])
  expect(toLabelChoices(rows, ['zone'])).toEqual(['zone=x'])
})
