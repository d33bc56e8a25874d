import type { Tags } from '../../model/point.ts'
import type { Matcher } from '../routing/tree/matcher.ts'

/** A value of a label, or the beginning of one. */
type Anchor = { readonly key: string; readonly label: string /** Of a beginning; null: the whole value. */; readonly length: number | null }

/**
 * Keeps what has matchers where an alert that can match leads to it: under the values that one of its matchers asks for,
 * under the beginnings of those, or, when no matcher tells any, where every alert looks.
 */
export function createAnchors<Kept extends { readonly tests: readonly Matcher[] }>() {
  const anchored = new Map<string, Set<Kept>>()
  const loose = new Set<Kept>()
  const places = new Map<Kept, readonly Anchor[]>()
  /** Of each label, how long the beginnings are that something is kept under, and how much of it. */
  const lengths = new Map<string, Map<number, number>>()

  function crowd(anchors: readonly Anchor[]): number {
    return anchors.reduce((sum, { key }) => sum + 1 + (anchored.get(key)?.size ?? 0), 0)
  }

  /** Of the labels that must have certain values, those values under which the fewest others are kept. */
  function cheapest(tests: readonly Matcher[]): readonly Anchor[] {
    const possible = tests.map(anchorsOf).filter((anchors) => anchors.length > 0)
    const best = Math.min(...possible.map(crowd))
    return possible.find((anchors) => crowd(anchors) === best) ?? []
  }

  function count({ label, length }: Anchor, by: number): void {
    if (length === null) return
    const ofLabel = lengths.get(label) ?? new Map<number, number>()
    const now = (ofLabel.get(length) ?? 0) + by
    if (now > 0) ofLabel.set(length, now)
    else ofLabel.delete(length)
    lengths.set(label, ofLabel)
  }

  return {
    keep(one: Kept): void {
      const anchors = cheapest(one.tests)
      places.set(one, anchors)
      if (anchors.length === 0) loose.add(one)
      for (const anchor of anchors) {
        anchored.set(anchor.key, (anchored.get(anchor.key) ?? new Set()).add(one))
        count(anchor, 1)
      }
    },
    drop(one: Kept): void {
      loose.delete(one)
      for (const anchor of places.get(one) ?? []) {
        const others = anchored.get(anchor.key)
        if (others?.delete(one) && others.size === 0) anchored.delete(anchor.key)
        count(anchor, -1)
      }
      places.delete(one)
    },
    /** All that may match; the rest certainly does not. */
    under(labels: Tags): ReadonlySet<Kept> {
      const found = new Set(loose)
      for (const [label, value] of Object.entries(labels)) {
        const keys = [valueKey(label, value)]
        for (const length of lengths.get(label)?.keys() ?? [])
          if (length <= value.length) keys.push(beginningKey(label, value.slice(0, length)))
        for (const key of keys) for (const one of anchored.get(key) ?? []) found.add(one)
      }
      return found
    },
  }
}

const valueKey = (label: string, value: string): string => `${label}=${value}`
const beginningKey = (label: string, beginning: string): string => `${label}^${beginning}`

function anchorsOf({ label, values, prefixes }: Matcher): readonly Anchor[] {
  if (values !== null) return values.map((value) => ({ key: valueKey(label, value), label, length: null }))
  return (prefixes ?? []).map((prefix) => ({ key: beginningKey(label, prefix), label, length: prefix.length }))
}
