export type RowWindow = {
  /** The first row to draw and the one after the last. */
  readonly start: number
  readonly end: number
  /** Pixels of the rows left out above and below. */
  readonly above: number
  readonly below: number
}

/**
 * Which of many rows of equal height are worth drawing.
 *
 * Pure. A few rows more than can be seen, so that a wheel's turn finds them drawn already.
 */
export function toRowWindow(view: { count: number; rowHeight: number; viewHeight: number; scrollTop: number; spare?: number }): RowWindow {
  const { count, rowHeight, viewHeight, spare = 8 } = view
  const furthest = Math.max(0, count * rowHeight - viewHeight)
  const scrollTop = Math.min(Math.max(0, view.scrollTop), furthest)
  const start = Math.max(0, Math.floor(scrollTop / rowHeight) - spare)
  const end = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + spare)
  return { start, end, above: start * rowHeight, below: (count - end) * rowHeight }
}

/** Where to scroll so that a row is seen whole; the place itself when it already is. */
export function scrollTopFor(
  row: number,
  view: { rowHeight: number; viewHeight: number; scrollTop: number; headerHeight?: number },
): number {
  const { rowHeight, viewHeight, scrollTop, headerHeight = 0 } = view
  const top = row * rowHeight
  if (top < scrollTop) return top
  const bottom = top + rowHeight + headerHeight
  return bottom > scrollTop + viewHeight ? bottom - viewHeight : scrollTop
}
