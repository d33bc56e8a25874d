export type RowWindow = {
  /** The first row to draw and the one after the last. */
  readonly start: number
  readonly end: number
  /** The first row in view. */
  readonly first: number
  /** Pixels of the rows left out above and below. */
  readonly above: number
  readonly below: number
}

/** Where each row begins, and last where all of them end. */
export function toOffsets(count: number, heightOf: (row: number) => number): number[] {
  const offsets = [0]
  for (let row = 0; row < count; row += 1) offsets.push((offsets[row] ?? 0) + heightOf(row))
  return offsets
}

/**
 * Which of many rows are worth drawing.
 *
 * Pure. A few rows more than can be seen, so that a wheel's turn finds them drawn already.
 */
export function toRowWindow(view: { offsets: readonly number[]; viewHeight: number; scrollTop: number; spare?: number }): RowWindow {
  const { offsets, viewHeight, spare = 8 } = view
  const count = offsets.length - 1
  const total = offsets[count] ?? 0
  const scrollTop = Math.min(Math.max(0, view.scrollTop), Math.max(0, total - viewHeight))
  const first = rowAt(offsets, scrollTop)
  const start = Math.max(0, first - spare)
  const end = Math.min(count, rowAt(offsets, scrollTop + viewHeight) + 1 + spare)
  return { start, end, first, above: offsets[start] ?? 0, below: total - (offsets[end] ?? total) }
}

/** The row that covers a height. */
function rowAt(offsets: readonly number[], height: number): number {
  let low = 0
  let high = offsets.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((offsets[middle] ?? 0) <= height) low = middle
    else high = middle
  }
  return low
}

type Reached = {
  offsets: readonly number[]
  viewHeight: number
  scrollTop: number
  /** Stands above the rows and leaves less room for them. */
  headerHeight?: number
  /** One of the rows lies over the first ones in view. */
  coveredHeight?: number
}

/** Where to scroll so that a row is seen whole; the place itself when it already is. */
export function scrollTopFor(row: number, { offsets, viewHeight, scrollTop, headerHeight = 0, coveredHeight = 0 }: Reached): number {
  const top = offsets[row] ?? 0
  if (top - coveredHeight < scrollTop) return Math.max(0, top - coveredHeight)
  const bottom = (offsets[row + 1] ?? top) + headerHeight
  return bottom > scrollTop + viewHeight ? bottom - viewHeight : scrollTop
}
