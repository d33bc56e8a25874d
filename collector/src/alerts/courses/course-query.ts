import type { Course } from '../../model/alert.ts'
import type { Tags } from '../../model/point.ts'
import type { Aggregate, Frame, TagFilter } from '../../model/query.ts'
import { kindOf } from '../rules/definition/kind-of.ts'
import type { Rule } from '../rules/definition/rule.ts'
import type { Drawn } from '../rules/definition/rule-kind.ts'
import type { RuleAggregate } from '../rules/samples/aggregate.ts'
import type { PastStore } from '../rules/samples/past.ts'

const hourMs = 3_600_000
const longestMs = 6 * hourMs
const bucketsWanted = 36
/** Fewer make no line. */
const bucketsMin = 4

/** A value of `last` is drawn by the minute; others over the window of their rule, for a shorter one would be another value. */
const bucketOf = ({ aggregate, windowMs }: Drawn): number => (aggregate === 'last' ? 60_000 : Math.max(30_000, windowMs))

/** An hour, or longer when the window makes too few values of it. */
export const spanOf = (drawn: Drawn): number => Math.min(longestMs, Math.max(hourMs, bucketsWanted * bucketOf(drawn)))

export type CourseQuestion = {
  readonly rule: Rule
  readonly drawn: Drawn
  readonly alert: { readonly labels: Tags }
  readonly store: PastStore
  readonly nowMs: number
  readonly signal: AbortSignal
}

/** The value of an alert as its rule would have read it in the hour before; undefined when the store cannot say so exactly. */
export async function readCourse({ rule, drawn, alert, store, nowMs, signal }: CourseQuestion): Promise<Course | undefined> {
  const { source, aggregate } = drawn
  const stored = storedAs(aggregate)
  const everyMs = bucketOf(drawn)
  const fromMs = Math.ceil((nowMs - spanOf(drawn)) / everyMs) * everyMs
  if (!stored || nowMs - fromMs < bucketsMin * everyMs) return undefined
  const tags = source.groupBy ?? (await store.tags(source.measurement, signal))
  // A label of the rule's own may hide the tag of that name, and then nobody knows which series it was.
  if (tags.some((tag) => tag in rule.labels || tag === 'alertname' || tag === 'severity')) return undefined
  const own: readonly TagFilter[] = tags.map((tag) => ({ tag, op: '=', value: alert.labels[tag] ?? '' }))
  const shape = { aggregate: stored, everyMs, groupBy: [], fill: 'none', limit: 1000, seriesMax: 1 } as const
  const ask = async ({ measurement, field, where }: { measurement: string; field: string; where: readonly TagFilter[] }) => {
    const query = { measurement, fields: [field], where: [...where, ...own], ...shape }
    const [frame] = await store.query(query, { from: fromMs, to: nowMs }, signal)
    return frame ? rowsOf(frame, everyMs, nowMs, aggregate === 'last') : []
  }
  const parts = await ask(source)
  const rows = drawn.over ? quotients(parts, await ask(drawn.over.selector), drawn.over.factor) : parts
  if (rows.length < bucketsMin) return undefined
  const what = drawn.instead ?? kindOf(rule.kind).words(rule.options).what
  return { what, times: rows.map(({ atMs }) => atMs), values: rows.map(({ value }) => value) }
}

type Row = { readonly atMs: number; readonly value: number }

/** Without parts there were none of them; without a whole there is nothing to divide. */
function quotients(parts: readonly Row[], wholes: readonly Row[], factor: number): Row[] {
  const partAt = new Map(parts.map(({ atMs, value }) => [atMs, value]))
  return wholes.flatMap(({ atMs, value }) => (value > 0 ? [{ atMs, value: ((partAt.get(atMs) ?? 0) / value) * factor }] : []))
}

/** A bucket tells of its end; one that is not over yet counts only where a part of it is as good as all. */
function rowsOf({ fields }: Frame, everyMs: number, nowMs: number, takesParts: boolean): Row[] {
  const times = (fields.find(({ type }) => type === 'time')?.values ?? []) as readonly number[]
  const values = fields.find(({ type }) => type !== 'time')?.values ?? []
  return times.flatMap((startMs, row) => {
    const value = values[row]
    const endMs = startMs + everyMs
    if (typeof value !== 'number' || (endMs > nowMs && !takesParts)) return []
    return [{ atMs: Math.min(endMs, nowMs), value }]
  })
}

const sameInStore: ReadonlySet<unknown> = new Set(['mean', 'min', 'max', 'sum', 'count', 'last', 'rate', 'increase'])

function storedAs(aggregate: RuleAggregate): Aggregate | undefined {
  if (typeof aggregate === 'string') return sameInStore.has(aggregate) ? aggregate : undefined
  if (aggregate.percentile === 50) return 'median'
  const name = `p${aggregate.percentile}`
  return name === 'p90' || name === 'p95' || name === 'p99' ? name : undefined
}
