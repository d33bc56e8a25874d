import { compareNaturally } from '../../../format/natural-order.ts'
import { type AlertFilter, type AlertRow, isOpen } from '../view-model.ts'

export const everything: AlertFilter = {
  severities: new Set(),
  states: new Set(),
  text: '',
  labels: new Set(),
  onlyOpen: false,
  showsSuppressed: true,
}

/** An empty set lets all through. */
export function filterRows(rows: readonly AlertRow[], filter: AlertFilter): AlertRow[] {
  const { severities, states, showsSuppressed, onlyOpen } = filter
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const wanted = Map.groupBy(filter.labels, (pair) => pair.slice(0, pair.indexOf('=')))
  return rows.filter(
    (row) =>
      (showsSuppressed || !row.isSuppressed) &&
      (!onlyOpen || isOpen(row)) &&
      (severities.size === 0 || severities.has(row.severity)) &&
      (states.size === 0 || states.has(row.state)) &&
      hasLabels(row, wanted) &&
      (words.length === 0 || containsAll(row, words)),
  )
}

function hasLabels({ labels }: AlertRow, wanted: ReadonlyMap<string, readonly string[]>): boolean {
  for (const [name, pairs] of wanted) if (!pairs.includes(`${name}=${labels[name] ?? ''}`)) return false
  return true
}

const haystacks = new WeakMap<AlertRow, string>()

/** What a row can be found by; put together once, since every key that is typed asks for it. */
function haystackOf(row: AlertRow): string {
  const known = haystacks.get(row)
  if (known !== undefined) return known
  const labels = Object.entries(row.labels).map(([name, value]) => `${name}=${value}`)
  const haystack = [row.rule, row.summary, row.cause, row.acknowledgedBy, row.source, ...labels].join(' ').toLowerCase()
  haystacks.set(row, haystack)
  return haystack
}

function containsAll(row: AlertRow, words: readonly string[]): boolean {
  const haystack = haystackOf(row)
  return words.every((word) => haystack.includes(word))
}

/** The labels that may be chosen, in natural order. */
export function toLabelChoices(rows: readonly AlertRow[], allowed: readonly string[]): string[] {
  const pairs = new Set<string>()
  for (const { labels } of rows)
    for (const [name, value] of Object.entries(labels)) if (allowed.length === 0 || allowed.includes(name)) pairs.add(`${name}=${value}`)
  return [...pairs].sort(compareNaturally)
}

/** The set with a member put in, or taken out when it was there. */
export function toggle<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  const next = new Set(set)
  if (!next.delete(member)) next.add(member)
  return next
}
