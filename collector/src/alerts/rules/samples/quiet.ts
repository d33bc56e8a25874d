import type { Condition } from '../definition/condition.ts'
import type { RuleAggregate } from './aggregate.ts'
import type { Quiet, SampleRun } from './samples.ts'

type Range = Pick<Quiet, 'low' | 'high'>

/** Any number. */
export const anyValue: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/** Aggregates that lie between the least and the greatest of their samples, whichever these are. */
const within = new Set<unknown>(['last', 'min', 'max', 'mean'])

/**
 * The values among which a condition that does not hold cannot begin to: while all samples lie there,
 * so does every aggregate that is one of them, or their mean. Undefined when there are none.
 */
export function calmRange(condition: Condition, aggregate: RuleAggregate, newest: number): Range | undefined {
  if (typeof aggregate === 'string' && !within.has(aggregate)) return undefined
  // The same value again is no change; of a mean, rounding may make one.
  if (condition.kind === 'equals') return aggregate === 'last' ? { low: newest, high: newest } : undefined
  const range = sideOf(condition)
  return aggregate === 'mean' ? insideOf(range) : range
}

function sideOf(condition: Exclude<Condition, { readonly kind: 'equals' }>): Range {
  if (condition.kind === 'outside') return { low: condition.limit[0], high: condition.limit[1] }
  const limit = condition.limit as number
  return condition.kind === 'above' ? { low: Number.NEGATIVE_INFINITY, high: limit } : { low: limit, high: Number.POSITIVE_INFINITY }
}

/** How many times the limit a sample may be that goes into a mean. */
const widest = 1024

/**
 * A little inside, and not endless: the mean of values at the limit may be rounded beyond it. What a
 * sum of a billion such values is off by is less than this.
 */
function insideOf({ low, high }: Range): Range {
  const largest = Math.max(Number.isFinite(low) ? Math.abs(low) : 0, Number.isFinite(high) ? Math.abs(high) : 0)
  const margin = largest / 512
  const reach = largest * widest
  return { low: Math.max(low + margin, -reach), high: Math.min(high - margin, reach) }
}

/** How long samples count, and how many there must be. */
type Stay = { readonly windowMs: number; readonly minSamples: number }

/**
 * What is quiet when the samples of the window lie in a range: those to come that lie there, too, while
 * enough of those of now are left. Undefined when one does not.
 */
export function quietWithin({ low, high }: Range, series: readonly SampleRun[], stay: Stay): Quiet | undefined {
  for (const { values, start, end } of series) {
    for (let index = start; index < end; index++) {
      const value = values[index] as number
      if (!(value >= low && value <= high)) return undefined
    }
  }
  return { low, high, untilMs: tooFewMs(series, stay) }
}

/** When too few of the samples are left in the window; there are enough now. */
export function tooFewMs(series: readonly SampleRun[], { windowMs, minSamples }: Stay): number {
  const newest: number[] = []
  for (const { times, start, end } of series) {
    for (let index = Math.max(start, end - minSamples); index < end; index++) newest.push(times[index] as number)
  }
  newest.sort((a, b) => b - a)
  return (newest[minSamples - 1] as number) + windowMs + 1
}
