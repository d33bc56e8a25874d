import { AppError } from '../../lib/errors.ts'
import type { Tags } from '../../model/point.ts'
import type { Plan } from './plan.ts'

/** The label sets of an answer, counted from 0. */
export type GroupSet = {
  /** The number of a label set; values stand in the order of `plan.groupBy`. */
  indexOf(values: readonly string[]): number
  labelsOf(group: number): Readonly<Record<string, string>>
  /** Says that the group has a value; throws when the answer has too many groups. */
  touch(group: number): void
  /** The groups that have a value, in the order of their labels. */
  touched(): readonly number[]
}

export function createGroupSet({ groupBy, query }: Plan): GroupSet {
  const indexes = new Map<string, number>()
  const groups: (readonly string[])[] = []
  const seen = new Set<number>()

  return {
    indexOf(values) {
      const key = JSON.stringify(values)
      const known = indexes.get(key)
      if (known !== undefined) return known
      indexes.set(key, groups.length)
      return groups.push(values) - 1
    },
    labelsOf: (group) => Object.fromEntries(groupBy.map((name, i) => [name, groups[group]?.[i] ?? ''])),
    touch(group) {
      if (seen.has(group)) return
      seen.add(group)
      if (seen.size > query.seriesMax) throw tooManySeries(query.measurement, query.seriesMax)
    },
    touched: () => [...seen].sort((a, b) => compareLists(groups[a] ?? [], groups[b] ?? [])),
  }
}

/** A tag of a series, or the empty string: InfluxQL makes no difference between an empty and a missing tag. */
export function tagOf(tags: Tags, name: string): string {
  return Object.hasOwn(tags, name) ? (tags[name] ?? '') : ''
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = create()
  map.set(key, made)
  return made
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareText(a[i] ?? '', b[i] ?? '')
    if (order !== 0) return order
  }
  return 0
}

function tooManySeries(measurement: string, seriesMax: number): AppError {
  return new AppError(
    'QUERY_TOO_MANY_SERIES',
    `The query on "${measurement}" gives more than ${seriesMax} series. Narrow it: add a tag filter, group by fewer tags, or shorten the range.`,
  )
}
