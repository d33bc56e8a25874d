export type Place = { readonly row: number; readonly column: number }

/** Where a key leads in a grid; undefined for keys that mean something else. */
export function moveFocus(from: Place, key: string, grid: { rows: number; columns: number; ctrl?: boolean }): Place | undefined {
  const { rows, columns, ctrl = false } = grid
  if (rows === 0 || columns === 0) return undefined
  const to = step(from, key, { lastRow: rows - 1, lastColumn: columns - 1, ctrl })
  return to && { row: clamp(to.row, rows), column: clamp(to.column, columns) }
}

function step({ row, column }: Place, key: string, edge: { lastRow: number; lastColumn: number; ctrl: boolean }): Place | undefined {
  switch (key) {
    case 'ArrowUp':
      return { row: row - 1, column }
    case 'ArrowDown':
      return { row: row + 1, column }
    case 'ArrowLeft':
      return { row, column: column - 1 }
    case 'ArrowRight':
      return { row, column: column + 1 }
    case 'PageUp':
      return { row: row - 10, column }
    case 'PageDown':
      return { row: row + 10, column }
    case 'Home':
      return { row: edge.ctrl ? 0 : row, column: 0 }
    case 'End':
      return { row: edge.ctrl ? edge.lastRow : row, column: edge.lastColumn }
    default:
      return undefined
  }
}

function clamp(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index))
}
