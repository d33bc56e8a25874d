import { toNames } from './options.ts'
import type { AlertRow } from './view-model.ts'

const saidAlready = new Set(['severity', 'alertname', 'rule'])
const nothing: ReadonlySet<string> = new Set()

/** Names of labels that have one value wherever several alerts have them: they tell none of these apart. */
export function toSharedLabels(rows: readonly Pick<AlertRow, 'labels'>[]): ReadonlySet<string> {
  const first = new Map<string, string>()
  const shared = new Set<string>()
  const varying = new Set<string>()
  for (const { labels } of rows)
    for (const [name, value] of Object.entries(labels)) {
      const before = first.get(name)
      if (before === undefined) first.set(name, value)
      else if (before === value) shared.add(name)
      else varying.add(name)
    }
  return new Set([...shared].filter((name) => !varying.has(name)))
}

/**
 * Labels to show in the row: those asked for, in that order, or all but what the row says already,
 * with those that tell alerts apart before those that all of them share. A row has room for a few.
 */
export function toShownLabels(row: Pick<AlertRow, 'labels'>, asked: string, shared: ReadonlySet<string> = nothing): [string, string][] {
  const names = toNames(asked)
  if (names.length > 0)
    return names.flatMap((name) => (row.labels[name] === undefined ? [] : [[name, row.labels[name]] as [string, string]]))
  const shown = toOwnLabels(row)
  return [...shown.filter(([name]) => !shared.has(name)), ...shown.filter(([name]) => shared.has(name))]
}

/** The labels without the two that stand as rule and severity already. */
export function toOwnLabels({ labels }: Pick<AlertRow, 'labels'>): [string, string][] {
  return Object.entries(labels).filter(([name]) => !saidAlready.has(name))
}
