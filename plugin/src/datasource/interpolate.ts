import type { TagFilter, TidewatchQuery } from './query-model.ts'

/** Replaces the variables in a text; `format` gets a variable's value when it stands without a format of its own. */
export type Replace = (text: string, format?: (value: unknown) => string) => string

/** What Grafana puts for "All" when a variable says so: no filter at all. */
const anything = '.*'

/**
 * Puts the values of dashboard variables into a query.
 *
 * A variable with several values becomes several entries of a list, and `=` becomes `in`.
 */
export function interpolateQuery(query: TidewatchQuery, replace: Replace): TidewatchQuery {
  const list = (texts: string[] | undefined) =>
    texts?.flatMap((text) => expand(text, replace)).filter((text) => text !== '' && text !== anything)
  return {
    ...query,
    ...defined({
      measurement: query.measurement && replace(query.measurement),
      every: query.every && replace(query.every),
      text: query.text && replace(query.text),
      alias: query.alias && replace(query.alias),
      where: query.where?.flatMap((filter) => interpolateFilter(filter, replace)),
      fields: list(query.fields),
      groupBy: list(query.groupBy),
      components: list(query.components),
      environments: list(query.environments),
      services: list(query.services),
      states: list(query.states),
      severities: list(query.severities),
    }),
  }
}

function interpolateFilter(filter: TagFilter, replace: Replace): TagFilter[] {
  const tag = replace(filter.tag)
  if (filter.op === 'in') return [{ tag, op: 'in', value: filter.value.flatMap((text) => expand(text, replace)) }]
  if (filter.op === '=~' || filter.op === '!~') return [{ tag, op: filter.op, value: replace(filter.value, toPattern) }]
  const values = expand(filter.value, replace)
  if (filter.value !== anything && values.length === 1 && values[0] === anything) return []
  if (values.length === 1) return [{ tag, op: filter.op, value: values[0] ?? '' }]
  return filter.op === '=' ? [{ tag, op: 'in', value: values }] : [{ tag, op: '!~', value: anyOf(values) }]
}

/** The values of a text that is one variable; otherwise the text with its variables replaced. */
function expand(text: string, replace: Replace): string[] {
  let values: string[] | undefined
  const replaced = replace(text, (value) => {
    values = [value].flat().map(String)
    return values.join(',')
  })
  return values !== undefined && values.join(',') === replaced ? values : [replaced]
}

function toPattern(value: unknown): string {
  const values = [value].flat().map(String)
  return values.length === 1 ? escapePattern(values[0] ?? '') : `(${values.map(escapePattern).join('|')})`
}

/** A regular expression that matches exactly one of the texts. */
export function anyOf(texts: readonly string[]): string {
  return `^(${texts.map(escapePattern).join('|')})$`
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function defined(parts: Partial<TidewatchQuery>): Partial<TidewatchQuery> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
}
