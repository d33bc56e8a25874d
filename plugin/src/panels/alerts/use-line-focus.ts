import { type RefObject, useCallback, useEffect, useRef } from 'react'
import { type AlertRow, toEpisodeKey } from './view-model.ts'

/**
 * Brings the focus back to the line of an alert when a dialog about it has closed, so that people with
 * nothing but a keyboard go on where they were; to the first line when theirs is gone.
 */
export function useLineFocus(started: AlertRow | undefined): {
  readonly rootRef: RefObject<HTMLDivElement | null>
  readonly focusLine: (key: string | undefined) => void
} {
  const rootRef = useRef<HTMLDivElement>(null)
  const before = useRef<AlertRow>(undefined)
  const focusLine = useCallback((key: string | undefined) => {
    const lines = rootRef.current?.querySelectorAll<HTMLElement>('[data-line]') ?? []
    const own = [...lines].find((line) => line.dataset.line === key)
    const next = own ?? lines[0]
    next?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    if (before.current !== undefined && started === undefined) focusLine(toEpisodeKey(before.current))
    before.current = started
  }, [started, focusLine])
  return { rootRef, focusLine }
}
