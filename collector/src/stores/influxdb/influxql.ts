import type { Aggregate, TagFilter } from '../../model/query.ts'
import { invalid, type Plan } from '../shared/plan.ts'

/** InfluxQL and the values of its `$` parameters. Where there is none, nothing can match. */
export type Statement = { readonly text: string; readonly parameters: Readonly<Record<string, string>> }

/** Where the points are: the retention policy is left out for the database's default one. */
export type Source = { readonly retentionPolicy?: string }

/**
 * An identifier in quotes. Parameters cannot stand for names, so they are escaped: backslash, quote
 * and newline are all that InfluxQL's scanner treats specially between quotes.
 *
 * @see https://docs.influxdata.com/influxdb/v1/query_language/spec/#identifiers
 */
export function quoteName(name: string): string {
  // The scanner takes NUL for the end of the text and rewrites carriage returns, in quotes as well.
  if (/[\0\r]/.test(name)) throw invalid(`InfluxQL cannot express the name ${JSON.stringify(name)}: it holds a NUL or a carriage return.`)
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

/** A regular expression between slashes. Only an escaped slash is unescaped by InfluxQL's scanner. */
export function quoteRegex(pattern: string): string {
  const closing = /\\*$/.exec(pattern)?.[0].length ?? 0
  if (closing % 2 === 1) throw invalid(`The regular expression "${pattern}" cannot be read: it ends in a lone backslash.`)
  if (/[\0\r]/.test(pattern))
    throw invalid('InfluxQL cannot express a regular expression that holds a NUL or a carriage return; write \\x00 or \\r.')
  return `/${pattern.replaceAll('/', '\\/').replaceAll('\n', '\\n')}/`
}

export function fromClause(measurement: string, { retentionPolicy }: Source): string {
  return `FROM ${retentionPolicy === undefined ? '' : `${quoteName(retentionPolicy)}.`}${quoteName(measurement)}`
}

/** Conditions on tags; undefined when nothing can fulfil them. The parameters are added to `parameters`. */
export function toTagConditions(where: readonly TagFilter[], parameters: Record<string, string>): string[] | undefined {
  const conditions: string[] = []
  for (const { tag, op, value } of where) {
    const name = `${quoteName(tag)}::tag`
    const bind = (text: string) => {
      const parameter = `v${Object.keys(parameters).length}`
      parameters[parameter] = text
      return `$${parameter}`
    }
    const values = typeof value === 'string' ? [value] : value
    if (op === 'in' && values.length === 0) return undefined
    if (op === 'in') conditions.push(`(${values.map((text) => `${name} = ${bind(text)}`).join(' OR ')})`)
    else if (op === '=~' || op === '!~') conditions.push(`${name} ${op} ${quoteRegex(values[0] ?? '')}`)
    else conditions.push(`${name} ${op} ${bind(values[0] ?? '')}`)
  }
  return conditions
}

/** One row a bucket and label set; columns are named `c0`, `c1` … in the plan's order. */
export function toAggregateStatement(plan: Plan, source: Source): Statement | undefined {
  return toBucketStatement(
    plan,
    source,
    plan.columns.map(({ name }) => callOf(plan.query.aggregate, `${quoteName(name)}::field`)),
  )
}

/** One row a bucket and label set, with these calls as its columns. */
export function toBucketStatement(plan: Plan, source: Source, calls: readonly string[]): Statement | undefined {
  const { everyMs } = plan.query
  const columns = calls.map((call, i) => `${call} AS c${i}`)
  const grouped = [...(everyMs === undefined ? [] : [`time(${everyMs}ms)`]), ...plan.groupBy.map((tag) => `${quoteName(tag)}::tag`)]
  const groupBy = grouped.length === 0 ? '' : `GROUP BY ${grouped.join(', ')}`
  return toStatement(plan, source, columns, `${groupBy} ${everyMs === undefined ? '' : 'fill(none)'}`)
}

/** The points of each series by itself, in the order of time; `limit` counts for each series. */
export function toSeriesStatement(plan: Plan, source: Source, limit: number | undefined): Statement | undefined {
  const columns = plan.columns.map(({ name }, i) => `${quoteName(name)}::field AS c${i}`)
  const order = plan.query.order === 'desc' && limit !== undefined ? 'DESC' : 'ASC'
  return toStatement(plan, source, columns, `GROUP BY * ORDER BY time ${order} ${limit === undefined ? '' : `LIMIT ${limit}`}`)
}

function toStatement({ query, range }: Plan, source: Source, columns: readonly string[], rest: string): Statement | undefined {
  const parameters: Record<string, string> = {}
  const conditions = toTagConditions(query.where, parameters)
  if (!conditions) return undefined
  const inRange = [`time >= ${toNs(range.from)}`, `time < ${toNs(range.to)}`]
  const from = fromClause(query.measurement, source)
  return { text: `SELECT ${columns.join(', ')} ${from} WHERE ${[...inRange, ...conditions].join(' AND ')} ${rest}`, parameters }
}

export const toNs = (ms: number) => BigInt(ms) * 1_000_000n

function callOf(aggregate: Aggregate | 'none', field: string): string {
  const percent = { p90: 90, p95: 95, p99: 99 }[aggregate as string]
  return percent === undefined ? `${aggregate}(${field})` : `percentile(${field}, ${percent})`
}
