import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { SeriesField, Tags } from '../model/point.ts'
import type { LiveSeries, Selector, Watch } from './live.ts'
import { createMatcher } from './matcher.ts'
import { addSample, createTimeline, dropBefore, hasSampleAt, samplesBetween, type Timeline } from './timeline.ts'

/** A series that rules look at. */
export type Kept = {
  readonly key: string
  readonly tags: Tags
  readonly timeline: Timeline
  readonly watchers: Set<Watcher>
  /** The longest that one of the watchers wants. */
  keepMs: number
}

type Watcher = {
  readonly selector: Selector
  readonly keepMs: number
  readonly isMatch: (tags: Tags) => boolean
  readonly onFresh: () => void
  readonly kept: Set<Kept>
  /** The batch that last brought it a sample. */
  freshIn: number
}

type Doors = { readonly clock: Clock; readonly log: Log; readonly seriesMax: number; readonly samplesMax: number }

const nameKey = (measurement: string, field: string) => JSON.stringify([measurement, field])
const seriesKey = (measurement: string, field: string, tags: Tags) => JSON.stringify([measurement, field, Object.entries(tags).sort()])

/** Who looks at which series, and the samples of those. */
export function createWatches({ clock, log, seriesMax, samplesMax }: Doors) {
  const watchersByName = new Map<string, Set<Watcher>>()
  const keptByKey = new Map<string, Kept>()
  let version = 0
  let batch = 0
  let nowMs = 0
  let freshWatchers: Watcher[] = []
  let isFullTold = false

  function keep(measurement: string, field: string, tags: Tags): Kept | undefined {
    const watchers = [...(watchersByName.get(nameKey(measurement, field)) ?? [])].filter(({ isMatch }) => isMatch(tags))
    if (watchers.length === 0) return undefined
    const key = seriesKey(measurement, field, tags)
    const kept = keptByKey.get(key) ?? addKept(key, tags)
    if (kept) for (const watcher of watchers) link(kept, watcher)
    return kept
  }

  function addKept(key: string, tags: Tags): Kept | undefined {
    if (keptByKey.size >= seriesMax) dropSilent()
    if (keptByKey.size >= seriesMax) {
      if (!isFullTold)
        log.warn(
          `live: rules look at more than ${seriesMax} series; further series are not evaluated. Narrow the rules or raise live.seriesMax.`,
        )
      isFullTold = true
      return undefined
    }
    const kept: Kept = { key, tags, timeline: createTimeline(), watchers: new Set(), keepMs: 0 }
    keptByKey.set(key, kept)
    return kept
  }

  /** Makes room by forgetting the series that have no recent sample. */
  function dropSilent(): void {
    const nowMs = clock.now()
    for (const kept of keptByKey.values()) {
      dropBefore(kept.timeline, nowMs - kept.keepMs)
      if (kept.timeline.end === kept.timeline.start) drop(kept)
    }
  }

  function drop(kept: Kept): void {
    for (const watcher of kept.watchers) watcher.kept.delete(kept)
    keptByKey.delete(kept.key)
    version++
  }

  function link(kept: Kept, watcher: Watcher): void {
    kept.watchers.add(watcher)
    watcher.kept.add(kept)
    kept.keepMs = Math.max(kept.keepMs, watcher.keepMs)
  }

  function close(watcher: Watcher): void {
    const { measurement, field } = watcher.selector
    const name = nameKey(measurement, field)
    watchersByName.get(name)?.delete(watcher)
    if (watchersByName.get(name)?.size === 0) watchersByName.delete(name)
    for (const kept of watcher.kept) {
      kept.watchers.delete(watcher)
      kept.keepMs = Math.max(0, ...[...kept.watchers].map(({ keepMs }) => keepMs))
      if (kept.watchers.size === 0) drop(kept)
    }
    watcher.kept.clear()
    version++
  }

  function addWatcher(watcher: Watcher): void {
    const { measurement, field } = watcher.selector
    const name = nameKey(measurement, field)
    const watchers = watchersByName.get(name) ?? new Set()
    watchersByName.set(name, watchers.add(watcher))
    // What other rules keep already is there from the start.
    const shared = new Set([...watchers].flatMap((other) => [...other.kept]))
    for (const kept of shared) if (watcher.isMatch(kept.tags)) link(kept, watcher)
    version++
  }

  function seed(watcher: Watcher, series: readonly LiveSeries[]): void {
    const oldest = clock.now() - watcher.keepMs
    for (const { tags, times, values } of series) {
      const kept = watcher.isMatch(tags) ? keep(watcher.selector.measurement, watcher.selector.field, tags) : undefined
      if (kept === undefined) continue
      times.forEach((timeMs, index) => {
        if (timeMs >= oldest && !hasSampleAt(kept.timeline, timeMs)) addSample(kept.timeline, timeMs, values[index] as number, samplesMax)
      })
    }
  }

  return {
    /** Changes when a decision about fields may have become wrong. */
    version: () => version,
    /** What keeps the samples of a field, if any rule looks at it. */
    keptFor: ({ series, name }: SeriesField) => keep(series.measurement, name, series.tags),
    /** A batch begins. */
    begin(): void {
      batch++
      nowMs = clock.now()
      freshWatchers = []
    },
    take(kept: Kept, timeMs: number, value: number): void {
      const oldest = nowMs - kept.keepMs
      if (timeMs < oldest) return
      addSample(kept.timeline, timeMs, value, samplesMax)
      dropBefore(kept.timeline, oldest)
      for (const watcher of kept.watchers) {
        if (watcher.freshIn === batch) continue
        watcher.freshIn = batch
        freshWatchers.push(watcher)
      }
    },
    /** Whom the batch brought samples. */
    fresh: () => freshWatchers.map(({ onFresh }) => onFresh),
    watch(selector: Selector, keepMs: number, onFresh: () => void): Watch {
      const watcher: Watcher = { selector, keepMs, isMatch: createMatcher(selector.where), onFresh, kept: new Set(), freshIn: 0 }
      addWatcher(watcher)
      return {
        series: (fromMs, toMs) =>
          [...watcher.kept]
            .map(({ tags, timeline }) => ({ tags, ...samplesBetween(timeline, fromMs, toMs) }))
            .filter(({ times }) => times.length > 0),
        seed: (series) => seed(watcher, series),
        close: () => close(watcher),
      }
    },
  }
}
