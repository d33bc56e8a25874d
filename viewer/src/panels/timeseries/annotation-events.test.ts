import { toDataFrame } from '@grafana/data'
import { describe, expect, it } from 'vitest'
import { readAnnotations } from './annotation-events.ts'

const frame = (columns: Record<string, unknown[]>) =>
  toDataFrame({ fields: Object.entries(columns).map(([name, values]) => ({ name, values })) })

describe('readAnnotations', () => {
  it('reads moments and spans with their text, tags and colour', () => {
    const marks = readAnnotations([
      frame({
        time: [1000, 2000],
        timeEnd: [null, 3000],
        title: ['a', 'b'],
        text: ['', 'more'],
        tags: ['x, y', ['z']],
        color: ['red', null],
      }),
    ])
    expect(marks).toMatchObject([
      { time: 1000, timeEnd: undefined, title: 'a', text: '', tags: ['x', 'y'], color: 'red' },
      { time: 2000, timeEnd: 3000, title: 'b', text: 'more', tags: ['z'], color: undefined },
    ])
  })

  it('takes an end that is not after its beginning for a moment', () => {
    expect(readAnnotations([frame({ time: [1000], timeEnd: [1000] })])[0]?.timeEnd).toBeUndefined()
  })

  it('leaves rows without a time out, and reads times written as text', () => {
    expect(readAnnotations([frame({ time: [null, 'nonsense', '2026-01-01T00:00:00Z'] })]).map((mark) => mark.time)).toEqual([
      Date.UTC(2026, 0, 1),
    ])
  })

  it('gives every mark its own key', () => {
    const marks = readAnnotations([frame({ time: [1, 1] }), frame({ time: [1] })])
    expect(new Set(marks.map((mark) => mark.key)).size).toBe(3)
  })
})
