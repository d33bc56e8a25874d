import { formatDuration } from '../../../lib/duration.ts'
import { missing } from '../definition/judge.ts'
import { defineRuleKind } from '../definition/rule-kind.ts'
import { sampleCount } from '../samples/aggregate.ts'
import { anyValue, quietWithin } from '../samples/quiet.ts'
import { fixedTags, sourceSchema, windowSchema } from '../samples/source.ts'

/** Samples that stopped coming, or never came. */
export const absent = defineRuleKind({
  kind: 'absent',
  shape: { source: sourceSchema, window: windowSchema('5m').meta({ description: 'How long there must be no sample.' }) },
  toOptions: ({ source, window }) => ({ source, windowMs: window }),
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [source], keepMs: windowMs }),
  read({ options }, set) {
    const series = set.series(0, set.nowMs - options.windowMs, set.nowMs)
    if (sampleCount(series) === 0) return { ...missing, verdict: 'true' }
    const quiet = quietWithin(anyValue, series, { ...options, minSamples: 1 })
    return { verdict: 'false', value: null, ...(quiet && { quiet }) }
  },
  words: ({ source, windowMs }) => ({
    what: `${source.measurement}.${source.field}`,
    limit: `no sample for ${formatDuration(windowMs)}`,
    threshold: formatDuration(windowMs),
    windowMs,
  }),
  summary: ({ source, windowMs }) => `${source.measurement}.${source.field}: no sample for ${formatDuration(windowMs)}`,
  summaryOfEnd: ({ source }) => `${source.measurement}.${source.field}: samples come again`,
  nothing: ({ source }) => fixedTags(source.where),
})
