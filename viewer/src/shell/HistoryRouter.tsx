import { locationService } from '@grafana/runtime'
import { type ReactNode, useLayoutEffect, useState } from 'react'
import { type Location, type NavigationType, type Navigator, Router } from 'react-router-dom'

/** The part of the history that is used here; version 4 brings no types of its own. */
type History4 = {
  location: Location
  action: string
  go(delta: number): void
  push(to: string | object, state?: unknown): void
  replace(to: string | object, state?: unknown): void
  listen(listener: (location: Location, action: string) => void): () => void
}

const history = locationService.getHistory() as unknown as History4

/** The packages call version 4 of `history`; this tells its names to react-router. */
const navigator: Navigator = {
  createHref: (to) => (typeof to === 'string' ? to : `${to.pathname ?? ''}${to.search ?? ''}${to.hash ?? ''}`),
  go: (delta) => history.go(delta),
  push: (to, state) => (typeof to === 'string' ? history.push(to, state) : history.push({ ...to, state })),
  replace: (to, state) => (typeof to === 'string' ? history.replace(to, state) : history.replace({ ...to, state })),
}

/** Routes by the same history that scenes write to, so that the page has one address and not two. */
export function HistoryRouter({ children }: { children: ReactNode }) {
  const [state, setState] = useState({ location: history.location, action: history.action })
  useLayoutEffect(() => history.listen((location, action) => setState({ location, action })), [])
  return (
    <Router location={state.location} navigationType={state.action as NavigationType} navigator={navigator}>
      {children}
    </Router>
  )
}
