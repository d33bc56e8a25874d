import { type RefObject, type UIEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type RowWindow, scrollTopFor, toOffsets, toRowWindow } from './row-window.ts'

export type ScrollingRows = {
  readonly window: RowWindow
  readonly scrollRef: RefObject<HTMLDivElement | null>
  readonly onScroll: (event: UIEvent<HTMLDivElement>) => void
  readonly reveal: (row: number) => void
}

type Rows = {
  count: number
  rowHeight: number | ((row: number) => number)
  /** What stands above the rows, and what of them lies over the first ones in view. */
  headerHeight?: number
  coveredHeight?: number
}

/**
 * Draws only the rows in view of a scrolling element; put `scrollRef` and `onScroll` on it.
 *
 * A function for the height must keep its identity between drawings.
 */
export function useRowWindow(rows: Rows): ScrollingRows {
  const { count, rowHeight, headerHeight = 0, coveredHeight = 0 } = rows
  const scrollRef = useRef<HTMLDivElement>(null)
  const offsets = useMemo(() => toOffsets(count, typeof rowHeight === 'number' ? () => rowHeight : rowHeight), [count, rowHeight])
  const [view, setView] = useState({ scrollTop: 0, viewHeight: 600 })

  useLayoutEffect(() => {
    const element = scrollRef.current
    if (!element) return
    const measure = () => setView((before) => ({ ...before, viewHeight: element.clientHeight || before.viewHeight }))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  const onScroll = useCallback((event: UIEvent<HTMLDivElement>) => {
    const { scrollTop } = event.currentTarget
    setView((before) => ({ ...before, scrollTop }))
  }, [])
  const reveal = useCallback(
    (row: number) => {
      const element = scrollRef.current
      if (!element) return
      const { clientHeight: viewHeight, scrollTop } = element
      element.scrollTop = scrollTopFor(row, { offsets, headerHeight, coveredHeight, viewHeight, scrollTop })
    },
    [offsets, headerHeight, coveredHeight],
  )
  return { window: toRowWindow({ offsets, ...view }), scrollRef, onScroll, reveal }
}
