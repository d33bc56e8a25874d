import { type RefObject, useEffect, useRef } from 'react'

/**
 * Brings the focus back to the line of an alert when a dialog or the details about it have closed, so that
 * people with nothing but a keyboard go on where they were; to the first line when theirs is gone.
 */
export function useLineFocus(dialogKey: string | undefined, detailsKey: string | undefined): RefObject<HTMLDivElement | null> {
  const rootRef = useRef<HTMLDivElement>(null)
  useFocusAfter(rootRef, dialogKey)
  useFocusAfter(rootRef, detailsKey)
  return rootRef
}

/** Only once it is drawn without it: what covered the list kept the focus from it. */
function useFocusAfter(rootRef: RefObject<HTMLDivElement | null>, key: string | undefined): void {
  const before = useRef<string>(undefined)
  useEffect(() => {
    if (before.current !== undefined && key === undefined) focusLine(rootRef.current, before.current)
    before.current = key
  }, [rootRef, key])
}

function focusLine(root: HTMLDivElement | null, key: string): void {
  const lines = [...(root?.querySelectorAll<HTMLElement>('[data-line]') ?? [])]
  const own = lines.find((line) => line.dataset.line === key)
  const next = own ?? lines[0]
  next?.focus({ preventScroll: true })
}
