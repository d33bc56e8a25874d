import { formatDuration } from '../../../lib/duration.ts'
import { aggregate, aggregateSchema, aggregateText, sampleCount } from '../aggregate.ts'
import { conditionSchema, conditionText, thresholdText } from '../condition.ts'
import { inconclusive, judge, missing } from '../judge.ts'
import { defineRuleKind } from '../rule-kind.ts'
import type { SampleRun } from '../samples.ts'
import { sourceSchema, windowSchema } from '../source.ts'

const growsWithWindow = new Set<unknown>(['sum', 'count', 'increase'])

/** The newest sample counts until it has left the window, unless one with a time to come is there already. */
function lastUntilMs(series: readonly SampleRun[], windowMs: number): number {
  let newestMs = Number.NEGATIVE_INFINITY
  for (const { times, end } of series) {
    if (end < times.length) return Number.NEGATIVE_INFINITY
    newestMs = Math.max(newestMs, times[end - 1] as number)
  }
  return newestMs + windowMs + 1
}

/** A value over a window against a limit. The kind of a rule that names none. */
export const threshold = defineRuleKind({
  kind: 'threshold',
  shape: {
    source: sourceSchema,
    aggregate: aggregateSchema.prefault('last'),
    window: windowSchema('5m'),
    condition: conditionSchema,
  },
  toOptions: ({ source, aggregate, window, condition }) => ({ source, aggregate, windowMs: window, condition }),
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [source], keepMs: windowMs }),
  read({ options, minSamples }, set) {
    const fromMs = set.nowMs - options.windowMs
    const series = set.series(0, fromMs, set.nowMs)
    const samples = sampleCount(series)
    if (samples === 0) return missing
    if (samples < minSamples) return inconclusive
    const isLast = options.aggregate === 'last'
    const reading = judge(aggregate(options.aggregate, series), {
      condition: options.condition,
      isFiring: set.isFiring,
      isWindowKnown: isLast || set.isKnownSince(fromMs),
      growsWithWindow: growsWithWindow.has(options.aggregate),
    })
    return isLast && minSamples === 1 ? { ...reading, goodUntilMs: lastUntilMs(series, options.windowMs) } : reading
  },
  drawn: ({ source, aggregate, windowMs }) => ({ source, aggregate, windowMs }),
  words: ({ source, aggregate, windowMs, condition }) => ({
    what: `${aggregateText(aggregate)} of ${source.measurement}.${source.field} over ${formatDuration(windowMs)}`,
    limit: conditionText(condition),
    threshold: thresholdText(condition),
    windowMs,
  }),
})
