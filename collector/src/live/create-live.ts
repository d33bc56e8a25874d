import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { readInt64, readMilliseconds, readUint64, wordsOf } from '../lib/int64.ts'
import type { Log } from '../lib/log.ts'
import type { Batch, Column } from '../model/batch.ts'
import { createKeptSeries, type Kept, type Watcher } from './kept-series.ts'
import type { Live, Watch } from './live.ts'
import { createMatcher } from './matcher.ts'
import { createPlans, keptOf, type Plans, planOf, renewPlans, setPlan } from './plans.ts'
import {
  addWatcher,
  beginBatch,
  createWatches,
  endSeries,
  keptFor,
  removeWatcher,
  seedWatcher,
  setExpected,
  takeSample,
  versionOf,
  type Watches,
} from './watches.ts'

export type LiveLimits = {
  /** Of one series: the oldest samples go when a rule's window holds more. */
  readonly samplesPerSeriesMax: number
  /** Series that rules look at. */
  readonly seriesMax: number
}

export const liveLimits: LiveLimits = { samplesPerSeriesMax: 20_000, seriesMax: 100_000 }

export type LiveDoors = { readonly clock: Clock; readonly log: Log; readonly limits?: Partial<LiveLimits> }

type State = { readonly watches: Watches; readonly plans: Plans }

/**
 * Keeps recent samples in memory for rules.
 *
 * Which series a field belongs to, and whether a rule looks at it, is worked out when the field is
 * first seen and when a watch comes or goes; after that a value costs one look-up.
 */
export function createLive({ clock, log, limits: given }: LiveDoors): Live {
  const limits = { ...liveLimits, ...given }
  const watches = createWatches(createKeptSeries(limits.seriesMax, log), limits.samplesPerSeriesMax)
  const state: State = { watches, plans: createPlans() }

  function tell(listener: () => void): void {
    try {
      listener()
    } catch (thrown) {
      log.error({ err: thrown }, `live: a listener to fresh samples failed: ${messageOf(thrown)}`)
    }
  }

  return {
    watch(selector, keepMs, onFresh) {
      const watcher: Watcher = {
        selector,
        keepMs,
        isMatch: createMatcher(selector.where),
        onFresh,
        kept: new Set(),
        fresh: new Set(),
        freshIn: 0,
      }
      addWatcher(watches, watcher)
      return toWatch(watches, watcher, clock)
    },
    accept(batch) {
      renewPlans(state.plans, versionOf(watches))
      beginBatch(watches, clock.now())
      acceptBatch(state, batch)
      for (const { onFresh } of watches.fresh) tell(onFresh)
    },
    end(series, timeMs) {
      beginBatch(watches, clock.now())
      endSeries(watches, series, timeMs)
      for (const { onFresh } of watches.fresh) tell(onFresh)
    },
  }
}

function toWatch(watches: Watches, watcher: Watcher, clock: Clock): Watch {
  return {
    takeFresh() {
      const taken = watcher.fresh
      if (taken.size > 0) watcher.fresh = new Set()
      return taken
    },
    // Its series are ours.
    expect: (series, quiet) => setExpected(series as Kept, watcher, quiet),
    seed: (series) => seedWatcher(watches, watcher, series, clock.now()),
    unwantedText: () => watcher.unwantedText,
    close: () => removeWatcher(watches, watcher),
  }
}

function acceptBatch(state: State, batch: Batch): void {
  const integerWords = wordsOf(batch.integers.values)
  const unsignedWords = wordsOf(batch.unsigned.values)
  acceptColumn(state, batch, batch.floats, (values, index) => values[index] as number)
  acceptColumn(state, batch, batch.integers, (_, index) => readInt64(integerWords, index))
  acceptColumn(state, batch, batch.unsigned, (_, index) => readUint64(unsignedWords, index))
  acceptColumn(state, batch, batch.booleans, (values, index) => values[index] as number)
  acceptStrings(state, batch)
}

function acceptColumn<Values>(state: State, batch: Batch, column: Column<Values>, read: (values: Values, index: number) => number): void {
  const { plans, watches } = state
  const words = wordsOf(column.times)
  for (let index = 0; index < column.length; index++) {
    const id = column.fields[index] as number
    const plan = planOf(plans, id) || decide(state, batch, id)
    let kept = keptOf(plans, plan)
    // It may have been dropped as silent a moment ago, to make room for another series of this batch.
    if (kept?.looks.length === 0) kept = keptOf(plans, decide(state, batch, id))
    if (kept !== undefined) takeSample(watches, kept, readMilliseconds(words, index), read(column.values, index))
  }
}

function acceptStrings(state: State, batch: Batch): void {
  const { plans, watches } = state
  const { strings } = batch
  const words = wordsOf(strings.times)
  for (let index = 0; index < strings.length; index++) {
    const id = strings.fields[index] as number
    const plan = planOf(plans, id) || decide(state, batch, id)
    let kept = keptOf(plans, plan)
    if (kept?.looks.length === 0) kept = keptOf(plans, decide(state, batch, id))
    if (kept !== undefined) takeSample(watches, kept, readMilliseconds(words, index), watches.texts.code(strings.values[index] as string))
  }
}

function decide({ watches, plans }: State, batch: Batch, id: number): number {
  const field = batch.fieldOf(id)
  const { series, name, type } = field
  const texts = type === 'string' ? watches.texts : undefined
  return setPlan(plans, field, keptFor(watches, { measurement: series.measurement, field: name, tags: series.tags, texts }, watches.nowMs))
}
