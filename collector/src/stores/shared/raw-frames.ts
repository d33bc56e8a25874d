import { createPace, type Pace, sortPaced } from '../../lib/pace.ts'
import type { FieldValue } from '../../model/point.ts'
import type { Frame, FrameField } from '../../model/query.ts'
import { compareText, createGroupSet, type GroupSet, getOrAdd } from './group-set.ts'
import { type Plan, rowsMax, tooManyRows, tooManyValues, valuesMax } from './plan.ts'
import { createRawCells, type RawCells } from './raw-cells.ts'

/** Collects raw points and lays them out as frames. */
export type RawFrames = {
  readonly groups: GroupSet
  /** The number of a series. Points of one instant stand in the order of these keys. */
  seriesOf(key: string): number
  set(group: number, column: number, series: number, timeNs: bigint, value: FieldValue): void
  /** Lays the points out, with turns for others in between. What was collected is given up meanwhile. */
  frames(): Promise<Frame[]>
}

/**
 * One frame for each label set, rows in the order of time.
 *
 * A row is a point: fields of one series at one time stand in one row, and points of different
 * series stay apart even at the same instant. Without `groupBy` that is one frame with the points
 * of all series, as InfluxQL answers.
 */
export function createRawFrames(plan: Plan): RawFrames {
  const groups = createGroupSet(plan)
  const cells = new Map<number, RawCells>()
  const series = new Map<string, number>()
  const keys: string[] = []
  const ofColumn = new Array<number>(plan.columns.length).fill(0)
  let count = 0

  /** An answer has at least as many rows as its fullest column has values, so that is what is counted. */
  function countValue(column: number): void {
    const rows = (ofColumn[column] ?? 0) + 1
    ofColumn[column] = rows
    if (rows > rowsMax) throw tooManyRows(plan.query.measurement)
    if (++count > valuesMax) throw tooManyValues(plan.query.measurement)
  }

  return {
    groups,
    seriesOf: (key) => getOrAdd(series, key, () => keys.push(key) - 1),
    set(group, column, ofKey, timeNs, value) {
      countValue(column)
      let ofGroup = cells.get(group)
      if (!ofGroup) {
        groups.touch(group)
        ofGroup = createRawCells()
        cells.set(group, ofGroup)
      }
      ofGroup.add(timeNs, ofKey, column, value)
    },
    async frames() {
      const pace = createPace()
      const frames: Frame[] = []
      for (const group of groups.touched()) {
        const fields = await toFields(plan, cells.get(group) ?? createRawCells(), keys, pace)
        cells.delete(group)
        frames.push({ name: plan.query.measurement, labels: groups.labelsOf(group), fields })
      }
      return frames
    },
  }
}

async function toFields({ query, columns }: Plan, cells: RawCells, keys: readonly string[], pace: Pace): Promise<FrameField[]> {
  const at = await inOrder(cells, query.order === 'desc' ? -1 : 1, keys, pace)
  const times: number[] = []
  const values: (number | string | boolean | null)[][] = columns.map(() => [])
  let before: number | undefined
  for (let place = 0; place < cells.length; place++) {
    const cell = at(place)
    if (before === undefined || !cells.isSamePoint(before, cell)) {
      if (times.length === query.limit) break
      times.push(toMs(cells.timeOf(cell)))
      for (const column of values) column.push(null)
    }
    const column = values[cells.columnOf(cell)]
    if (column) column[times.length - 1] = toCell(cells.valueOf(cell))
    before = cell
    if (place % cellsAtOnce === 0) await pace.after(cellsAtOnce)
  }
  return [
    { name: 'time', type: 'time', values: times },
    ...columns.map(({ name, frameType }, i): FrameField => ({ name, type: frameType, values: values[i] ?? [] })),
  ]
}

/** Tells which cell stands at a place when they are in the order of time and series. Most come in that order. */
async function inOrder(cells: RawCells, sign: 1 | -1, keys: readonly string[], pace: Pace): Promise<(place: number) => number> {
  const compare = (a: number, b: number) =>
    cells.compareTimes(a, b) * sign || compareText(keys[cells.seriesOf(a)] ?? '', keys[cells.seriesOf(b)] ?? '')
  for (let cell = 1; cell < cells.length; cell++) {
    if (compare(cell - 1, cell) > 0) {
      const order = Array.from({ length: cells.length }, (_, i) => i)
      await sortPaced(order, compare, pace)
      return (place) => order[place] ?? 0
    }
    if (cell % cellsAtOnce === 0) await pace.after(cellsAtOnce)
  }
  return (place) => place
}

const cellsAtOnce = 1000

/** Integers a double cannot hold are exact decimal text; JSON has no other place for them. */
export function toCell(value: FieldValue | null | undefined): number | string | boolean | null {
  if (typeof value !== 'bigint') return value ?? null
  const rounded = Number(value)
  return Number.isSafeInteger(rounded) ? rounded : value.toString()
}

/** Milliseconds of nanoseconds, rounded down on both sides of 1970. */
export function toMs(timeNs: bigint): number {
  const ms = timeNs / 1_000_000n
  return Number(timeNs < 0n && ms * 1_000_000n !== timeNs ? ms - 1n : ms)
}
