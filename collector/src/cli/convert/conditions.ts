import type { Expression, Operation } from './promql.ts'
import { ExpressionProblem } from './promql-words.ts'
import { rounded } from './readings.ts'

export type Comparison = '>' | '<' | '>=' | '<=' | '==' | '!='

/** What is compared with which number, after the arithmetic around it was done on the number. */
export type Compared = {
  readonly value: Expression
  readonly op: Comparison
  readonly limit: number
  /** Written in percent of what it is now. */
  readonly isPercent: boolean
  /** Whether something was done on the number. */
  readonly isMoved: boolean
}

const flipped: Readonly<Record<Comparison, Comparison>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=', '==': '==', '!=': '!=' }

/** `100 * a < 5` says of `a` that it is less than 0.05. */
export function toCompared({ op, left, right, matching }: Operation): Compared {
  if (matching !== '') throw new ExpressionProblem(`"${op} ${matching}" has no counterpart in rules`)
  const [a, b] = [constantOf(left), constantOf(right)]
  if (a === undefined && b === undefined)
    throw new ExpressionProblem(`"${op}" compares two metrics; divide one by the other, and write "kind: ratio" with a limit`)
  const comparison = op as Comparison
  return b === undefined
    ? moved({ value: right, op: flipped[comparison], limit: a ?? Number.NaN, isPercent: false, isMoved: false })
    : moved({ value: left, op: comparison, limit: b, isPercent: false, isMoved: false })
}

function moved(given: Compared): Compared {
  const compared = { ...given, value: withFactorOutside(given.value) }
  const next = step(compared)
  return next ? moved(next) : { ...compared, limit: rounded(compared.limit) }
}

/** `100 * a / b` is read as `(100 * a) / b`, and means `100 * (a / b)`. */
function withFactorOutside(value: Expression): Expression {
  if (value.type !== 'operation' || value.op !== '/' || value.matching !== '') return value
  const { left, right } = value
  if (left.type !== 'operation' || left.op !== '*' || left.matching !== '') return value
  const [a, b] = [constantOf(left.left), constantOf(left.right)]
  if (a === undefined && b === undefined) return value
  const divided: Operation = { type: 'operation', op: '/', left: a === undefined ? left.left : left.right, right, matching: '' }
  return { type: 'operation', op: '*', left: a === undefined ? left.right : left.left, right: divided, matching: '' }
}

function step({ value, op, limit, isPercent }: Compared): Compared | undefined {
  if (value.type !== 'operation' || value.matching !== '') return undefined
  const [a, b] = [constantOf(value.left), constantOf(value.right)]
  const constant = a ?? b
  if (constant === undefined) return undefined
  const to = (next: number, isOther = false) => ({
    value: a === undefined ? value.left : value.right,
    op: isOther ? flipped[op] : op,
    limit: next,
    isPercent: isPercent || (value.op === '*' && constant === 100),
    isMoved: true,
  })
  if (value.op === '*' && constant !== 0) return to(limit / constant, constant < 0)
  if (value.op === '/' && b !== undefined && b !== 0) return to(limit * b, b < 0)
  if (value.op === '+') return to(limit - constant)
  if (value.op === '-') return a === undefined ? to(limit + constant) : to(constant - limit, true)
  throw new ExpressionProblem(`"${value.op}" with a number has no counterpart in rules`)
}

/** The number that an expression without metrics is. */
function constantOf(expression: Expression): number | undefined {
  if (expression.type === 'number') return expression.value
  if (expression.type !== 'operation') return undefined
  const [a, b] = [constantOf(expression.left), constantOf(expression.right)]
  if (a === undefined || b === undefined) return undefined
  return { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b, '^': a ** b }[expression.op]
}

type Written = { readonly condition: Readonly<Record<string, unknown>>; readonly notes: readonly string[] }

/** In our words, which know no "or equal": there the limit stands a hair beside. */
export function toCondition(op: Comparison, limit: number): Written {
  if (!Number.isFinite(limit)) throw new ExpressionProblem('the limit is no number')
  const hair = limit === 0 ? 1e-9 : Math.abs(limit) * 1e-9
  switch (op) {
    case '>':
      return { condition: { above: limit }, notes: [] }
    case '<':
      return { condition: { below: limit }, notes: [] }
    case '==':
      return { condition: { equals: limit }, notes: [] }
    case '!=':
      return { condition: { outside: [limit, limit] }, notes: [] }
    case '>=':
      return { condition: { above: rounded(limit - hair) }, notes: [`">= ${limit}" is written as a limit a hair below it`] }
    case '<=':
      return { condition: { below: rounded(limit + hair) }, notes: [`"<= ${limit}" is written as a limit a hair above it`] }
  }
}
