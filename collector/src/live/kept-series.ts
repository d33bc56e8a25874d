import type { Log } from '../lib/log.ts'
import type { SeriesField, Tags } from '../model/point.ts'
import type { LiveRun, Quiet, Selector, Tracked } from './live.ts'
import type { Texts } from './texts.ts'
import { createTimeline, dropBefore, firstAfter, firstAtOrAfter, hasSampleAfter, isEmpty, type Timeline } from './timeline.ts'

/** A rule's look at some series. */
export type Watcher = {
  readonly selector: Selector
  readonly keepMs: number
  readonly isMatch: (tags: Tags) => boolean
  readonly onFresh: () => void
  readonly kept: Set<Kept>
  /** Kept ones with something new since they were last taken. */
  fresh: Set<Kept>
  /** The batch that last brought it a sample. */
  freshIn: number
  /** A field that holds text, which it did not ask for. */
  unwantedText?: string
}

/** One watcher's look at one series. */
export type Look = {
  readonly watcher: Watcher
  /** Samples that are no news to the watcher. */
  quiet: Quiet
  /** The batch that last brought news. */
  freshIn: number
}

/** Every sample is news. */
export const loud: Quiet = Object.freeze({
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  untilMs: Number.NEGATIVE_INFINITY,
})

/** A series that rules look at. */
export type Kept = Tracked &
  Timeline & {
    readonly key: string
    /** Left out: a series of numbers. */
    readonly texts: Texts | undefined
    /** Another list when one comes or goes: nearly every series has one, and a set for it would be the heavier part. */
    looks: readonly Look[]
    /** The longest that one of the watchers wants. */
    keepMs: number
    /** When the series ended; a later sample begins it again. */
    endedMs: number
  }

export type KeptSeries = {
  readonly byKey: Map<string, Kept>
  readonly seriesMax: number
  readonly log: Log
  /** Grows when a series is no longer kept. */
  dropped: number
  isFullTold: boolean
}

export const createKeptSeries = (seriesMax: number, log: Log): KeptSeries => ({
  byKey: new Map(),
  seriesMax,
  log,
  dropped: 0,
  isFullTold: false,
})

const keyOf = (measurement: string, field: string, tags: Tags) => JSON.stringify([measurement, field, Object.entries(tags).sort()])

/** The series of these tags, if it is kept. */
export const findSeries = ({ byKey }: KeptSeries, measurement: string, field: string, tags: Tags) =>
  byKey.get(keyOf(measurement, field, tags))

/** Whether nothing came since the series ended, or nothing at all. */
export const isEnded = (kept: Kept) => !hasSampleAfter(kept, kept.endedMs)

export type SeriesOf = {
  readonly measurement: string
  readonly field: SeriesField['name']
  readonly tags: Tags
  readonly texts?: Texts | undefined
}

/** The series of these tags, kept from now on if it was not; undefined when there are too many. */
export function keepSeries(all: KeptSeries, { measurement, field, tags, texts }: SeriesOf, nowMs: number): Kept | undefined {
  const key = keyOf(measurement, field, tags)
  const known = all.byKey.get(key)
  if (known) return known
  if (all.byKey.size >= all.seriesMax) dropSilent(all, nowMs)
  if (all.byKey.size >= all.seriesMax) {
    tellFull(all)
    return undefined
  }
  const kept = createKept(key, field, tags, texts)
  all.byKey.set(key, kept)
  return kept
}

function createKept(key: string, field: string, tags: Tags, texts: Texts | undefined): Kept {
  const { times, values, start } = createTimeline()
  // Written out and without functions of its own: there is one for every series of every rule.
  return { key, field, tags, texts, times, values, start, looks: [], keepMs: 0, endedMs: Number.NEGATIVE_INFINITY, between, isGone }
}

function between(this: Kept, fromMs: number, toMs: number): LiveRun {
  const { tags, field, texts, times, values } = this
  const start = firstAtOrAfter(this, fromMs)
  return { tags, field, texts, times, values, start, end: isEnded(this) ? start : Math.max(start, firstAfter(this, toMs)) }
}

function isGone(this: Kept): boolean {
  return this.looks.length === 0
}

export function link(kept: Kept, watcher: Watcher): void {
  if (!kept.looks.some((look) => look.watcher === watcher)) kept.looks = [...kept.looks, { watcher, quiet: loud, freshIn: 0 }]
  watcher.kept.add(kept)
  watcher.fresh.add(kept)
  kept.keepMs = Math.max(kept.keepMs, watcher.keepMs)
}

export function unlink(all: KeptSeries, kept: Kept, watcher: Watcher): void {
  kept.looks = kept.looks.filter((look) => look.watcher !== watcher)
  watcher.kept.delete(kept)
  watcher.fresh.delete(kept)
  kept.keepMs = Math.max(0, ...kept.looks.map((look) => look.watcher.keepMs))
  if (kept.looks.length === 0) drop(all, kept)
}

/** Makes room by forgetting the series that have no recent sample. */
function dropSilent(all: KeptSeries, nowMs: number): void {
  for (const kept of all.byKey.values()) {
    dropBefore(kept, nowMs - kept.keepMs)
    if (!isEmpty(kept)) continue
    for (const { watcher } of kept.looks) watcher.kept.delete(kept)
    kept.looks = []
    drop(all, kept)
  }
}

function drop(all: KeptSeries, kept: Kept): void {
  all.byKey.delete(kept.key)
  all.dropped++
}

function tellFull(all: KeptSeries): void {
  if (all.isFullTold) return
  all.isFullTold = true
  all.log.warn(
    `live: rules look at more than ${all.seriesMax} series; the others are not evaluated. Narrow the rules or raise live.seriesMax.`,
  )
}
