import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { readInt64, readMilliseconds, readUint64, wordsOf } from '../lib/int64.ts'
import type { Log } from '../lib/log.ts'
import type { Batch, Column } from '../model/batch.ts'
import { createLastValues, keepLast, lastValuesOf, setLast, setLastText } from './last-values.ts'
import type { Live } from './live.ts'
import { createMatcher } from './matcher.ts'
import { createWatches, type Kept } from './watches.ts'

export type LiveLimits = {
  /** Of one series: the oldest samples go when a rule's window holds more. */
  readonly samplesPerSeriesMax: number
  /** Series that rules look at. */
  readonly seriesMax: number
  /** Series fields whose newest value is kept. */
  readonly lastValuesMax: number
}

export const liveLimits: LiveLimits = { samplesPerSeriesMax: 20_000, seriesMax: 100_000, lastValuesMax: 1_000_000 }

export type LiveDoors = { readonly clock: Clock; readonly log: Log; readonly limits?: Partial<LiveLimits> }

/** What to do with a value, by the id of its field: not decided yet, nothing, or `firstPlan` plus a place in `kept`. */
const undecided = 0
const nothing = 1
const firstPlan = 2

/**
 * Keeps recent samples in memory for rules and dashboards.
 *
 * A value costs one look-up in `plans`: which series a field belongs to, and whether a rule looks
 * at it, is worked out when the field is first seen and when a watch comes or goes.
 */
export function createLive({ clock, log, limits: given }: LiveDoors): Live {
  const limits = { ...liveLimits, ...given }
  const watches = createWatches({ clock, log, seriesMax: limits.seriesMax, samplesMax: limits.samplesPerSeriesMax })
  const last = createLastValues(limits.lastValuesMax)
  const listeners = new Set<(batch: Batch) => void>()
  let plans = new Int32Array(256)
  let kept: Kept[] = []
  let version = watches.version()

  function decide(batch: Batch, id: number): number {
    if (id >= plans.length) {
      const longer = new Int32Array(Math.max(id + 1, plans.length * 2))
      longer.set(plans)
      plans = longer
    }
    const field = batch.fieldOf(id)
    keepLast(last, field)
    const series = field.type === 'string' ? undefined : watches.keptFor(field)
    plans[id] = series === undefined ? nothing : firstPlan + kept.push(series) - 1
    return plans[id] as number
  }

  function forgetPlans(): void {
    if (version === watches.version()) return
    version = watches.version()
    plans.fill(undecided)
    kept = []
  }

  function acceptColumn<Values>(batch: Batch, column: Column<Values>, read: (values: Values, index: number) => number): void {
    const words = wordsOf(column.times)
    for (let index = 0; index < column.length; index++) {
      const id = column.fields[index] as number
      const plan = (id < plans.length ? (plans[id] as number) : undecided) || decide(batch, id)
      const timeMs = readMilliseconds(words, index)
      const value = read(column.values, index)
      setLast(last, id, timeMs, value)
      if (plan >= firstPlan) watches.take(kept[plan - firstPlan] as Kept, timeMs, value)
    }
  }

  function acceptStrings(batch: Batch): void {
    const { strings } = batch
    const words = wordsOf(strings.times)
    for (let index = 0; index < strings.length; index++) {
      const id = strings.fields[index] as number
      if (id >= plans.length || plans[id] === undecided) decide(batch, id)
      setLastText(last, id, readMilliseconds(words, index), strings.values[index] as string)
    }
  }

  function tell(listener: () => void): void {
    try {
      listener()
    } catch (thrown) {
      log.error({ err: thrown }, `live: a listener to fresh samples failed: ${messageOf(thrown)}`)
    }
  }

  return {
    watch: watches.watch,
    accept(batch) {
      forgetPlans()
      watches.begin()
      const integerWords = wordsOf(batch.integers.values)
      const unsignedWords = wordsOf(batch.unsigned.values)
      acceptColumn(batch, batch.floats, (values, index) => values[index] as number)
      acceptColumn(batch, batch.integers, (_, index) => readInt64(integerWords, index))
      acceptColumn(batch, batch.unsigned, (_, index) => readUint64(unsignedWords, index))
      acceptColumn(batch, batch.booleans, (values, index) => values[index] as number)
      acceptStrings(batch)
      for (const onFresh of watches.fresh()) tell(onFresh)
      for (const listener of listeners) tell(() => listener(batch))
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    last({ measurement, field, where }, limit) {
      const isMatch = createMatcher(where)
      return lastValuesOf(last, (one) => one.name === field && one.series.measurement === measurement && isMatch(one.series.tags), limit)
    },
  }
}
