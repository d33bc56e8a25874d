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
  const { condition, notes } = toCondition(compared.op, compared.limit)
  const movedNotes = compared.isMoved ? ['the arithmetic was done on the limit: the value is told without it'] : []
  const { keys, notes: ofKind } =
    value.type === 'call' && ofCalls[value.name] ? (ofCalls[value.name] as OfCall)(value.inputs) : ofReading(value)
  return { keys: { ...keys, condition }, notes: [...notes, ...movedNotes, ...ofKind] }
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
      keys: { kind: 'forecast', source: toSource(withoutShift(series), null), window: series.range, within: `${secondsOf(seconds)}s` },
      notes: ['it also fires while the limit is broken already, and says nothing of fewer than ten samples'],
    }
  },
  histogram_quantile: ofHistogram,
}

function secondsOf(expression: Expression): number {
  if (expression.type === 'number') return expression.value
  if (expression.type !== 'operation' || expression.op !== '*')
    throw new ExpressionProblem('predict_linear() needs its seconds as a number')
  return secondsOf(expression.left) * secondsOf(expression.right)
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
function ofRatio({ left, right, matching }: Operation, { op, limit, isPercent, isMoved }: Compared): ExpressionRule {
  if (matching !== '') throw new ExpressionProblem(`"/ ${matching}" has no counterpart in rules: both sides must have the same labels`)
  const [part, whole] = [toReading(left), toReading(right)]
  const [a, b] = [part, whole].map(({ aggregate, window, groupBy }) => JSON.stringify([aggregate, window, groupBy && [...groupBy].sort()]))
  if (a !== b) throw new ExpressionProblem('both sides of a division must have the same function, window and by (…)')
  const { aggregate, window, notes } = divided(part)
  const written = toCondition(op, isPercent ? rounded(limit * 100) : limit)
  const over = toSource(whole.selector, null)
  return {
    keys: {
      ...{ kind: 'ratio', source: toSource(part.selector, part.groupBy), over, aggregate, window },
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
