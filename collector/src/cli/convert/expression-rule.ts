import { ownValue } from '../../lib/own-value.ts'
import { type Compared, toCompared, toCondition } from './conditions.ts'
import { type Aggregation, type Expression, type Operation, parseExpression, type Selector } from './promql.ts'
import { ExpressionProblem } from './promql-words.ts'
import { rounded, type SeriesReading, toReading } from './readings.ts'

/** The keys of a rule that say the same as an expression, and in what they differ. */
export type ExpressionRule = { readonly keys: Readonly<Record<string, unknown>>; readonly notes: readonly string[] }

const comparisons = new Set(['>', '<', '>=', '<=', '==', '!='])
const joins = new Set(['and', 'or', 'unless'])

/** A rule of ours from an expression of Prometheus; throws an ExpressionProblem where none says the same. */
export function toExpressionRule(text: string): ExpressionRule {
  const expression = parseExpression(text)
  const { keys, notes } = ofExpression(expression)
  return { keys, notes: [...new Set([...notes, ...histogramNotes(text)])] }
}

function ofExpression(expression: Expression): ExpressionRule {
  if (expression.type === 'call' && /^absent(?:_over_time)?$/.test(expression.name)) return ofAbsence(expression.inputs[0])
  if (expression.type === 'operation' && comparisons.has(expression.op)) return ofComparison(toCompared(expression))
  if (expression.type === 'operation' && joins.has(expression.op))
    throw new ExpressionProblem(
      `"${expression.op}" joins two conditions: write each as a rule of its own, and a third of "kind: composite" that joins them`,
    )
  throw new ExpressionProblem('it compares nothing with a number; a rule needs a condition such as "> 5"')
}

function ofAbsence(input: Expression | undefined): ExpressionRule {
  if (input?.type !== 'selector' || input.shift !== '')
    throw new ExpressionProblem('absent() of anything but a metric has no counterpart in rules')
  const labels = input.tests.filter(({ op }) => op === '=').map(({ label }) => label)
  const window = input.range === '' ? {} : { window: input.range }
  return { keys: { kind: 'absent', source: toSource(input, labels), ...window }, notes: [] }
}

function ofComparison(compared: Compared): ExpressionRule {
  const { value } = compared
  if (value.type === 'operation' && value.op === '/') return ofRatio(value, compared)
  const share = toShareOfTime(value)
  if (share) return dividedRule(share, compared)
  const { condition, notes } = toCondition(compared.op, compared.limit)
  const movedNotes = compared.isMoved ? ['the arithmetic was done on the limit: the value is told without it'] : []
  const ofCall = value.type === 'call' ? ownValue(ofCalls, value.name) : undefined
  const { keys, notes: ofKind } = value.type === 'call' && ofCall ? ofCall(value.inputs) : ofReading(value)
  return { keys: { ...keys, condition }, notes: [...notes, ...movedNotes, ...ofKind] }
}

/** Running totals of seconds, of which those of all values of a label grow by one second a second. */
const secondsOf: Readonly<Record<string, string>> = { node_cpu_seconds_total: 'mode', windows_cpu_time_total: 'mode' }

/** The mean over the cores of how fast the seconds of a mode grow is their share in the seconds of all modes. */
function toShareOfTime(value: Expression): Division | undefined {
  if (value.type !== 'aggregation' || value.name !== 'avg' || value.isWithout) return undefined
  const [call] = value.inputs
  if (call?.type !== 'call' || (call.name !== 'rate' && call.name !== 'irate')) return undefined
  const [part] = call.inputs
  const label = part?.type === 'selector' ? ownValue(secondsOf, part.metric) : undefined
  if (part?.type !== 'selector' || part.range === '' || part.shift !== '' || label === undefined) return undefined
  const ofLabel = part.tests.filter((test) => test.label === label)
  if (ofLabel.length !== 1 || ofLabel[0]?.op !== '=') return undefined
  return {
    ...{ part, whole: { ...part, tests: part.tests.filter((test) => test.label !== label) } },
    ...{ groupBy: value.by ?? [], aggregate: 'increase', window: part.range },
    notes: [
      `it is the share in the seconds of every ${label}, which is the mean over the cores`,
      ...(call.name === 'irate' ? ['it looks at the whole window, not at its last two samples'] : []),
    ],
  }
}

type OfCall = (inputs: readonly Expression[]) => ExpressionRule

/** Functions for which there is a kind of rule. */
const ofCalls: Readonly<Record<string, OfCall>> = {
  changes([series]) {
    if (series?.type !== 'selector' || series.range === '') throw new ExpressionProblem('changes() needs a metric with a range')
    return { keys: { kind: 'changed', source: toSource(withoutShift(series), null), window: series.range }, notes: [] }
  },
  predict_linear([series, seconds]) {
    if (series?.type !== 'selector' || series.range === '' || (seconds?.type !== 'number' && seconds?.type !== 'operation'))
      throw new ExpressionProblem('predict_linear() needs a metric with a range, and seconds')
    return {
      keys: { kind: 'forecast', source: toSource(withoutShift(series), null), window: series.range, within: `${toSeconds(seconds)}s` },
      notes: ['it also fires while the limit is broken already, and says nothing of fewer than ten samples'],
    }
  },
  histogram_quantile: ofHistogram,
}

function toSeconds(expression: Expression): number {
  if (expression.type === 'number') return expression.value
  if (expression.type !== 'operation' || expression.op !== '*')
    throw new ExpressionProblem('predict_linear() needs its seconds as a number')
  return toSeconds(expression.left) * toSeconds(expression.right)
}

