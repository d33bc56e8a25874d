import { ownValue } from '../../lib/own-value.ts'
import type { Aggregation, Expression, Selector } from './promql.ts'
import { ExpressionProblem } from './promql-words.ts'

/** What a rule of ours takes from its series: one value for each label set. */
export type SeriesReading = {
  readonly selector: Selector
  readonly aggregate: string
  readonly window: string
  /** Null: each series by itself. */
  readonly groupBy: readonly string[] | null
  /** In what it differs from the expression. */
  readonly notes: readonly string[]
}

const overTime: Readonly<Record<string, string>> = {
  rate: 'rate',
  increase: 'increase',
  avg_over_time: 'mean',
  min_over_time: 'min',
  max_over_time: 'max',
  sum_over_time: 'sum',
  count_over_time: 'count',
  last_over_time: 'last',
}

/** How far back Prometheus looks for the newest sample. */
const lookBack = '5m'
/** For the newest sample of several series: long enough to hold one of each, short enough to be new. */
const newest = '1m'

/** The value that a rule takes, where it is one that rules can take. */
export function toReading(expression: Expression): SeriesReading {
  switch (expression.type) {
    case 'selector':
      return { selector: plain(expression, ''), aggregate: 'last', window: lookBack, groupBy: null, notes: [] }
    case 'call':
      return ofCall(expression.name, expression.inputs)
    case 'aggregation':
      return together(expression)
    case 'operation':
      throw new ExpressionProblem(`"${expression.op}" joins two values; only one may be divided by another, see "kind: ratio"`)
    default:
      throw new ExpressionProblem('it names no metric')
  }
}

function ofCall(name: string, inputs: readonly Expression[]): SeriesReading {
  const [first, second] = inputs
  const aggregate = ownValue(overTime, name)
  if (aggregate && first?.type === 'selector')
    return { selector: plain(first, name), aggregate, window: first.range, groupBy: null, notes: [...measuredNote(aggregate)] }
  if (name === 'quantile_over_time' && first?.type === 'number' && second?.type === 'selector')
    return {
      ...{ selector: plain(second, name), aggregate: `p${rounded(first.value * 100)}`, window: second.range, groupBy: null },
      notes: ['a percentile here is one of the samples; Prometheus takes what lies between two'],
    }
  throw new ExpressionProblem(`${name}() ${ownValue(insteadOf, name) ?? 'has no counterpart in rules'}`)
}

const insteadOf: Readonly<Record<string, string>> = {
  irate: 'takes two samples only; write rate() first',
  delta: 'has no counterpart in rules; "kind: compare" sets a value beside the same earlier',
  deriv: 'has no counterpart in rules; "kind: forecast" says when a value will meet a limit',
  time: 'has no counterpart in rules; for "too long ago" push a heartbeat, or write "kind: absent"',
  absent: 'can only stand alone: "kind: absent"',
  vector: 'has no counterpart in rules; leave "or vector(0)" away: what never came counts as 0 in "kind: ratio"',
  label_replace: 'has no counterpart in rules; labels are those of the series',
  label_join: 'has no counterpart in rules; labels are those of the series',
  histogram_quantile: 'must have the rate of buckets within it, see "kind: histogram"',
}

const measuredNote = (aggregate: string): readonly string[] =>
  aggregate === 'rate' || aggregate === 'increase'
    ? ['the growth is that from the first to the last sample of the window; Prometheus guesses what lies beyond them']
    : []

/** Series taken together: what Prometheus does after, we do at once, where that is the same. */
function together(expression: Aggregation): SeriesReading {
  const { name, inputs, by, isWithout } = expression
  const [inner] = inputs
  if (isWithout) throw new ExpressionProblem('without (…) names labels that go; "group_by" those that stay: write by (…)')
  if (!inner || inputs.length > 1) throw new ExpressionProblem(`${name}() has no counterpart in rules`)
  const reading = toReading(inner)
  const groupBy = regroup(by ?? [], reading.groupBy)
  if (reading.aggregate === 'last' && reading.groupBy === null) return newestOf(name, { ...reading, groupBy })
  if (alike[name]?.includes(reading.aggregate)) return { ...reading, groupBy }
  if (name === 'avg' && reading.aggregate === 'mean')
    return { ...reading, groupBy, notes: ['the mean is that of all samples; in Prometheus each series counts the same'] }
  if (name === 'avg' && (reading.aggregate === 'rate' || reading.aggregate === 'increase'))
    throw new ExpressionProblem(
      'the mean of several rates has no counterpart in rules: here they are added; divide by their number, or write the share as "kind: ratio" (idle seconds of all seconds)',
    )
  throw new ExpressionProblem(`${name} of "${reading.aggregate}" over a window has no counterpart in rules`)
}

/** Where it is the same whether series are put together before or after. */
const alike: Readonly<Record<string, readonly string[]>> = {
  sum: ['rate', 'increase', 'sum', 'count'],
  max: ['max'],
  min: ['min'],
}

function regroup(by: readonly string[], inner: readonly string[] | null): readonly string[] {
  if (inner !== null && !by.every((label) => inner.includes(label)))
    throw new ExpressionProblem(`is grouped by ${by.join(', ')}, which an inner by (…) took away`)
  return by
}

function newestOf(name: string, reading: SeriesReading): SeriesReading {
  const aggregate = { max: 'max', min: 'min', avg: 'mean' }[name]
  if (aggregate === undefined)
    throw new ExpressionProblem(
      `${name} of the newest values of several series has no counterpart in rules; have it pushed as a value of its own${name === 'count' || name === 'sum' ? ', or write a rule for each series' : ''}`,
    )
  return {
    ...{ ...reading, aggregate, window: newest },
    notes: [`it is the ${name} of all samples of a minute; where they come more seldom, write a longer window`],
  }
}

/** A selector that a rule can have. With a range exactly where a function takes one. */
function plain(selector: Selector, taker: string): Selector {
  if (selector.metric === '') throw new ExpressionProblem('a rule looks at one metric: name it before {')
  if (selector.shift !== '')
    throw new ExpressionProblem(`${selector.metric} ${selector.shift}: rules look at now; "kind: compare" sets it beside the same earlier`)
  if ((selector.range === '') !== (taker === ''))
    throw new ExpressionProblem(`${selector.metric} ${taker === '' ? 'has a range and no function for it' : `needs a range for ${taker}`}`)
  return selector
}

/** Without the noise of binary fractions: 0.1 + 0.2 is 0.3. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12))
}
