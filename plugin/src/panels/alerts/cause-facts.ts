import type { Cause } from '../../../../collector/src/contract/alerts.ts'

/** What the collector writes when neither a change nor a metric stands out. */
export const noClearCause = 'no clear cause'

/** What is known of the change before an alert, and of what moved first. */
export function toCauseFacts(cause: Cause | null): [string, string][] {
  if (cause === null) return []
  const { summary, commits = '', rollback = '', moved = [], seriesSearched } = cause
  const searched = seriesSearched === undefined ? '' : ` (${seriesSearched} series searched)`
  return [
    ['Changed before', summary === noClearCause ? '' : summary],
    ['Commits', commits],
    ['Roll back with', rollback],
    ['Moved first', moved.map(moverText).join(' · ')],
    ['Cause', summary === noClearCause && moved.length === 0 ? `${noClearCause}${searched}` : ''],
  ]
}

/** Where the change and its commits are shown. */
export function toCauseLinks(cause: Cause | null): [string, string][] {
  const links: [string, string | undefined][] = [
    ['the change before', cause?.url],
    ['its commits', cause?.commitsUrl],
  ]
  return links.flatMap(([title, url]) => (url === undefined ? [] : [[title, url] as [string, string]]))
}

function moverText({ metric, labels, direction, leadMs, before, after, samples }: NonNullable<Cause['moved']>[number]): string {
  const where = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  const figure = (value: number) => String(Number(value.toPrecision(3)))
  return `${metric} ${direction} ${Math.round(leadMs / 1000)} s before, ${figure(before)} → ${figure(after)}; ${where.join(', ')}; ${samples} samples`
}
