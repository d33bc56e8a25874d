import { type SceneGridItem, SceneGridRow } from '@grafana/scenes'
import type { Panel, RowPanel } from '@grafana/schema'
import { describe, expect, it } from 'vitest'
import { splitIntoSections, toGridLayout } from './layout.ts'

const panel = (id: number, y: number) => ({ id, type: 'stat', title: `p${id}`, gridPos: { x: 0, y, w: 12, h: 4 } }) as Panel
const row = (id: number, y: number, collapsed: boolean, panels: Panel[] = []) =>
  ({ id, type: 'row', title: `r${id}`, collapsed, panels, gridPos: { x: 0, y, w: 24, h: 1 } }) as RowPanel

describe('splitIntoSections', () => {
  it('gives an open row the panels below it, and a collapsed one those inside it', () => {
    const sections = splitIntoSections([panel(1, 0), row(2, 4, false), panel(3, 5), row(4, 9, true, [panel(5, 10)])])
    expect(sections.map(({ row: of, panels }) => [of?.id, panels.map(({ id }) => id)])).toEqual([
      [undefined, [1]],
      [2, [3]],
      [4, [5]],
    ])
  })

  it('keeps an empty row, and makes no section of nothing', () => {
    expect(splitIntoSections([])).toEqual([])
    expect(splitIntoSections([row(1, 0, false)])).toHaveLength(1)
  })
})

describe('toGridLayout', () => {
  it('keeps places and sizes', () => {
    const [item] = toGridLayout([panel(1, 7)]).state.children as SceneGridItem[]
    expect(item?.state).toMatchObject({ x: 0, y: 7, width: 12, height: 4 })
  })

  it('makes rows that can be folded', () => {
    const [folded] = toGridLayout([row(4, 9, true, [panel(5, 10)])]).state.children
    expect(folded).toBeInstanceOf(SceneGridRow)
    expect(folded?.state).toMatchObject({ isCollapsed: true, isCollapsible: true, y: 9, title: 'r4' })
  })
})
