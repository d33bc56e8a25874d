import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import { moveFocus, type Place } from './move-focus.ts'

/** Keeps one cell in the tab order and moves it with the arrow keys, scrolling to it where needed. */
export function useGridFocus({ rows, columns, reveal }: { rows: number; columns: number; reveal: (row: number) => void }) {
  const tableRef = useRef<HTMLTableElement>(null)
  const wanted = useRef(false)
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 })

  // After every drawing: the cell may have to be scrolled into being first.
  useEffect(() => {
    if (!wanted.current) return
    const target = tableRef.current?.querySelector<HTMLElement>(`[data-place="${place.row}:${place.column}"]`)
    if (!target) return
    wanted.current = false
    target.focus({ preventScroll: true })
  })
  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const next = moveFocus(place, event.key, { rows, columns, ctrl: event.ctrlKey })
      if (next === undefined) return
      event.preventDefault()
      wanted.current = true
      reveal(next.row)
      setPlace(next)
    },
    [place, rows, columns, reveal],
  )
  const onFocus = useCallback((row: number, column: number) => setPlace({ row, column }), [])
  const inside = { row: Math.min(place.row, Math.max(0, rows - 1)), column: Math.min(place.column, Math.max(0, columns - 1)) }
  return { place: inside, tableRef, onKeyDown, onFocus }
}
