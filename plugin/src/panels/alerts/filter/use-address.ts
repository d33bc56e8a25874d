import { locationService } from '@grafana/runtime'
import { useEffect, useRef, useState } from 'react'
import type { AlertFilter } from '../view-model.ts'
import { fromAddress, type Looked, toAddress } from './address.ts'

/** Somebody types; the address needs no letter of its own. */
const settlesMs = 250

/**
 * What somebody looks at, kept in the page's address: a link shows a colleague the same, and Back the list
 * that was left for an alert that covered it.
 */
export function useAddress(panelId: number, usual: AlertFilter) {
  const [looked, setLooked] = useState(() => fromAddress(panelId, locationService.getSearch(), usual))
  const addressed = useRef(looked)

  useEffect(() => {
    const subscription = locationService.getLocationObservable().subscribe(({ search }) => {
      const found = fromAddress(panelId, new URLSearchParams(search), usual)
      if (isSame(panelId, found, addressed.current, usual)) return
      addressed.current = found
      setLooked(found)
    })
    return () => subscription.unsubscribe()
  }, [panelId, usual])

  const write = (next: Looked, replaces: boolean) => {
    if (isSame(panelId, next, addressed.current, usual)) return
    addressed.current = next
    locationService.partial(toAddress(panelId, next, usual), replaces)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what is looked at, and nothing else.
  useEffect(() => {
    const timer = setTimeout(() => write(looked, true), settlesMs)
    return () => clearTimeout(timer)
  }, [looked])

  return {
    filter: looked.filter,
    openKey: looked.openKey,
    setFilter: (filter: AlertFilter) => setLooked((before) => ({ ...before, filter })),
    /** Opens an alert, or none; as a page of its own, Back closes it. */
    open: (openKey: string | undefined, asPage: boolean) => {
      const next = { ...looked, openKey }
      setLooked(next)
      if (asPage && openKey !== undefined && looked.openKey === undefined) write(next, false)
    },
  }
}

function isSame(panelId: number, left: Looked, right: Looked, usual: AlertFilter): boolean {
  return JSON.stringify(toAddress(panelId, left, usual)) === JSON.stringify(toAddress(panelId, right, usual))
}
