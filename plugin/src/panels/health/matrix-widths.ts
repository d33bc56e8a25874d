export type MatrixWidths = {
  readonly label: number
  /** How wide a cell is at least; what it shows depends on it. */
  readonly cell: number
  /** The table scrolls sideways in anything narrower. */
  readonly table: number
}

const cellMin = 116
const scrollbar = 14

/** How a matrix shares out its width: about a quarter for the names, the rest for the cells. */
export function toMatrixWidths({ width, columns, labelWidth }: { width: number; columns: number; labelWidth: number }): MatrixWidths {
  const label = labelWidth > 0 ? labelWidth : Math.round(Math.min(280, Math.max(110, width * 0.28)))
  const cell = Math.max(cellMin, (width - scrollbar - label) / Math.max(1, columns))
  return { label, cell, table: Math.round(label + cell * columns) }
}
