import { z } from 'zod'
import { formatDuration } from '../../../lib/duration.ts'
import { conditionSchema, conditionText, thresholdText } from '../definition/condition.ts'
import { inconclusiveOf, judge, missing } from '../definition/judge.ts'
import { defineRuleKind } from '../definition/rule-kind.ts'
import { unitOfName } from '../definition/unit.ts'
import { percentileOf, toDistribution } from '../samples/buckets.ts'
import { histogramSourceSchema, windowSchema } from '../samples/source.ts'

/** Every field that a histogram may be made of; `value` with the tag `le` is Prometheus's classic form. */
const bucketFields = /^(?:le_.+|exp-?\d+_.+|exp_zero|count|value)$/

/** A percentile of a histogram: true over several services and minutes, which an average of percentiles is not. */
export const histogram = defineRuleKind({
  kind: 'histogram',
  shape: {
    source: histogramSourceSchema.meta({ description: 'The measurement of the histogram; its fields are its buckets.' }),
    percentile: z
      .number()
      .min(1, 'is written in percent: 99 for the value that 99 % do not exceed, not 0.99')
      .lt(100)
      .default(95)
      .meta({ description: 'From 1 to below 100, such as 99.9.' }),
    window: windowSchema('5m'),
    condition: conditionSchema,
  },
  toOptions: ({ source, percentile, window, condition }, { unit }) => ({
    ...{ source, percentile, windowMs: window, condition },
    unit: unit ?? unitOfName(source.measurement),
  }),
  inputs: ({ source, windowMs }) => ({
    groupBy: source.groupBy,
    without: ['le'],
    selectors: [{ measurement: source.measurement, where: source.where, field: bucketFields }],
    keepMs: windowMs,
  }),
  read({ options, minSamples }, set) {
    const fromMs = set.nowMs - options.windowMs
    const distribution = toDistribution(set.series(0, fromMs, set.nowMs))
    if (!distribution) return missing
    if (distribution.count < minSamples) return inconclusiveOf(distribution.count)
    return judge(percentileOf(distribution, options.percentile), {
      condition: options.condition,
      isFiring: set.isFiring,
      isWindowKnown: set.isKnownSince(fromMs),
      samples: distribution.count,
      facts: { count: distribution.count },
    })
  },
  drawn: ({ source, percentile, windowMs }) => ({ source: { ...source, field: 'histogram' }, aggregate: { percentile }, windowMs }),
  words: ({ source, percentile, windowMs, condition, unit }) => ({
    what: `p${percentile} of ${source.measurement} over ${formatDuration(windowMs)}`,
    limit: conditionText(condition, unit),
    threshold: thresholdText(condition),
    ...{ windowMs, unit },
  }),
})
