import { durationSchema, formatDuration } from '../../../lib/duration.ts'
import { type Condition, conditionSchema, conditionText, holds, thresholdText } from '../definition/condition.ts'
import { inconclusiveOf, missing } from '../definition/judge.ts'
import type { Reading } from '../definition/rule.ts'
import { defineRuleKind, RuleProblem } from '../definition/rule-kind.ts'
import { numberText } from '../definition/template.ts'
import { unitOfName, withUnit } from '../definition/unit.ts'
import { aggregate, sampleCount, valueText } from '../samples/aggregate.ts'
import type { SampleRun } from '../samples/samples.ts'
import { type Source, sourceSchema, windowSchema } from '../samples/source.ts'

/** A line through three samples says little. */
const samplesMin = 10
const partsDrawn = 36

/** A value that will break its limit soon if it goes on as it did: a disk that fills. */
export const forecast = defineRuleKind({
  kind: 'forecast',
  shape: {
    source: sourceSchema,
    window: windowSchema('6h'),
    within: durationSchema.prefault('4h').meta({ description: 'How soon it would break the limit.' }),
    condition: conditionSchema.meta({ description: 'above or below; until is where the forecast must come back to.' }),
  },
  toOptions({ source, window, within, condition }, { unit }) {
    if (condition.kind === 'outside' || condition.kind === 'equals')
      throw new RuleProblem('a forecast is about above or below', ['condition'])
    return { source, windowMs: window, withinMs: within, condition, fieldUnit: unit ?? unitOfName(source.field) }
  },
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [source], keepMs: windowMs }),
  read({ options, minSamples }, set): Reading {
    const { condition, windowMs, withinMs } = options
    const fromMs = set.nowMs - windowMs
    const series = set.series(0, fromMs, set.nowMs)
    const samples = sampleCount(series)
    if (samples === 0) return missing
    const line = samples < Math.max(minSamples, samplesMin) ? undefined : leastSquares(series, set.nowMs)
    if (!line) return inconclusiveOf(samples)
    const newest = aggregate('last', series) ?? line.now
    const then = line.now + line.perMs * withinMs
    const isHeld = holds(condition, newest, set.isFiring)
    // A line through part of the window says neither that the limit is near nor that it is far again.
    if (!isHeld && !set.isKnownSince(fromMs)) return inconclusiveOf(samples)
    const isHolding = isHeld || holds(condition, then, set.isFiring)
    const leftMs = holds(condition, newest, false) ? 0 : timeLeftMs(condition, line)
    return {
      verdict: isHolding ? 'true' : 'false',
      // Seconds until the limit; nothing to show when it is never reached.
      value: Number.isFinite(leftMs) ? Math.round(leftMs / 1000) : null,
      samples,
      facts: { newest, then, ...(Number.isFinite(leftMs) && { left: formatDuration(Math.round(leftMs / 60_000) * 60_000) }) },
    }
  },
  drawn({ source, windowMs }) {
    // As far back as the line is laid.
    const partMs = Math.ceil(windowMs / partsDrawn / 60_000) * 60_000
    const instead = valueText('mean', `${source.measurement}.${source.field}`, partMs)
    return { source, aggregate: 'mean', windowMs: partMs, instead }
  },
  words: ({ source, windowMs, withinMs, condition, fieldUnit }) => ({
    what: `seconds until ${source.measurement}.${source.field} is ${conditionText(condition, fieldUnit)}`,
    limit: `less than ${withinMs / 1000} s`,
    threshold: thresholdText(condition),
    ...{ windowMs, unit: 's' },
  }),
  summary: fateOf,
  summaryOfEnd: fateOf,
})

type Options = {
  readonly source: Source
  readonly windowMs: number
  readonly withinMs: number
  readonly condition: Condition
  readonly fieldUnit: string
}

/** Where the value is, and where it goes: as true of one that does not go to its limit any more. */
function fateOf({ source, windowMs, withinMs, condition, fieldUnit }: Options, { facts = {} }: Reading): string {
  const shown = (fact: string | number | undefined) => withUnit(numberText(Number(fact)), fieldUnit)
  const limit = conditionText(condition, fieldUnit)
  const soon = facts.left === '0s' ? `is ${limit} now` : `will be ${limit} in ${facts.left}`
  const fate = facts.left === undefined ? `will be ${shown(facts.then)} in ${formatDuration(withinMs)}` : soon
  return `${source.measurement}.${source.field} is ${shown(facts.newest)}; going on as in the last ${formatDuration(windowMs)} it ${fate}`
}

type Line = { readonly now: number; readonly perMs: number }

/** The straight line that lies nearest to all samples, from now. */
function leastSquares(series: readonly SampleRun[], nowMs: number): Line | undefined {
  let [count, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0]
  for (const { times, values, start, end } of series) {
    for (let index = start; index < end; index++) {
      const x = (times[index] as number) - nowMs
      const y = values[index] as number
      count++
      sumX += x
      sumY += y
      sumXX += x * x
      sumXY += x * y
    }
  }
  const spread = count * sumXX - sumX * sumX
  if (spread === 0) return undefined
  const perMs = (count * sumXY - sumX * sumY) / spread
  return { now: (sumY - perMs * sumX) / count, perMs }
}

/** Endless when it goes the other way, and none when it is past the limit and goes on. */
function timeLeftMs({ kind, limit }: Condition, { now, perMs }: Line): number {
  const isComing = kind === 'above' ? perMs > 0 : perMs < 0
  return isComing ? Math.max(0, ((limit as number) - now) / perMs) : Number.POSITIVE_INFINITY
}
