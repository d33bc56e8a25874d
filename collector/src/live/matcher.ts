import { invariant } from '../lib/errors.ts'
import { parseLinearSearch } from '../lib/linear-regex.ts'
import type { Tags } from '../model/point.ts'
import type { TagFilter } from '../model/query.ts'

/** Whether tags pass all filters. A tag that is missing has the empty value, as in InfluxQL. */
export function createMatcher(where: readonly TagFilter[]): (tags: Tags) => boolean {
  const filters = where.map(({ tag, op, value }) => ({ tag, isMatch: createTest(op, value) }))
  return (tags) => filters.every(({ tag, isMatch }) => isMatch(tags[tag] ?? ''))
}

function createTest(op: TagFilter['op'], value: TagFilter['value']): (text: string) => boolean {
  const values = typeof value === 'string' ? [value] : value
  if (op === '=~' || op === '!~') {
    const patterns = values.map(toPattern)
    return (text) => patterns.some((pattern) => pattern.test(text)) === (op === '=~')
  }
  const wanted = new Set(values)
  return op === '!=' ? (text) => !wanted.has(text) : (text) => wanted.has(text)
}

/** Those of rules were read when the configuration was; nobody else asks memory with one. */
function toPattern(source: string): RegExp {
  const pattern = parseLinearSearch(source)
  invariant(typeof pattern !== 'string', `${source}: ${pattern}`)
  return pattern
}
