import type { FieldValue } from '../../model/point.ts'

export type RawCells = ReturnType<typeof createRawCells>

/**
 * Values of a label set with their time, series and column, as they come.
 *
 * They lie in columns: an object for each of a million points is most of the memory that such an
 * answer takes, and most of the time that collecting it stops everybody else.
 */
export function createRawCells() {
  let times = new BigInt64Array(16)
  let series = new Int32Array(16)
  let columns = new Int32Array(16)
  const values: FieldValue[] = []

  function grow(): void {
    times = copyInto(times, new BigInt64Array(times.length * 2))
    series = copyInto(series, new Int32Array(series.length * 2))
    columns = copyInto(columns, new Int32Array(columns.length * 2))
  }

  const timeOf = (cell: number) => times[cell] ?? 0n
  const seriesOf = (cell: number) => series[cell] ?? 0

  return {
    get length(): number {
      return values.length
    },
    add(timeNs: bigint, ofSeries: number, column: number, value: FieldValue): void {
      const cell = values.length
      if (cell === times.length) grow()
      times[cell] = timeNs
      series[cell] = ofSeries
      columns[cell] = column
      values.push(value)
    },
    timeOf,
    seriesOf,
    columnOf: (cell: number) => columns[cell] ?? 0,
    valueOf: (cell: number) => values[cell],
    compareTimes(a: number, b: number): -1 | 0 | 1 {
      const [first, second] = [timeOf(a), timeOf(b)]
      if (first === second) return 0
      return first < second ? -1 : 1
    },
    isSamePoint: (a: number, b: number) => seriesOf(a) === seriesOf(b) && timeOf(a) === timeOf(b),
  }
}

function copyInto<Numbers extends BigInt64Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from as never)
  return to
}
