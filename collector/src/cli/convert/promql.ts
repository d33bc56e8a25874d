import { createReader, ExpressionProblem, type Reader } from './promql-words.ts'

/** What an expression of Prometheus says, as far as alert rules are made of it. */
export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | Selector
  | { readonly type: 'call'; readonly name: string; readonly inputs: readonly Expression[] }
  | Aggregation
  | Operation

export type LabelTest = { readonly label: string; readonly op: '=' | '!=' | '=~' | '!~'; readonly value: string }

/** `range` is empty without one; `shift` is an offset or an `@`. */
export type Selector = {
  readonly type: 'selector'
  readonly metric: string
  readonly tests: readonly LabelTest[]
  readonly range: string
  readonly shift: string
}

export type Aggregation = {
  readonly type: 'aggregation'
  readonly name: string
  readonly inputs: readonly Expression[]
  /** Null: all series as one. */
  readonly by: readonly string[] | null
  readonly isWithout: boolean
}

/** `matching` is what stands between the operator and its right side: `bool`, `on (…)`. */
export type Operation = {
  readonly type: 'operation'
  readonly op: string
  readonly left: Expression
  readonly right: Expression
  readonly matching: string
}

/** The weakest first, as in Prometheus; `^` binds to the right. */
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and', 'unless'],
  ['==', '!=', '<=', '<', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%', 'atan2'],
  ['^'],
]
const aggregations = new Set('sum min max avg group stddev stdvar count count_values bottomk topk quantile limitk limit_ratio'.split(' '))
const depthMax = 100

/** Reads PromQL; what it means is another matter. */
export function parseExpression(text: string): Expression {
  const reader = createReader(text)
  const found = readLevel(reader, 0, 0)
  if (reader.peek() !== '') throw new ExpressionProblem(`"${reader.peek()}" is not expected in ${text}`)
  return found
}

function readLevel(reader: Reader, level: number, depth: number): Expression {
  if (depth > depthMax) throw new ExpressionProblem(`more than ${depthMax} parentheses within each other`)
  const ops = levels[level]
  if (!ops) return readUnary(reader, depth)
  let left = readLevel(reader, level + 1, depth)
  while (ops.includes(reader.peek().toLowerCase())) {
    const op = reader.take().toLowerCase()
    const matching = readMatching(reader)
    left = { type: 'operation', op, left, right: readLevel(reader, op === '^' ? level : level + 1, depth + Number(op === '^')), matching }
  }
  return left
}

function readMatching(reader: Reader): string {
  const words: string[] = []
  while (['bool', 'on', 'ignoring', 'group_left', 'group_right'].includes(reader.peek())) {
    const word = reader.take()
    words.push(word === 'bool' || reader.peek() !== '(' ? word : `${word} (${readNames(reader).join(', ')})`)
  }
  return words.join(' ')
}

function readUnary(reader: Reader, depth: number): Expression {
  if (reader.peek() === '+') reader.take()
  if (reader.peek() !== '-') return readShifts(reader, readPlain(reader, depth))
  reader.take()
  const right = readLevel(reader, levels.length - 1, depth + 1)
  if (right.type === 'number') return { type: 'number', value: -right.value }
  return { type: 'operation', op: '*', left: { type: 'number', value: -1 }, right, matching: '' }
}

