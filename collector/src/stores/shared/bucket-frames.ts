import type { Frame, FrameField, MetricsQuery } from '../../model/query.ts'
import { createGroupSet, type GroupSet, getOrAdd } from './group-set.ts'
import { type Plan, type PlanColumn, rowsMax, tooManyRows } from './plan.ts'

export type Cell = number | string | boolean

/** Collects the aggregated values of a query and lays them out as frames. */
export type BucketFrames = {
  readonly groups: GroupSet
  set(group: number, column: number, bucket: number, value: Cell | null): void
  frames(): Frame[]
}

/**
 * One frame for each label set that has a value in the range.
 *
 * Fills happen here and not in the stores, so they are the same everywhere: from the first bucket
 * of the range to the last one. `limit` counts filled rows, from the end that `order` begins with.
 */
export function createBucketFrames(plan: Plan): BucketFrames {
  const groups = createGroupSet(plan)
  const cells = new Map<number, Map<number, (Cell | null)[]>>()
  const rowsOfFill = plan.query.fill === 'none' ? 1 : plan.buckets.count
  let count = 0

  function rowOf(group: number, bucket: number): (Cell | null)[] {
    const rows = getOrAdd(cells, group, () => new Map<number, (Cell | null)[]>())
    return getOrAdd(rows, bucket, () => {
      if (++count > rowsMax || cells.size * rowsOfFill > rowsMax) throw tooManyRows(plan.query.measurement)
      return new Array<Cell | null>(plan.columns.length).fill(null)
    })
  }

  return {
    groups,
    set(group, column, bucket, value) {
      if (value === null || bucket < 0 || bucket >= plan.buckets.count) return
      groups.touch(group)
      rowOf(group, bucket)[column] = value
    },
    frames: () =>
      groups.touched().map((group) => ({
        name: plan.query.measurement,
        labels: groups.labelsOf(group),
        fields: toFields(plan, cells.get(group) ?? new Map()),
      })),
  }
}

function toFields(plan: Plan, rows: ReadonlyMap<number, readonly (Cell | null)[]>): FrameField[] {
  const filled = plan.query.fill !== 'none'
  const buckets = filled ? Array.from({ length: plan.buckets.count }, (_, bucket) => bucket) : [...rows.keys()].sort((a, b) => a - b)
  const times = buckets.map((bucket) => plan.buckets.timeOf(bucket))
  const columns = plan.columns.map((column, i) => {
    const values = buckets.map((bucket) => rows.get(bucket)?.[i] ?? null)
    return filled ? fillGaps(values, plan.query.fill, column) : values
  })
  const cut = <Value>(values: readonly Value[]) => inOrder(values, plan.query)
  return [
    { name: 'time', type: 'time', values: cut(times) },
    ...plan.columns.map((column, i): FrameField => ({ name: column.name, type: column.frameType, values: cut(columns[i] ?? []) })),
  ]
}

function inOrder<Value>(values: readonly Value[], { order, limit }: MetricsQuery): Value[] {
  return order === 'desc' ? values.toReversed().slice(0, limit) : values.slice(0, limit)
}

/** Only numbers can be interpolated or set to a number; other columns keep their gaps then. */
export function fillGaps(values: readonly (Cell | null)[], fill: MetricsQuery['fill'], column: PlanColumn): (Cell | null)[] {
  if (fill === 'previous') return fillPrevious(values)
  if (column.frameType !== 'number') return [...values]
  if (fill === 'linear') return fillLinear(values)
  if (typeof fill === 'number') return values.map((value) => value ?? fill)
  return [...values]
}

function fillPrevious(values: readonly (Cell | null)[]): (Cell | null)[] {
  let last: Cell | null = null
  return values.map((value) => {
    last = value ?? last
    return last
  })
}

/** Gaps before the first value and after the last one stay empty. */
function fillLinear(values: readonly (Cell | null)[]): (Cell | null)[] {
  const filled = [...values]
  let left = -1
  for (let right = 0; right < values.length; right++) {
    const end = values[right]
    if (end == null) continue
    const begin = values[left]
    for (let gap = left + 1; left >= 0 && gap < right; gap++) {
      filled[gap] = Number(begin) + ((Number(end) - Number(begin)) * (gap - left)) / (right - left)
    }
    left = right
  }
  return filled
}
