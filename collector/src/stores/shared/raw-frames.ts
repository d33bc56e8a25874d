import { createPace, type Pace, sortPaced } from '../../lib/pace.ts'
import type { FieldValue } from '../../model/point.ts'
import type { Frame, FrameField } from '../../model/query.ts'
import { compareText, createGroupSet, type GroupSet, getOrAdd } from './group-set.ts'
import { type Plan, rowsMax, tooManyRows } from './plan.ts'

/** Collects raw points and lays them out as frames. */
export type RawFrames = {
  readonly groups: GroupSet
  /** The number of a series. Points of one instant stand in the order of these keys. */
  seriesOf(key: string): number
  set(group: number, column: number, series: number, timeNs: bigint, value: FieldValue): void
  /** Lays the points out, with turns for others in between. */
  frames(): Promise<Frame[]>
}

type Row = { readonly key: string; readonly timeNs: bigint; readonly values: (FieldValue | null)[] }

/**
 * One frame for each label set, rows in the order of time.
 *
 * A row is a point: fields of one series at one time stand in one row, and points of different
 * series stay apart even at the same instant. Without `groupBy` that is one frame with the points
 * of all series, as InfluxQL answers.
 */
export function createRawFrames(plan: Plan): RawFrames {
  const groups = createGroupSet(plan)
  const rows = new Map<number, Map<number, Map<bigint, Row>>>()
  const series = new Map<string, number>()
  const keys: string[] = []
  let count = 0

  function rowOf(group: number, ofKey: number, timeNs: bigint): Row {
    const ofGroup = getOrAdd(rows, group, () => new Map<number, Map<bigint, Row>>())
    const ofSeries = getOrAdd(ofGroup, ofKey, () => new Map<bigint, Row>())
    return getOrAdd(ofSeries, timeNs, () => {
      if (++count > rowsMax) throw tooManyRows(plan.query.measurement)
      return { key: keys[ofKey] ?? '', timeNs, values: new Array<FieldValue | null>(plan.columns.length).fill(null) }
    })
  }

  return {
    groups,
    seriesOf: (key) => getOrAdd(series, key, () => keys.push(key) - 1),
    set(group, column, ofKey, timeNs, value) {
      groups.touch(group)
      rowOf(group, ofKey, timeNs).values[column] = value
    },
    async frames() {
      const pace = createPace()
      const frames: Frame[] = []
      for (const group of groups.touched()) {
        const ofGroup: Row[] = []
        for (const ofSeries of rows.get(group)?.values() ?? []) await addAll(ofGroup, ofSeries.values(), pace)
        frames.push({ name: plan.query.measurement, labels: groups.labelsOf(group), fields: await toFields(plan, ofGroup, pace) })
      }
      return frames
    },
  }
}

async function addAll(rows: Row[], more: Iterable<Row>, pace: Pace): Promise<void> {
  for (const row of more) if (rows.push(row) % rowsAtOnce === 0) await pace.after(rowsAtOnce)
}

async function toFields({ query, columns }: Plan, rows: Row[], pace: Pace): Promise<FrameField[]> {
  const sign = query.order === 'desc' ? -1 : 1
  await sortPaced(rows, (a, b) => (a.timeNs === b.timeNs ? compareText(a.key, b.key) : a.timeNs < b.timeNs ? -sign : sign), pace)
  const count = Math.min(rows.length, query.limit)
  const read = async (cellOf: (row: Row) => unknown) => {
    const cells: unknown[] = []
    for (let i = 0; i < count; i++) if (cells.push(cellOf(rows[i] as Row)) % rowsAtOnce === 0) await pace.after(rowsAtOnce)
    return cells
  }
  const fields: FrameField[] = [{ name: 'time', type: 'time', values: await read((row) => toMs(row.timeNs)) }]
  for (const [i, { name, frameType }] of columns.entries()) {
    fields.push({ name, type: frameType, values: await read((row) => toCell(row.values[i])) })
  }
  return fields
}

const rowsAtOnce = 1000

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
