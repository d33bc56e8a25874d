import { type Condition, conditionSchema, conditionText, thresholdText } from '../definition/condition.ts'
import { inconclusiveOf, judge, missing } from '../definition/judge.ts'
import { defineRuleKind } from '../definition/rule-kind.ts'
import { unitOfAggregate, unitOfName } from '../definition/unit.ts'
import { aggregate, aggregateSchema, growsWithWindow, type RuleAggregate, sampleCount, valueText } from '../samples/aggregate.ts'
import { calmRange, quietWithin, tooFewMs } from '../samples/quiet.ts'
import type { Quiet, SampleRun } from '../samples/samples.ts'
import { sourceSchema, windowSchema } from '../samples/source.ts'

type Watched = { readonly aggregate: RuleAggregate; readonly condition: Condition; readonly windowMs: number; readonly minSamples: number }

/** Only the newest sample decides what is last; other aggregates depend on all that are there. */
function quietOf({ aggregate: kind, condition, ...stay }: Watched, value: number, series: readonly SampleRun[]): Quiet | undefined {
  const range = calmRange(condition, kind, value)
  if (range === undefined) return undefined
  return kind === 'last' ? { ...range, untilMs: tooFewMs(series, stay) } : quietWithin(range, series, stay)
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
  toOptions: ({ source, aggregate, window, condition }, { unit }) => ({
    ...{ source, aggregate, windowMs: window, condition },
    unit: unitOfAggregate(aggregate, unit ?? unitOfName(source.field)),
  }),
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [source], keepMs: windowMs }),
  read({ options, minSamples }, set) {
    const fromMs = set.nowMs - options.windowMs
    const series = set.series(0, fromMs, set.nowMs)
    const samples = sampleCount(series)
    if (samples === 0) return missing
    if (samples < minSamples) return inconclusiveOf(samples)
    const isLast = options.aggregate === 'last'
    const value = aggregate(options.aggregate, series)
    const reading = judge(value, {
      condition: options.condition,
      isFiring: set.isFiring,
      isWindowKnown: isLast || set.isKnownSince(fromMs),
      growsWithWindow: growsWithWindow(options.aggregate),
      samples,
    })
    const quiet = value === null || reading.verdict !== 'false' ? undefined : quietOf({ ...options, minSamples }, value, series)
    return quiet ? { ...reading, quiet } : reading
  },
  drawn: ({ source, aggregate, windowMs }) => ({ source, aggregate, windowMs }),
  words: ({ source, aggregate, windowMs, condition, unit }) => ({
    what: valueText(aggregate, `${source.measurement}.${source.field}`, windowMs),
    limit: conditionText(condition, unit),
    threshold: thresholdText(condition),
    ...{ windowMs, unit },
  }),
})
