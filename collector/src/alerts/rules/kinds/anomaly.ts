import { z } from 'zod'
import { counted } from '../../../lib/words.ts'
import { comparedAggregate } from '../definition/compare.ts'
import { inconclusiveOf, missing } from '../definition/judge.ts'
import type { PastNeed, Reading } from '../definition/rule.ts'
import { defineRuleKind } from '../definition/rule-kind.ts'
import { numberText } from '../definition/template.ts'
import { unitOfAggregate, unitOfName, withUnit } from '../definition/unit.ts'
import { aggregate, sampleCount, valueText } from '../samples/aggregate.ts'
import { sourceSchema, windowSchema } from '../samples/source.ts'

const key = 'usual'
const [dayMs, hourMs] = [86_400_000, 3_600_000]
/** A median absolute deviation of 1 is a standard deviation of this in what is spread normally. */
const madToSigma = 1.4826

/**
 * A value that is unusual for this hour of the day.
 *
 * Usual is the median of the same hour on past days, and its spread the median distance from it: one
 * outage last week moves neither, as it would move a mean.
 */
export const anomaly = defineRuleKind({
  kind: 'anomaly',
  shape: {
    source: sourceSchema,
    aggregate: comparedAggregate.default('mean'),
    window: windowSchema('5m'),
    days: z.int().min(1).max(35).default(14).meta({ description: 'Past days to learn from.' }),
    min_days: z.int().min(1).max(35).default(3).meta({ description: 'With fewer days it says nothing.' }),
    sensitivity: z.number().min(1).max(100).default(5).meta({ description: 'How many spreads away from usual; lower fires more.' }),
    direction: z.enum(['above', 'below', 'both']).default('both'),
    min_deviation: z.number().min(0).default(0).meta({ description: 'A smaller distance from usual never fires.' }),
  },
  toOptions: ({ source, aggregate, window, days, min_days, sensitivity, direction, min_deviation }, { unit }) => ({
    ...{ source, aggregate, days, sensitivity, direction },
    ...{ windowMs: window, minDays: Math.min(min_days, days), minDeviation: min_deviation },
    unit: unitOfAggregate(aggregate, unit ?? unitOfName(source.field)),
  }),
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [source], keepMs: windowMs }),
  needs({ options: { source, aggregate, days, windowMs } }, { nowMs }): PastNeed[] {
    const ranges = Array.from({ length: days }, (_, index) => {
      const centre = nowMs - (index + 1) * dayMs
      return { from: centre - hourMs / 2, to: centre + hourMs / 2, everyMs: windowMs }
    })
    const id = JSON.stringify([source, aggregate, days, windowMs])
    return [{ name: key, key: id, selector: source, aggregate, ranges, refreshMs: hourMs / 4 }]
  },
  read({ options, minSamples }, set): Reading {
    const { sensitivity, direction, minDeviation } = options
    const fromMs = set.nowMs - options.windowMs
    const series = set.series(0, fromMs, set.nowMs)
    const samples = sampleCount(series)
    if (samples === 0) return missing
    const value = aggregate(options.aggregate, series)
    const days = (set.past(key) ?? []).filter((values) => values.length > 0)
    if (value === null || samples < minSamples || days.length < options.minDays || !set.isKnownSince(fromMs)) return inconclusiveOf(samples)
    const past = days.flat()
    const usual = median(past)
    const spread = median(past.map((one) => Math.abs(one - usual))) * madToSigma
    const distance = { above: value - usual, below: usual - value, both: Math.abs(value - usual) }[direction]
    // What never varied has no spread: there the least deviation that counts is all there is to go by.
    const isUnusual = distance >= minDeviation && distance > spread * sensitivity
    return { verdict: isUnusual ? 'true' : 'false', value, samples, facts: { usual, spread, days: days.length } }
  },
  drawn: ({ source, aggregate, windowMs }) => ({ source, aggregate, windowMs }),
  words: ({ source, aggregate, windowMs, sensitivity, direction, unit }) => ({
    what: valueText(aggregate, `${source.measurement}.${source.field}`, windowMs),
    limit: `${sensitivity} spreads ${direction === 'both' ? 'from' : direction} what is usual at this hour`,
    threshold: String(sensitivity),
    ...{ windowMs, unit },
  }),
  summary({ source, aggregate, windowMs, sensitivity, unit }, { value, facts }) {
    const [is, usual, spread] = [value, Number(facts?.usual), Number(facts?.spread)].map((one) => withUnit(numberText(one), unit))
    const what = valueText(aggregate, `${source.measurement}.${source.field}`, windowMs)
    return `${what} is ${is}; usual at this hour is ${usual} (spread ${spread}, ${counted(Number(facts?.days), 'day')}), limit: ${sensitivity} spreads away`
  },
})

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