function readPlain(reader: Reader, depth: number): Expression {
  const word = reader.take()
  if (word === '(') {
    const inner = readLevel(reader, 0, depth + 1)
    reader.expect(')')
    return inner
  }
  if (word === '{') return readSelector(reader, '')
  if (/^["'`]/.test(word)) return { type: 'text', value: textOf(word) }
  if (/^(?:[\d.]|inf$|nan$)/i.test(word)) return { type: 'number', value: toNumber(word) }
  if (!/^[a-zA-Z_:]/.test(word)) throw new ExpressionProblem(word === '' ? 'it ends too early' : `"${word}" is not expected`)
  if (aggregations.has(word.toLowerCase()) && ['(', 'by', 'without'].includes(reader.peek()))
    return readAggregation(reader, word.toLowerCase(), depth)
  if (reader.peek() === '(') return { type: 'call', name: word, inputs: readInputs(reader, depth) }
  if (reader.peek() !== '{') return { type: 'selector', metric: word, tests: [], range: '', shift: '' }
  reader.take()
  return readSelector(reader, word)
}

function toNumber(word: string): number {
  if (/^inf$/i.test(word)) return Number.POSITIVE_INFINITY
  return /^nan$/i.test(word) ? Number.NaN : Number(word)
}

/** After `{`. The metric may be named by the label `__name__`. */
function readSelector(reader: Reader, metric: string): Selector {
  const tests: LabelTest[] = []
  while (reader.peek() !== '}') {
    const label = reader.take()
    const op = reader.take()
    if (!['=', '!=', '=~', '!~'].includes(op)) throw new ExpressionProblem(`after the label ${label} there must be =, !=, =~ or !~`)
    tests.push({ label, op: op as LabelTest['op'], value: textOf(reader.take()) })
    if (reader.peek() !== '}') reader.expect(',')
  }
  reader.take()
  const named = tests.find(({ label, op }) => label === '__name__' && op === '=')
  return { type: 'selector', metric: named?.value ?? metric, tests: tests.filter((test) => test !== named), range: '', shift: '' }
}

/** What may stand behind a selector: `[5m]`, `offset 1h`, `@ …`; a subquery is a shift, too. */
function readShifts(reader: Reader, expression: Expression): Expression {
  let found = expression
  while (['[', 'offset', '@'].includes(reader.peek())) {
    const word = reader.take()
    const inside = word === '[' ? readRange(reader) : `${word} ${reader.take()}`
    const isRange = word === '[' && found.type === 'selector' && found.range === '' && !inside.includes(':')
    if (found.type !== 'selector') throw new ExpressionProblem('a subquery, or an offset of something that is no metric')
    found = isRange ? { ...found, range: inside } : { ...found, shift: word === '[' ? `[${inside}]` : inside }
  }
  return found
}

function readRange(reader: Reader): string {
  let inside = ''
  while (reader.peek() !== ']' && reader.peek() !== '') inside += reader.take()
  reader.expect(']')
  return inside
}

function readAggregation(reader: Reader, name: string, depth: number): Aggregation {
  let grouping = readGrouping(reader)
  const inputs = readInputs(reader, depth)
  grouping ??= readGrouping(reader)
  return { type: 'aggregation', name, inputs, by: grouping?.names ?? null, isWithout: grouping?.isWithout ?? false }
}

function readGrouping(reader: Reader): { names: readonly string[]; isWithout: boolean } | undefined {
  if (!['by', 'without'].includes(reader.peek())) return undefined
  const isWithout = reader.take() === 'without'
  return { names: readNames(reader), isWithout }
}

function readNames(reader: Reader): string[] {
  reader.expect('(')
  const names: string[] = []
  while (reader.peek() !== ')') {
    names.push(reader.take())
    if (reader.peek() !== ')') reader.expect(',')
  }
  reader.take()
  return names
}

function readInputs(reader: Reader, depth: number): Expression[] {
  reader.expect('(')
  const inputs: Expression[] = []
  while (reader.peek() !== ')') {
    inputs.push(readLevel(reader, 0, depth + 1))
    if (reader.peek() !== ')') reader.expect(',')
  }
  reader.take()
  return inputs
}

/** What a quoted word says; one without quotes is no text. */
function textOf(word: string): string {
  const quote = word[0] ?? ''
  if (!['"', "'", '`'].includes(quote)) throw new ExpressionProblem(`"${word}" must stand in quotes`)
  const inner = word.slice(1, -1)
  return quote === '`' ? inner : inner.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
}
