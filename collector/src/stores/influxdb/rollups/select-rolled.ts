import type { Frame } from '../../../model/query.ts'
import { createBucketFrames } from '../../shared/bucket-frames.ts'
import { getOrAdd } from '../../shared/group-set.ts'
import { type Plan, rowsMax, tooManyRows } from '../../shared/plan.ts'
import { numericTypes } from '../../shared/rollups/levels.ts'
import { planSegments, type Segment, type WindowsOf } from '../../shared/rollups/segments.ts'
import { type Source, toBucketStatement } from '../influxql.ts'
import { type RunStatement, valuesOf } from '../select.ts'
import { fromRaw, fromWindows, join, type Kept, partsOf } from './kept.ts'
import { policyOf, type RollupOptions } from './options.ts'

/** With more stretches than this, a query asks more often than it saves. */
const segmentsMax = 64

/** Where to read a query that windows can answer. `first` and `last` of several series need the points' own times, which windows lack. */
export async function planRolled(plan: Plan, windowsOf: WindowsOf, loadTags: () => Promise<readonly string[]>) {
  const { aggregate, where } = plan.query
  if (!partsOf[aggregate]) return undefined
  if (plan.columns.some(({ stored }) => stored !== undefined && !numericTypes.includes(stored))) return undefined
  const segments = planSegments(plan, windowsOf)
  if (!segments || segments.length > segmentsMax) return undefined
  if (aggregate !== 'first' && aggregate !== 'last') return segments
  const told = new Set([...plan.groupBy, ...where.flatMap(({ tag, op }) => (op === '=' ? [tag] : []))])
  return (await loadTags()).every((tag) => told.has(tag)) ? segments : undefined
}

/** Reads each stretch from its windows or raw, in the order of time, and joins what falls into one bucket. */
export async function selectRolled(
  plan: Plan,
  segments: readonly Segment[],
  source: Source,
  options: RollupOptions,
  run: RunStatement,
): Promise<Frame[]> {
  const parts = partsOf[plan.query.aggregate] ?? []
  const joined = createJoined(plan, parts)
  for (const segment of segments) {
    const call = segment.level ? fromWindows : fromRaw
    const calls = plan.columns.flatMap(({ name }) => parts.map((kept) => call(name, kept)))
    const from = segment.level ? { retentionPolicy: policyOf(options, segment.level) } : source
    const statement = toBucketStatement({ ...plan, range: segment }, from, calls)
    if (!statement) return []
    for await (const piece of run(statement, 'ms')) for (const row of piece.values) joined.add(valuesOf(plan, piece), row)
  }
  return joined.frames()
}

type Parts = (number | undefined)[]

function createJoined(plan: Plan, parts: readonly Kept[]) {
  const { columns, buckets, query } = plan
  const groups = new Map<string, { readonly values: readonly string[]; readonly rows: Map<number, Parts> }>()
  let count = 0

  function take(known: Parts, cells: readonly unknown[]): void {
    for (const [i, cell] of cells.entries()) {
      if (typeof cell !== 'number') continue
      const before = known[i]
      known[i] = before === undefined ? cell : join(parts[i % parts.length] ?? 'last', before, cell)
    }
  }

  return {
    add(values: readonly string[], [time, ...cells]: readonly unknown[]): void {
      const bucket = query.everyMs === undefined ? 0 : Math.round((Number(time) - buckets.startMs) / buckets.everyMs)
      const { rows } = getOrAdd(groups, JSON.stringify(values), () => ({ values, rows: new Map() }))
      const known = getOrAdd(rows, bucket, (): Parts => {
        if (++count > rowsMax) throw tooManyRows(query.measurement)
        return new Array(columns.length * parts.length).fill(undefined)
      })
      take(known, cells)
    },
    async frames(): Promise<Frame[]> {
      const frames = createBucketFrames(plan)
      for (const { values, rows } of groups.values()) {
        const group = frames.groups.indexOf(values)
        for (const [bucket, known] of rows)
          for (const column of columns.keys())
            frames.set(group, column, bucket, finish(query.aggregate, known.slice(column * parts.length, (column + 1) * parts.length)))
      }
      return frames.frames()
    },
  }
}

function finish(aggregate: string, [one, other]: Parts): number | null {
  if (one === undefined) return null
  if (aggregate === 'mean') return other ? one / other : null
  if (aggregate === 'spread') return other === undefined ? null : other - one
  return one
}
