import { SceneGridItem, SceneGridLayout, SceneGridRow } from '@grafana/scenes'
import type { Panel, RowPanel } from '@grafana/schema'
import { toVizPanel } from './panel.ts'

type Part = Panel | RowPanel

/** A row of a classic dashboard with the panels that belong to it. */
export type Section = { row: RowPanel | undefined; panels: Panel[] }

/**
 * Gives every panel to its row.
 *
 * A collapsed row keeps its panels inside itself; an open one owns those that stand below it in the
 * list, up to the next row.
 */
export function splitIntoSections(parts: readonly Part[]): Section[] {
  const sections: Section[] = [{ row: undefined, panels: [] }]
  for (const part of parts) {
    if (isRow(part)) sections.push({ row: part, panels: part.collapsed ? [...part.panels] : [] })
    else sections.at(-1)?.panels.push(part)
  }
  return sections.filter(({ row, panels }) => row !== undefined || panels.length > 0)
}

export function toGridLayout(parts: readonly Part[]): SceneGridLayout {
  const children = splitIntoSections(parts).flatMap(({ row, panels }) => {
    const items: (SceneGridItem | SceneGridRow)[] = panels.map(toGridItem)
    return row === undefined ? items : [toGridRow(row, items)]
  })
  return new SceneGridLayout({ children, isDraggable: false, isResizable: false, isLazy: true })
}

function toGridRow(row: RowPanel, children: SceneGridRow['state']['children']): SceneGridRow {
  return new SceneGridRow({
    key: `row-${row.id}`,
    title: row.title ?? '',
    y: row.gridPos?.y ?? 0,
    isCollapsed: row.collapsed,
    isCollapsible: true,
    children,
  })
}

function toGridItem(panel: Panel): SceneGridItem {
  const { x, y, w, h } = panel.gridPos ?? { x: 0, y: 0, w: 12, h: 8 }
  return new SceneGridItem({ key: `item-${panel.id}`, x, y, width: w, height: h, body: toVizPanel(panel) })
}

function isRow(part: Part): part is RowPanel {
  return part.type === 'row'
}
