import { describe, expect, it, vi } from 'vitest'
import { toFrame } from '../../test/frames.ts'
import { createColumns } from './columns.ts'

describe('createColumns', () => {
  it('reads a missing column and a missing value as nothing', () => {
    const columns = createColumns(toFrame({ name: ['a', null] }))
    expect(columns.text('name', 1)).toBe('')
    expect(columns.number('value', 0)).toBeNull()
    expect(columns.time('since', 0)).toBeNull()
    expect(columns.has('name', 'value')).toBe(false)
  })

  it('takes times as milliseconds and as text', () => {
    const columns = createColumns(toFrame({ since: [1000, '1970-01-01T00:00:02Z', 'soon', Number.NaN] }))
    expect([0, 1, 2, 3].map((row) => columns.time('since', row))).toEqual([1000, 2000, null, null])
  })

  it('falls back when a JSON column holds none', () => {
    const columns = createColumns(toFrame({ labels: ['{"host":"a"}', '{', ''] }))
    expect([0, 1, 2].map((row) => columns.json('labels', row, {}))).toEqual([{ host: 'a' }, {}, {}])
  })

  it('gives the data links of a row, each address once', () => {
    const frame = toFrame({ name: ['a'], other: ['b'] })
    const links = vi.fn(() => [{ title: 'Logs', href: '/logs', target: '_blank', origin: {} }] as never)
    for (const field of frame.fields) Object.assign(field, { getLinks: links, config: { links: [{ title: 'Logs', url: '/logs' }] } })
    expect(createColumns(frame).links(0)).toHaveLength(1)
    expect(links).toHaveBeenCalledWith({ valueRowIndex: 0 })
  })
})
