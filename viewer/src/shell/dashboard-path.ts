/**
 * The way to a dashboard. A fixed span of time goes along, since whoever chose it looks at one
 * incident; a span that ends now stays behind, since every dashboard has its own.
 */
export function toDashboardPath(uid: string, search: string): string {
  const current = new URLSearchParams(search)
  const [from, to] = [current.get('from'), current.get('to')]
  const isFixed = from && to && !from.startsWith('now') && !to.startsWith('now')
  return isFixed ? `/d/${uid}?${new URLSearchParams({ from, to })}` : `/d/${uid}`
}
