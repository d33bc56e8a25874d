import { describe, expect, it } from 'vitest'
import { scrollTopFor, toOffsets, toRowWindow } from './row-window.ts'

const even = toOffsets(1000, () => 20)

describe('toRowWindow', () => {
  it('draws what is in view and a few rows more', () => {
    expect(toRowWindow({ offsets: even, viewHeight: 100, scrollTop: 2000, spare: 2 })).toEqual({
      start: 98,
      end: 108,
      first: 100,
      above: 1960,
      below: 17_840,
    })
  })

  it('always fills the whole height together with what it leaves out', () => {
    for (const scrollTop of [-50, 0, 7, 9999, 19_900, 99_999]) {
      const { start, end, above, below } = toRowWindow({ offsets: even, viewHeight: 100, scrollTop })
      expect(above + (end - start) * 20 + below).toBe(20_000)
      expect(end).toBeGreaterThan(start)
    }
  })

  it('counts rows of different heights', () => {
    const offsets = toOffsets(4, (row) => (row % 2 === 0 ? 10 : 50))
    expect(toRowWindow({ offsets, viewHeight: 40, scrollTop: 60, spare: 0 })).toEqual({ start: 2, end: 4, first: 2, above: 60, below: 0 })
  })

  it('draws nothing of nothing', () => {
    expect(toRowWindow({ offsets: toOffsets(0, () => 20), viewHeight: 100, scrollTop: 0 })).toEqual({
      start: 0,
      end: 0,
      first: 0,
      above: 0,
      below: 0,
    })
  })
})

describe('scrollTopFor', () => {
  it('stays where the row can be seen and moves just far enough where not', () => {
    expect(scrollTopFor(3, { offsets: even, viewHeight: 100, scrollTop: 40 })).toBe(40)
    expect(scrollTopFor(0, { offsets: even, viewHeight: 100, scrollTop: 40 })).toBe(0)
    expect(scrollTopFor(10, { offsets: even, viewHeight: 100, scrollTop: 40 })).toBe(120)
    expect(scrollTopFor(10, { offsets: even, viewHeight: 100, scrollTop: 40, headerHeight: 30 })).toBe(150)
  })

  it('brings a row out from under the one that stays at the top', () => {
    expect(scrollTopFor(3, { offsets: even, viewHeight: 100, scrollTop: 50, coveredHeight: 30 })).toBe(30)
    expect(scrollTopFor(4, { offsets: even, viewHeight: 100, scrollTop: 50, coveredHeight: 30 })).toBe(50)
    expect(scrollTopFor(1, { offsets: even, viewHeight: 100, scrollTop: 50, coveredHeight: 30 })).toBe(0)
  })
})
