import { z } from 'zod'
import { durationSchema, formatDuration } from '../../../lib/duration.ts'
import { inconclusive, missing } from '../definition/judge.ts'
import type { PastNeed, Reading, SetView } from '../definition/rule.ts'
import { defineRuleKind, RuleProblem } from '../definition/rule-kind.ts'
import { numberText } from '../definition/template.ts'
import { aggregate, sampleCount } from '../samples/aggregate.ts'
import { type Over, overSchema, type Source, sourceSchema, toOver } from '../samples/source.ts'

/** Longer windows are asked of the store, and asked again often enough to be true within a hundredth. */
const memoryMaxMs = 6 * 3_600_000
const [refreshMinMs, refreshMaxMs] = [10_000, 300_000]

const hour = 3_600_000
/** Google's SRE Workbook, table 5-8: 2 % of a month's budget in an hour, 5 % in six. */
const paging = [
  { long: '1h', short: '5m', factor: 14.4 },
  { long: '6h', short: '30m', factor: 6 },
]

const pairSchema = z.strictObject({
  long: durationSchema.refine((ms) => ms >= 60_000 && ms <= 30 * 24 * hour, 'must be between 1m and 30d'),
  short: durationSchema.optional().meta({ description: 'So that it ends soon when all is well again; left out: a twelfth of long.' }),
  factor: z.number().gt(0).meta({ description: 'How many times faster than allowed the budget is burnt.' }),
})

type Pair = { readonly longMs: number; readonly shortMs: number; readonly factor: number }
type Options = {
  readonly source: Source
  readonly over: Over
  readonly aggregate: 'sum' | 'increase'
  readonly objective: number
  readonly pairs: readonly Pair[]
}

/** An error budget that is burnt too fast, in a long and in a short window at once. */
export const burnRate = defineRuleKind({
  kind: 'burn_rate',
  shape: {
    source: sourceSchema.meta({ description: 'The bad events.' }),
    over: overSchema.meta({ description: 'All events; measurement and where left out are those of the source.' }),
    aggregate: z.enum(['sum', 'increase']).default('sum').meta({ description: 'increase for running totals, sum for increments.' }),
    objective: z
      .number()
      .gt(1, 'is written in percent: 99.9, not 0.999')
      .lt(100, 'must be less than 100: who promises that nothing ever fails has no budget to burn')
      .meta({ description: 'The share of good events that was promised, in percent: 99.9.' }),
    windows: z
      .array(pairSchema)
      .min(1)
      .max(10)
      .prefault(paging)
      .meta({ description: 'It fires when both windows of a pair burn that fast.' }),
  },
  toOptions({ source, over, aggregate, objective, windows }): Options {
    const pairs = windows.map(({ long, short, factor }, index) => toPair(long, short, factor, { objective, index }))
    return { source, over: toOver(source, over), aggregate, objective, pairs }
  },
  inputs: ({ source, over, pairs }) => ({
    groupBy: source.groupBy,
    selectors: [source, over],
    keepMs: Math.max(60_000, ...pairs.flatMap(({ longMs, shortMs }) => [longMs, shortMs]).filter((ms) => ms <= memoryMaxMs)),
  }),
  needs({ options: { source, over, aggregate, pairs } }, { nowMs }): PastNeed[] {
    const windows = [...new Set(pairs.flatMap(({ longMs, shortMs }) => [longMs, shortMs]).filter((ms) => ms > memoryMaxMs))]
    return windows.flatMap((windowMs) =>
      [source, over].map((selector, input) => ({
        name: nameOf(input, windowMs),
        key: JSON.stringify([selector.measurement, selector.field, selector.where, aggregate, windowMs]),
        selector,
        aggregate,
        ranges: [{ from: nowMs - windowMs, to: nowMs }],
        refreshMs: Math.min(refreshMaxMs, Math.max(refreshMinMs, windowMs / 100)),
      })),
    )
  },
  read({ options, minSamples }, set): Reading {
    const burns = options.pairs.map((pair) => ({
      pair,
      long: burnOf(options, set, pair.longMs, minSamples),
      short: burnOf(options, set, pair.shortMs, minSamples),
    }))
    const windows = burns.flatMap(({ long, short }) => [long, short])
    if (windows.every(({ rate }) => rate === 'silent')) return missing
    const fastest = burns.find(({ pair, long, short }) => isOver(long.rate, pair.factor) && isOver(short.rate, pair.factor))
    const shown = fastest ?? burns[0]
    const facts = { long: formatDuration(shown?.pair.longMs ?? 0), factor: shown?.pair.factor ?? 0 }
    const value = typeof shown?.long.rate === 'number' ? shown.long.rate : null
    // The window with the fewest events is the one that can say least.
    const { events: samples, windowMs: countedMs } = windows.reduce((found, one) => (one.events < found.events ? one : found))
    const counted = { value, facts, samples, countedMs }
    if (fastest) return { verdict: 'true', ...counted }
    const isUnsure = windows.some(({ rate }) => typeof rate !== 'number')
    return isUnsure ? { ...inconclusive, samples, countedMs } : { verdict: 'false', ...counted }
  },
  drawn({ source, over, aggregate, pairs }) {
    const windowMs = Math.min(...pairs.map(({ shortMs }) => shortMs))
    const instead = `${source.measurement}.${source.field} in percent of ${over.measurement}.${over.field} over ${formatDuration(windowMs)}`
    return { source, aggregate, windowMs, over: { selector: over, factor: 100 }, instead }
  },
  words: ({ source, over, objective, pairs }) => ({
    what: `how fast ${source.measurement}.${source.field} of ${over.measurement}.${over.field} burns the budget of ${objective} %`,
    limit: pairs.map(({ longMs, factor }) => `${factor} times in ${formatDuration(longMs)}`).join(' or '),
    threshold: pairs.map(({ factor }) => factor).join(', '),
    windowMs: Math.max(...pairs.map(({ longMs }) => longMs)),
    unit: 'times',
  }),
  summary: ({ objective }, { value, facts = {} }) =>
    `The error budget of ${objective} % is burnt ${numberText(value)} times too fast over ${facts.long}, limit: ${facts.factor} times`,
})

