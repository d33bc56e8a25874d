import type { SeriesName } from '../model/point.ts'
import {
  findSeries,
  isEnded,
  type Kept,
  type KeptSeries,
  keepSeries,
  type Look,
  link,
  loud,
  type SeriesOf,
  unlink,
  type Watcher,
} from './kept-series.ts'
import type { Quiet, StoredLiveSeries } from './live.ts'
import { createTexts, type Texts } from './texts.ts'
import { addSample, dropBefore, hasSampleAfter, hasSampleAt } from './timeline.ts'

/** Who looks at which series, and whom the batch under way brought something. */
export type Watches = {
  readonly byName: Map<string, Set<Watcher>>
  readonly kept: KeptSeries
  readonly samplesMax: number
  readonly texts: Texts
  /** Grows when a watch comes or goes. */
  changes: number
  batch: number
  nowMs: number
  fresh: Watcher[]
}

export const createWatches = (kept: KeptSeries, samplesMax: number): Watches => ({
  byName: new Map(),
  kept,
  samplesMax,
  texts: createTexts(),
  changes: 0,
  batch: 0,
  nowMs: 0,
  fresh: [],
})

/** Watches with a pattern stand under their measurement alone. */
const nameKey = (measurement: string, field: string | RegExp) =>
  JSON.stringify(typeof field === 'string' ? [measurement, field] : [measurement])

function watchersOf(watches: Watches, measurement: string, field: string): readonly Watcher[] {
  const withPattern = [...(watches.byName.get(JSON.stringify([measurement])) ?? [])]
  const named = watches.byName.get(nameKey(measurement, field)) ?? []
  return [...named, ...withPattern.filter(({ selector }) => (selector.field as RegExp).test(field))]
}

/** Changes when a decision about a field may have become wrong. */
export const versionOf = ({ changes, kept }: Watches) => changes + kept.dropped

/** What keeps the samples of a series, if any rule looks at it. */
export function keptFor(watches: Watches, series: SeriesOf, nowMs: number): Kept | undefined {
  const { measurement, field, tags, texts } = series
  const watchers = watchersOf(watches, measurement, field).filter((watcher) => watcher.isMatch(tags) && canRead(watcher, field, texts))
  if (watchers.length === 0) return undefined
  const kept = keepSeries(watches.kept, series, nowMs)
  if (kept) for (const watcher of watchers) link(kept, watcher)
  return kept
}

/** Whom text is no use remembers that it met some; a pattern is meant to take only what fits. */
function canRead(watcher: Watcher, field: string, texts: Texts | undefined): boolean {
  const { selector } = watcher
  if (texts === undefined || selector.text) return true
  if (typeof selector.field === 'string') watcher.unwantedText = field
  return false
}

export function addWatcher(watches: Watches, watcher: Watcher): void {
  const name = nameKey(watcher.selector.measurement, watcher.selector.field)
  const watchers = watches.byName.get(name) ?? new Set()
  // What other rules keep already is there from the start.
  const { measurement, field } = watcher.selector
  const others = typeof field === 'string' ? watchersOf(watches, measurement, field) : watchers
  const shared = new Set([...others].flatMap((other) => [...other.kept]))
  const isField = (name: string) => (typeof field === 'string' ? name === field : field.test(name))
  for (const kept of shared) {
    if (isField(kept.field) && watcher.isMatch(kept.tags) && canRead(watcher, kept.field, kept.texts)) link(kept, watcher)
  }
  watches.byName.set(name, watchers.add(watcher))
  watches.changes++
}

export function removeWatcher(watches: Watches, watcher: Watcher): void {
  const name = nameKey(watcher.selector.measurement, watcher.selector.field)
  watches.byName.get(name)?.delete(watcher)
  if (watches.byName.get(name)?.size === 0) watches.byName.delete(name)
  for (const kept of [...watcher.kept]) unlink(watches.kept, kept, watcher)
  watches.changes++
}

/** Brings samples of before the start; those that are here already win. */
export function seedWatcher(watches: Watches, watcher: Watcher, series: readonly StoredLiveSeries[], nowMs: number): void {
  const oldestMs = nowMs - watcher.keepMs
  const { measurement } = watcher.selector
  for (const { tags, field, times, values } of series) {
    const texts = typeof values[0] === 'string' ? watches.texts : undefined
    const kept = watcher.isMatch(tags) ? keptFor(watches, { measurement, field, tags, texts }, nowMs) : undefined
    if (kept === undefined) continue
    for (let index = 0; index < times.length; index++) {
      const timeMs = times[index] as number
      if (timeMs < oldestMs || hasSampleAt(kept, timeMs)) continue
      const value = values[index] as number | string
      addSample(kept, timeMs, typeof value === 'string' ? watches.texts.code(value) : value, watches.samplesMax)
    }
    for (const look of kept.looks) {
      look.watcher.fresh.add(kept)
      look.quiet = loud
    }
  }
}

/** A batch begins. */
export function beginBatch(watches: Watches, nowMs: number): void {
  watches.batch++
  watches.nowMs = nowMs
  watches.fresh = []
}

/** Ends series for all who look at one of their fields. */
export function endSeries(watches: Watches, series: readonly SeriesName[], timeMs: number): void {
  for (const [measurement, ofMeasurement] of Map.groupBy(series, (one) => one.measurement)) {
    const fields = fieldsOf(watches, measurement)
    for (const { tags } of ofMeasurement) {
      for (const field of fields) {
        const kept = findSeries(watches.kept, measurement, field, tags)
        if (kept === undefined || isEnded(kept) || hasSampleAfter(kept, timeMs)) continue
        kept.endedMs = timeMs
        for (const look of kept.looks) tell(watches, kept, look)
      }
    }
  }
}

/** The fields of a measurement that somebody looks at. */
function fieldsOf({ byName }: Watches, measurement: string): ReadonlySet<string> {
  const watchers = [...byName.values()].flatMap((some) => [...some]).filter(({ selector }) => selector.measurement === measurement)
  return new Set(
    watchers.flatMap(({ selector: { field }, kept }) => (typeof field === 'string' ? [field] : [...kept].map((one) => one.field))),
  )
}

/** A sample of the batch; one that is too old for every rule is left out. */
export function takeSample(watches: Watches, kept: Kept, timeMs: number, value: number): void {
  const oldestMs = watches.nowMs - kept.keepMs
  if (timeMs < oldestMs) return
  addSample(kept, timeMs, value, watches.samplesMax)
  dropBefore(kept, oldestMs)
  for (const look of kept.looks) if (!isExpected(look, value, watches.nowMs)) tell(watches, kept, look)
}

/** Most samples end here. One that is not a number is never expected. */
function isExpected({ quiet }: Look, value: number, nowMs: number): boolean {
  return value >= quiet.low && value <= quiet.high && nowMs < quiet.untilMs
}

function tell(watches: Watches, kept: Kept, look: Look): void {
  if (look.freshIn === watches.batch) return
  look.freshIn = watches.batch
  const { watcher } = look
  watcher.fresh.add(kept)
  if (watcher.freshIn === watches.batch) return
  watcher.freshIn = watches.batch
  watches.fresh.push(watcher)
}

/** What a watcher expects of a series. One that ended is always news when it begins again: its older samples do, too. */
export function setExpected(kept: Kept, watcher: Watcher, quiet: Quiet | null): void {
  for (const look of kept.looks) if (look.watcher === watcher) look.quiet = quiet === null || isEnded(kept) ? loud : quiet
}
