import { locationService } from '@grafana/runtime'

/** Follows links to dashboards inside the page, as Grafana does: panels write them as plain anchors. */
export function interceptLinks(document: Document) {
  document.addEventListener('click', (event) => {
    const path = toInternalPath(event)
    if (path === undefined) return
    event.preventDefault()
    locationService.push(path)
  })
}

/** The path to go to; nothing when the click asks for a new tab, or the link leads out of the dashboards. */
export function toInternalPath(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return undefined
  const anchor = (event.target as Element | null)?.closest?.('a')
  const href = anchor?.getAttribute('href')
  if (!anchor || !href || anchor.hasAttribute('download') || (anchor.target !== '' && anchor.target !== '_self')) return undefined
  const url = new URL(href, window.location.origin)
  const isDashboard = url.pathname === '/' || url.pathname.startsWith('/d/')
  return url.origin === window.location.origin && isDashboard ? `${url.pathname}${url.search}${url.hash}` : undefined
}
