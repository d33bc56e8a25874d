import { type RefObject, type UIEvent, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { type RowWindow, scrollTopFor, toRowWindow } from './row-window.ts'

export type ScrollingRows = {
  readonly window: RowWindow
  readonly scrollRef: RefObject<HTMLDivElement | null>
  readonly onScroll: (event: UIEvent<HTMLDivElement>) => void
  readonly reveal: (row: number) => void
}

/** Draws only the rows in view of a scrolling element; put `scrollRef` and `onScroll` on it. */
export function useRowWindow(rows: { count: number; rowHeight: number; headerHeight?: number }): ScrollingRows {
  const { count, rowHeight, headerHeight = 0 } = rows
  const scrollRef = useRef<HTMLDivElement>(null)
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
      element.scrollTop = scrollTopFor(row, { rowHeight, headerHeight, viewHeight: element.clientHeight, scrollTop: element.scrollTop })
    },
    [rowHeight, headerHeight],
  )
  return { window: toRowWindow({ count, rowHeight, ...view }), scrollRef, onScroll, reveal }
}
