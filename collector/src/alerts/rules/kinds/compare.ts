import { durationSchema, formatDuration } from '../../../lib/duration.ts'
import { changeShape, changeText, comparedAggregate, judgeChange, unitsOfChange } from '../definition/compare.ts'
import { conditionSchema, conditionText, thresholdText } from '../definition/condition.ts'
import { inconclusiveOf, missing } from '../definition/judge.ts'
import type { PastNeed } from '../definition/rule.ts'
import { defineRuleKind } from '../definition/rule-kind.ts'
import { unitOfAggregate, unitOfName } from '../definition/unit.ts'
import { aggregate, sampleCount, valueText } from '../samples/aggregate.ts'
import { sourceSchema, windowSchema } from '../samples/source.ts'

const key = 'earlier'
const countKey = 'samples earlier'

/**
 * A value beside the same value a day or a week earlier.
 *
 * `min_samples` holds for both: what few samples made earlier is nothing to be measured by.
 */
export const compare = defineRuleKind({
  kind: 'compare',
  shape: {
    source: sourceSchema,
    aggregate: comparedAggregate.default('mean'),
    window: windowSchema('5m'),
    offset: durationSchema
      .refine((offsetMs) => offsetMs >= 60_000, 'must be at least 1m')
      .prefault('1w')
      .meta({ description: 'How much earlier the other window ends: 1d, 1w.' }),
    ...changeShape,
    condition: conditionSchema,
  },
  toOptions: ({ source, aggregate, window, offset, as, min_change, condition }, { unit }) => ({
    ...{ source, aggregate, as, condition },
    ...{ windowMs: window, offsetMs: offset, minChange: min_change },
    ...unitsOfChange(as, unitOfAggregate(aggregate, unit ?? unitOfName(source.field))),
  }),
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [source], keepMs: windowMs }),
  needs({ options: { source, aggregate, windowMs, offsetMs }, minSamples }, { nowMs }): PastNeed[] {
    const refreshMs = Math.max(10_000, windowMs / 10)
    const range = { from: nowMs - offsetMs - windowMs, to: nowMs - offsetMs }
    const need = (name: string, wanted: PastNeed['aggregate']): PastNeed => ({
      ...{ name, key: JSON.stringify([source, wanted, windowMs, offsetMs]) },
      ...{ selector: source, aggregate: wanted, ranges: [range], refreshMs },
    })
    return minSamples > 1 ? [need(key, aggregate), need(countKey, 'count')] : [need(key, aggregate)]
  },
  read({ options, minSamples }, set) {
    const fromMs = set.nowMs - options.windowMs
    const series = set.series(0, fromMs, set.nowMs)
    const samples = sampleCount(series)
    if (samples === 0) return missing
    const now = aggregate(options.aggregate, series)
    const before = set.past(key)?.[0]?.[0]
    if (now === null || before === undefined || samples < minSamples || !set.isKnownSince(fromMs)) return inconclusiveOf(samples)
    if (minSamples > 1 && (set.past(countKey)?.[0]?.[0] ?? 0) < minSamples) return inconclusiveOf(samples)
    return { ...judgeChange(now, before, { ...options, isFiring: set.isFiring }), samples }
  },
  drawn: ({ source, aggregate, windowMs }) => ({
    ...{ source, aggregate, windowMs },
    instead: valueText(aggregate, `${source.measurement}.${source.field}`, windowMs),
  }),
  words: ({ source, aggregate, windowMs, offsetMs, as, condition, unit }) => ({
    what: `${as} of ${aggregate} of ${source.measurement}.${source.field} over ${formatDuration(windowMs)} against ${formatDuration(offsetMs)} earlier`,
    limit: conditionText(condition, unit),
    threshold: thresholdText(condition),
    ...{ windowMs, unit },
  }),
  summary: ({ source, aggregate, offsetMs, as, condition, unit, fieldUnit }, reading) =>
    `${aggregate} of ${source.measurement}.${source.field} ${changeText(reading, as, fieldUnit)} ${formatDuration(offsetMs)} earlier, limit: ${conditionText(condition, unit)}`,
})