/** An error ratio cannot exceed 1, so a factor above 1 ÷ (1 − objective) would be a rule that never fires. */
function toPair(longMs: number, short: number | undefined, factor: number, at: { objective: number; index: number }): Pair {
  const shortMs = short ?? Math.round(longMs / 12)
  const most = 100 / (100 - at.objective)
  if (factor >= most)
    throw new RuleProblem(
      `${factor} can never be exceeded: with an objective of ${at.objective} % even errors alone burn ${numberText(most)} times; choose a smaller factor or a higher objective`,
      ['windows', at.index, 'factor'],
    )
  if (shortMs >= longMs) throw new RuleProblem('must be shorter than long', ['windows', at.index, 'short'])
  return { longMs, shortMs, factor }
}

const nameOf = (input: number, windowMs: number) => `${input} ${windowMs}`
const isOver = (burn: number | string, factor: number) => typeof burn === 'number' && burn > factor

type Burn = { readonly windowMs: number; readonly events: number; readonly rate: number | 'unsure' | 'silent' }

/** How many times faster than allowed; unsure with too few events, silent with none. */
function burnOf({ aggregate: kind, objective }: Options, set: SetView, windowMs: number, minSamples: number): Burn {
  const fromMs = set.nowMs - windowMs
  const isInMemory = windowMs <= memoryMaxMs
  const totalOf = (input: number) =>
    isInMemory ? aggregate(kind, set.series(input, fromMs, set.nowMs)) : (set.past(nameOf(input, windowMs))?.[0]?.[0] ?? null)
  const of = (events: number, rate: Burn['rate']): Burn => ({ windowMs, events, rate })
  const all = totalOf(1)
  // One sample of a running total is no growth yet, but it is not silence either.
  if (all === null) return isInMemory && sampleCount(set.series(1, fromMs, set.nowMs)) > 0 ? of(0, 'unsure') : of(0, 'silent')
  if (all <= 0 || all < minSamples || (isInMemory && !set.isKnownSince(fromMs))) return of(Math.max(0, all), 'unsure')
  return of(all, (totalOf(0) ?? 0) / all / (1 - objective / 100))
}
