import { createPace, type Pace } from '../../lib/pace.ts'
import type { Frame, FrameField, MetricsQuery } from '../../model/query.ts'
import { createGroupSet, type GroupSet } from './group-set.ts'
import { type Plan, type PlanColumn, rowsMax, tooManyRows } from './plan.ts'

export type Cell = number | string | boolean

/** Collects the aggregated values of a query and lays them out as frames. */
export type BucketFrames = {
  readonly groups: GroupSet
  set(group: number, column: number, bucket: number, value: Cell | null): void
  /** Lays the values out, with turns for others in between. */
  frames(): Promise<Frame[]>
}

/**
 * One frame for each label set that has a value in the range.
 *
 * Fills happen here and not in the stores, so they are the same everywhere: from the first bucket
 * of the range to the last one. `limit` counts filled rows, from the end that `order` begins with.
 */
export function createBucketFrames(plan: Plan): BucketFrames {
  const groups = createGroupSet(plan)
  const tables = new Map<number, Table>()
  const rowsOfFill = plan.query.fill === 'none' ? 1 : plan.buckets.count
  let count = 0

  return {
    groups,
    set(group, column, bucket, value) {
      if (value === null || bucket < 0 || bucket >= plan.buckets.count) return
      let table = tables.get(group)
      if (!table) {
        groups.touch(group)
        table = createTable(plan)
        tables.set(group, table)
      }
      if (table.set(bucket, column, value) && (++count > rowsMax || tables.size * rowsOfFill > rowsMax))
        throw tooManyRows(plan.query.measurement)
    },
    async frames() {
      const timesOf = createTimes(plan)
      const pace = createPace()
      const frames: Frame[] = []
      for (const group of groups.touched()) {
        const fields = await toFields(plan, tables.get(group) ?? createTable(plan), timesOf, pace)
        frames.push({ name: plan.query.measurement, labels: groups.labelsOf(group), fields })
      }
      return frames
    },
  }
}

type Table = ReturnType<typeof createTable>

const pageRows = 256

/** The cells of one label set, in pages: a bucket is found without hashing, and empty stretches cost nothing. */
function createTable({ columns: { length: width } }: Plan) {
  const pages: (Cell | null)[][] = []
  const hasRow = (page: readonly (Cell | null)[], row: number) => {
    for (let i = row * width; i < (row + 1) * width; i++) if (page[i] !== null) return true
    return false
  }

  return {
    /** Whether the bucket had no value before. */
    set(bucket: number, column: number, value: Cell): boolean {
      const row = bucket % pageRows
      const number = (bucket - row) / pageRows
      let page = pages[number]
      if (!page) {
        page = new Array<Cell | null>(pageRows * width).fill(null)
        pages[number] = page
      }
      const isNew = page[row * width + column] === null && !hasRow(page, row)
      page[row * width + column] = value
      return isNew
    },
    /** The buckets that have a value, in their order. */
    buckets(): number[] {
      const buckets: number[] = []
      pages.forEach((page, number) => {
        for (let row = 0; row < pageRows; row++) if (hasRow(page, row)) buckets.push(number * pageRows + row)
      })
      return buckets
    },
    value(bucket: number, column: number): Cell | null {
      return pages[Math.floor(bucket / pageRows)]?.[(bucket % pageRows) * width + column] ?? null
    },
  }
}

type TimesOf = (buckets: readonly number[]) => readonly number[]

/** Label sets with the same buckets share one list of times, which is then written as JSON once. */
function createTimes({ buckets, query }: Plan): TimesOf {
  let before: readonly number[] = []
  let times: readonly number[] = []
  return (wanted) => {
    if (times.length === 0 || wanted.length !== before.length || wanted.some((bucket, i) => bucket !== before[i])) {
      before = wanted
      times = inOrder(wanted.map(buckets.timeOf), query)
    }
    return times
  }
}

async function toFields(plan: Plan, table: Table, timesOf: TimesOf, pace: Pace): Promise<FrameField[]> {
  const filled = plan.query.fill !== 'none'
  const buckets = filled ? Array.from({ length: plan.buckets.count }, (_, bucket) => bucket) : table.buckets()
  const fields: FrameField[] = [{ name: 'time', type: 'time', values: timesOf(buckets) }]
  for (const [i, column] of plan.columns.entries()) {
    const values = buckets.map((bucket) => table.value(bucket, i))
    const shown = inOrder(filled ? fillGaps(values, plan.query.fill, column) : values, plan.query)
    fields.push({ name: column.name, type: column.frameType, values: shown })
    await pace.after(buckets.length)
  }
  return fields
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
