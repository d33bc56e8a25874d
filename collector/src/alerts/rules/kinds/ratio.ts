import { z } from 'zod'
import { formatDuration } from '../../../lib/duration.ts'
import { conditionSchema, conditionText, thresholdText } from '../definition/condition.ts'
import { inconclusive, inconclusiveOf, judge, missing } from '../definition/judge.ts'
import { defineRuleKind } from '../definition/rule-kind.ts'
import { numberText } from '../definition/template.ts'
import { unitOfName, withUnit } from '../definition/unit.ts'
import { aggregate, sampleCount } from '../samples/aggregate.ts'
import { overSchema, sourceSchema, toOver, windowSchema } from '../samples/source.ts'

/**
 * One total in proportion to another: errors to requests.
 *
 * Below `min_samples` of what it is divided by it says nothing: one error in one request at night
 * must not wake anybody, and no request at all is neither good nor bad.
 */
export const ratio = defineRuleKind({
  kind: 'ratio',
  shape: {
    source: sourceSchema,
    over: overSchema.meta({ description: 'What the source is divided by; measurement and where left out are those of the source.' }),
    aggregate: z.enum(['sum', 'increase', 'mean']).default('sum').meta({ description: 'increase for running totals, sum for increments.' }),
    as: z.enum(['fraction', 'percent']).default('fraction').meta({ description: 'percent: the condition is written in percent.' }),
    window: windowSchema('5m'),
    condition: conditionSchema,
  },
  toOptions: ({ source, over, aggregate, as, window, condition }, { unit }) => ({
    ...{ source, aggregate, as, condition },
    over: toOver(source, over),
    windowMs: window,
    // Milliseconds by requests are milliseconds a request.
    unit: as === 'percent' ? '%' : (unit ?? (unitOfName(over.field) === '' ? unitOfName(source.field) : '')),
  }),
  inputs: ({ source, over, windowMs }) => ({ groupBy: source.groupBy, selectors: [source, over], keepMs: windowMs }),
  read({ options, minSamples }, set) {
    const fromMs = set.nowMs - options.windowMs
    const [parts, wholes] = [set.series(0, fromMs, set.nowMs), set.series(1, fromMs, set.nowMs)]
    if (sampleCount(wholes) === 0) return sampleCount(parts) === 0 ? missing : inconclusiveOf(0)
    const whole = aggregate(options.aggregate, wholes)
    if (whole === null) return inconclusive
    // A mean is no number of events: there the samples are counted.
    const samples = options.aggregate === 'mean' ? sampleCount(wholes) : Math.max(0, whole)
    if (whole <= 0 || samples < minSamples) return inconclusiveOf(samples)
    // A series of errors that never came means that there were none.
    const part = aggregate(options.aggregate, parts) ?? 0
    const value = (part / whole) * (options.as === 'percent' ? 100 : 1)
    const isWindowKnown = set.isKnownSince(fromMs)
    return judge(value, { condition: options.condition, isFiring: set.isFiring, isWindowKnown, samples, facts: { part, whole } })
  },
  drawn: ({ source, over, aggregate, as, windowMs }) => ({
    ...{ source, aggregate, windowMs },
    over: { selector: over, factor: as === 'percent' ? 100 : 1 },
  }),
  words: ({ source, over, as, windowMs, condition, unit }) => ({
    what: `${source.measurement}.${source.field} ${as === 'percent' ? 'in percent of' : 'divided by'} ${over.measurement}.${over.field} over ${formatDuration(windowMs)}`,
    limit: conditionText(condition, unit),
    threshold: thresholdText(condition),
    ...{ windowMs, unit },
  }),
  summary({ source, over, as, windowMs, condition, unit }, { value, facts = {} }) {
    const [part, whole] = [source, over].map(({ measurement, field }) => `${measurement}.${field}`)
    const isShare = as === 'percent'
    const from = isShare
      ? `${part} is ${numberText(value)} % of ${whole}`
      : `${part} divided by ${whole} is ${withUnit(numberText(value), unit)}`
    const figures = `${numberText(Number(facts.part))} ${isShare ? 'of' : '/'} ${numberText(Number(facts.whole))}`
    return `${from} over ${formatDuration(windowMs)} (${figures}), limit: ${conditionText(condition, unit)}`
  },
})
