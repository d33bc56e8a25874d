import { z } from 'zod'
import type { Severity } from '../../../model/alert.ts'
import { isMoreSevere, severitySchema } from '../../severity.ts'
import { type Condition, conditionSchema, conditionText, holds, thresholdText } from '../definition/condition.ts'
import { inconclusiveOf, judge, missing } from '../definition/judge.ts'
import type { Reading } from '../definition/rule.ts'
import { defineRuleKind, RuleProblem } from '../definition/rule-kind.ts'
import { numberText } from '../definition/template.ts'
import { unitOfAggregate, unitOfName, withUnit } from '../definition/unit.ts'
import { aggregate, aggregateSchema, growsWithWindow, sampleCount, valueText } from '../samples/aggregate.ts'
import { sourceSchema, windowSchema } from '../samples/source.ts'

type Level = { readonly severity: Severity; readonly condition: Condition }

const levelSchema = z.strictObject({
  severity: severitySchema,
  condition: conditionSchema.meta({ description: 'Holds at this level; until is where the value must come back to before it leaves it.' }),
})

/** One alert that gets worse and better, each level with its own limit and its own way back. */
export const levels = defineRuleKind({
  kind: 'levels',
  shape: {
    source: sourceSchema,
    aggregate: aggregateSchema.prefault('last'),
    window: windowSchema('5m'),
    levels: z.array(levelSchema).min(2).max(4).meta({ description: 'One limit for each severity.' }),
  },
  toOptions({ source, aggregate, window, levels }, { severity, unit }) {
    if (severity !== null) throw new RuleProblem('each level has its own severity; leave it out here', ['severity'])
    const sorted = levels.toSorted((a, b) => (isMoreSevere(a.severity, b.severity) ? 1 : -1))
    const twice = levels.findIndex((level, index) => levels.findIndex((other) => other.severity === level.severity) < index)
    if (twice >= 0) throw new RuleProblem(`there is a level ${levels[twice]?.severity} already`, ['levels', twice, 'severity'])
    return { source, aggregate, windowMs: window, levels: sorted, unit: unitOfAggregate(aggregate, unit ?? unitOfName(source.field)) }
  },
  inputs: ({ source, windowMs }) => ({ groupBy: source.groupBy, selectors: [source], keepMs: windowMs }),
  read({ options, minSamples }, set): Reading {
    const fromMs = set.nowMs - options.windowMs
    const series = set.series(0, fromMs, set.nowMs)
    const samples = sampleCount(series)
    if (samples === 0) return missing
    const value = aggregate(options.aggregate, series)
    if (samples < minSamples || value === null || Number.isNaN(value)) return inconclusiveOf(samples)
    const level = levelOf(options.levels, set.severity, value)
    const shown = level ?? options.levels[0]
    if (!shown) return inconclusiveOf(samples)
    const reading = judge(value, {
      condition: shown.condition,
      // Whether it holds is decided by the level alone.
      isFiring: false,
      isWindowKnown: options.aggregate === 'last' || set.isKnownSince(fromMs),
      growsWithWindow: growsWithWindow(options.aggregate),
      samples,
    })
    if (reading.verdict === 'inconclusive') return reading
    const facts = { limit: conditionText(shown.condition, options.unit) }
    return level ? { ...reading, verdict: 'true', severity: level.severity, facts } : { ...reading, verdict: 'false', facts }
  },
  drawn: ({ source, aggregate, windowMs }) => ({ source, aggregate, windowMs }),
  words: ({ source, aggregate, windowMs, levels, unit }) => ({
    what: valueText(aggregate, `${source.measurement}.${source.field}`, windowMs),
    limit: levels.map(({ severity, condition }) => `${severity} ${conditionText(condition, unit)}`).join(', '),
    threshold: levels.map(({ condition }) => thresholdText(condition)).join(', '),
    ...{ windowMs, unit },
  }),
  summary: ({ source, aggregate, windowMs, unit }, { value, facts }) =>
    `${valueText(aggregate, `${source.measurement}.${source.field}`, windowMs)} is ${withUnit(numberText(value), unit)}, limit: ${facts?.limit}`,
})

/**
 * The level of a value: the worst that holds at or above the one it is at; else the one it is at, until the
 * value is back where that says; else the worst that holds below.
 *
 * This is how Kapacitor chooses (alert.go), each level having its own reset.
 */
function levelOf(levels: readonly Level[], current: Severity | null, value: number): Level | undefined {
  const at = levels.findIndex(({ severity }) => severity === current)
  const isHolding = ({ condition }: Level) => holds(condition, value, false)
  const above = levels.slice(Math.max(0, at)).findLast(isHolding)
  if (above || at < 0) return above
  const here = levels[at]
  const stays = here !== undefined && here.condition.until !== null && holds(here.condition, value, true)
  return stays ? here : levels.slice(0, at).findLast(isHolding)
}