function ofHistogram([share, buckets]: readonly Expression[]): ExpressionRule {
  if (share?.type !== 'number' || !buckets) throw new ExpressionProblem('histogram_quantile() needs a number and buckets')
  const together = buckets.type === 'aggregation' ? buckets : undefined
  const { selector, window } = toReading(together ? (onlySum(together).inputs[0] as Expression) : buckets)
  const labels = together ? (together.by ?? []).filter((label) => label !== 'le') : null
  const { field: _, ...source } = toSource(selector, labels)
  return {
    keys: { kind: 'histogram', source, percentile: rounded(share.value * 100), window },
    notes: [],
  }
}

function onlySum(aggregation: Aggregation): Aggregation {
  if (aggregation.name === 'sum' && !aggregation.isWithout && aggregation.inputs.length === 1) return aggregation
  throw new ExpressionProblem('buckets are put together by sum by (le, …)')
}

/** Totals that are divided: the same window, label sets and way to take them on both sides. */
function ofRatio({ left, right, matching }: Operation, compared: Compared): ExpressionRule {
  if (matching !== '') throw new ExpressionProblem(`"/ ${matching}" has no counterpart in rules: both sides must have the same labels`)
  const [part, whole] = [toReading(left), toReading(right)]
  const [a, b] = [part, whole].map(({ aggregate, window, groupBy }) => JSON.stringify([aggregate, window, groupBy && [...groupBy].sort()]))
  if (a !== b) throw new ExpressionProblem('both sides of a division must have the same function, window and by (…)')
  return dividedRule({ ...divided(part), part: part.selector, whole: whole.selector, groupBy: part.groupBy }, compared)
}

type Division = {
  readonly part: Selector
  readonly whole: Selector
  readonly groupBy: readonly string[] | null
  readonly aggregate: string
  readonly window: string
  readonly notes: readonly string[]
}

function dividedRule({ part, whole, groupBy, aggregate, window, notes }: Division, compared: Compared): ExpressionRule {
  const { op, limit, isPercent, isMoved } = compared
  const written = toCondition(op, isPercent ? rounded(limit * 100) : limit)
  return {
    keys: {
      ...{ kind: 'ratio', source: toSource(part, groupBy), over: toOver(whole, part), aggregate, window },
      ...(isPercent && { as: 'percent' }),
      condition: written.condition,
    },
    notes: [
      ...written.notes,
      ...notes,
      ...(isMoved && !isPercent ? ['the arithmetic was done on the limit: the value is told without it'] : []),
      ...(op === '<' || op === '<=' ? ['a part that never came counts as 0'] : []),
    ],
  }
}

/** What is left out of `over` is taken from the source: no tests must be said. */
function toOver(whole: Selector, part: Selector) {
  const isLess = whole.tests.length === 0 && part.tests.length > 0
  return { ...toSource(whole, null), ...(isLess && { where: {} }) }
}

function divided({ aggregate, window, groupBy }: SeriesReading): { aggregate: string; window: string; notes: readonly string[] } {
  if (aggregate === 'rate' || aggregate === 'increase') return { aggregate: 'increase', window, notes: [] }
  if (aggregate === 'sum') return { aggregate, window, notes: [] }
  if (aggregate === 'mean' && groupBy === null) return { aggregate, window, notes: [] }
  if (aggregate === 'last' && groupBy === null)
    return {
      ...{ aggregate: 'mean', window: '1m' },
      notes: ['it divides the means of a minute; where samples come more seldom, write a longer window'],
    }
  throw new ExpressionProblem(`a division of "${aggregate}" has no counterpart in rules: "kind: ratio" divides sums, increases and means`)
}

function ofReading(value: Expression): ExpressionRule {
  const { selector, aggregate, window, groupBy, notes } = toReading(value)
  const taken = aggregate === 'last' && window === '5m' ? {} : { aggregate, window }
  return { keys: { source: toSource(selector, groupBy), ...taken }, notes }
}

function withoutShift(selector: Selector): Selector {
  if (selector.shift === '') return selector
  throw new ExpressionProblem(`${selector.metric} ${selector.shift}: rules look at now`)
}

/** As remote write has it: the metric is the measurement, its labels are tags, its value is the field `value`. */
function toSource({ metric, tests }: Selector, groupBy: readonly string[] | null) {
  const isPlain = tests.every(({ op }) => op === '=') && new Set(tests.map(({ label }) => label)).size === tests.length
  const where = isPlain
    ? Object.fromEntries(tests.map(({ label, value }) => [label, value]))
    : tests.map(({ label, op, value }) => ({ tag: label, op, value: op === '=~' || op === '!~' ? `^(?:${value})$` : value }))
  return { measurement: metric, field: 'value', ...(tests.length > 0 && { where }), ...(groupBy && { group_by: groupBy }) }
}

/** Pages that we scrape ourselves have histograms and summaries in one point. */
function histogramNotes(text: string): readonly string[] {
  const [, metric, part] = /\b([a-zA-Z_:][\w:]*)_(bucket|sum|count)\b/.exec(text) ?? []
  if (metric === undefined || part === undefined) return []
  const field = part === 'bucket' ? '' : ` and the field ${part}`
  return [`these names are those of remote write; of a histogram that Tidewatch scrapes itself the measurement is ${metric}${field}`]
}
