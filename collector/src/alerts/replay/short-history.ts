import type { ShortHistory } from '../../contract/replay.ts'
import type { MetricsQuery, TimeRange } from '../../model/query.ts'
import { seriesKindOf } from '../rules/definition/kind-of.ts'
import type { LastChange, Rule } from '../rules/definition/rule.ts'
import type { SampleSelector } from '../rules/samples/samples.ts'
import type { PastStore } from './past-store.ts'

export type ShortHistoryOptions = {
  readonly rules: readonly Rule[]
  readonly store: PastStore
  readonly lastChange: LastChange
  readonly range: TimeRange
  readonly signal: AbortSignal
}

/** What a rule looks at, and since when, at the beginning. */
type Look = { readonly rule: string; readonly selector: SampleSelector; readonly sinceMs: number }

/**
 * The rules that look back, when the replay begins, to a time of which nothing is stored: they cannot
 * say there what they would have said. A rule that looks at nothing that was ever stored is not named.
 */
export async function shortHistory({ store, signal, range, ...options }: ShortHistoryOptions): Promise<readonly ShortHistory[]> {
  const looks = options.rules.flatMap((rule) => looksOf(rule, range.from, options))
  const found: ShortHistory[] = []
  for (const [measurement, own] of Map.groupBy(looks, ({ selector }) => selector.measurement)) {
    const earliestMs = Math.min(...own.map(({ sinceMs }) => sinceMs))
    const beginsMs = await beginOf(measurement, { from: earliestMs, to: range.to }, store, signal)
    if (beginsMs === null) continue
    for (const { rule, sinceMs } of own) {
      if (sinceMs >= beginsMs || found.some((one) => one.rule === rule && one.measurement === measurement)) continue
      found.push({ rule, measurement, looksBackTo: textOf(sinceMs), beginsAt: textOf(beginsMs) })
    }
  }
  return found
}

function looksOf(rule: Rule, fromMs: number, { lastChange }: Pick<ShortHistoryOptions, 'lastChange'>): Look[] {
  const kind = seriesKindOf(rule)
  if (!kind) return []
  const { selectors, keepMs } = kind.inputs(rule.options)
  const needs = kind.needs?.(rule, { nowMs: fromMs, sets: [], lastChange }) ?? []
  return [
    ...selectors.map((selector) => ({ rule: rule.name, selector, sinceMs: fromMs - keepMs })),
    ...needs.map(({ selector, ranges }) => ({ rule: rule.name, selector, sinceMs: Math.min(...ranges.map(({ from }) => from)) })),
  ].sort((a, b) => a.sinceMs - b.sinceMs)
}

/** When the first that is stored of a measurement in a range was measured; null when there is something from before it, or nothing in it. */
async function beginOf(measurement: string, range: TimeRange, store: PastStore, signal: AbortSignal): Promise<number | null> {
  // Of text nothing is counted; it is stored beside numbers.
  const fields = (await store.fields(measurement, signal)).filter(({ type }) => type !== 'string').map(({ name }) => name)
  if (fields.length === 0) return null
  const base = { measurement, fields, where: [], groupBy: [], fill: 'none', limit: 1, seriesMax: 1 } satisfies Partial<MetricsQuery>
  const before = await store.query({ ...base, aggregate: 'count' }, { from: 0, to: Math.max(1, range.from) }, signal)
  if (before.some(({ fields: columns }) => columns.some(({ type, values }) => type !== 'time' && Number(values[0] ?? 0) > 0))) return null
  const [first] = await store.query({ ...base, aggregate: 'none' }, { from: Math.max(0, range.from), to: range.to }, signal)
  const beginsMs = first?.fields.find(({ type }) => type === 'time')?.values[0]
  return typeof beginsMs === 'number' ? beginsMs : null
}

const textOf = (ms: number): string => new Date(Math.max(0, ms)).toISOString()
