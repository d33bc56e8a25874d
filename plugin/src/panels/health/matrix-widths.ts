export type MatrixWidths = {
  readonly label: number
  /** How wide a cell is at least; what it shows depends on it. */
  readonly cell: number
  /** The table scrolls sideways in anything narrower. */
  readonly table: number
  /** How many components stand beside each other; more than one only where there is a single environment. */
  readonly perLine: number
}

const cellMin = 116
/** Wide enough for a name, a state, its age and its latency. */
const tileMin = 340
const scrollbar = 14

/** How a matrix shares out its width: about a quarter for the names, the rest for the cells. */
export function toMatrixWidths(place: { width: number; columns: number; rows: number; labelWidth: number }): MatrixWidths {
  const { width, columns, rows, labelWidth } = place
  const perLine = columns === 1 ? Math.max(1, Math.min(rows, Math.floor(width / tileMin))) : 1
  const share = (width - scrollbar) / perLine
  const label = labelWidth > 0 ? labelWidth : Math.round(Math.min(280, Math.max(110, share * (perLine > 1 ? 0.4 : 0.28))))
  const cell = Math.max(cellMin, (share - label) / Math.max(1, columns))
  return { label, cell, perLine, table: Math.round((label + cell * columns) * perLine) }
}

/** Rows in lines of so many. */
export function toLines<T>(rows: readonly T[], perLine: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / perLine) }, (_none, line) => rows.slice(line * perLine, (line + 1) * perLine))
}
