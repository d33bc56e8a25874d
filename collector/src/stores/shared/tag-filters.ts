import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { type AppError, messageOf } from '../../lib/errors.ts'
import type { Tags } from '../../model/point.ts'
import type { TagFilter } from '../../model/query.ts'
import { tagOf } from './group-set.ts'
import { invalid } from './plan.ts'

/** Those of the values in which the regular expression matches somewhere. */
export type MatchRegex = (pattern: string, values: readonly string[]) => Promise<ReadonlySet<string>>

/**
 * Decides which series a query's filters let through.
 *
 * A series without the tag counts as having it empty, as in InfluxQL: `= ''` finds it, and so do
 * `!= 'x'` and a regular expression that matches nothing.
 */
export async function filterSeries<Item extends { readonly tags: Tags }>(
  series: readonly Item[],
  where: readonly TagFilter[],
  matchRegex: MatchRegex,
): Promise<Item[]> {
  let left = [...series]
  for (const filter of where) {
    const accepted = await acceptedValues(filter, [...new Set(left.map(({ tags }) => tagOf(tags, filter.tag)))], matchRegex)
    left = left.filter(({ tags }) => accepted.has(tagOf(tags, filter.tag)))
  }
  return left
}

async function acceptedValues(filter: TagFilter, values: readonly string[], matchRegex: MatchRegex): Promise<ReadonlySet<string>> {
  const wanted = typeof filter.value === 'string' ? [filter.value] : filter.value
  if (filter.op === '=' || filter.op === 'in') return new Set(wanted)
  if (filter.op === '!=') return new Set(values.filter((value) => !wanted.includes(value)))
  const matched = await matchRegex(wanted[0] ?? '', values)
  return filter.op === '=~' ? matched : new Set(values.filter((value) => !matched.has(value)))
}

/**
 * Regular expressions by RE2, DuckDB's engine: linear in the text, so no pattern can hang the
 * process as JavaScript's own engine could. It is the same dialect InfluxDB's Go understands.
 */
export function createRegexMatcher(use: UseConnection): MatchRegex {
  return (pattern, values) =>
    use(async (connection) => {
      const sql = 'SELECT value FROM (SELECT unnest($1) AS value) WHERE regexp_matches(value, $2)'
      const parameters = [listValue([...values]), pattern]
      const reader = await connection.runAndReadAll(sql, parameters, [LIST(VARCHAR), VARCHAR]).catch((cause) => {
        throw messageOf(cause).startsWith('Invalid Input Error') ? regexError(pattern, cause) : cause
      })
      return new Set(reader.getRows().map(([value]) => String(value)))
    })
}

/** Lends a connection for as long as the work runs. */
type UseConnection = <Answer>(work: (connection: DuckDBConnection) => Promise<Answer>) => Promise<Answer>

function regexError(pattern: string, cause: unknown): AppError {
  const reason = messageOf(cause).replace(/^Invalid Input Error: /, '')
  return invalid(`The regular expression "${pattern}" cannot be read: ${reason}. It is written in RE2's syntax.`, cause)
}
