import { copyInt64, wordsOf } from '../lib/int64.ts'
import type { Batch, Column } from '../model/batch.ts'
import type { SeriesField } from '../model/point.ts'
import { encodeLines, type Verbatim } from './encode.ts'

type Values = Float64Array | BigInt64Array | BigUint64Array | Uint8Array | string[]

/** A column while it grows. `words` are the two 32-bit halves of what lies beside them. */
export type OpenColumn<V extends Values> = {
  length: number
  /** Where the values of the line under way begin. */
  lineStart: number
  fields: Int32Array
  lines: Int32Array
  times: BigInt64Array
  timeWords: Int32Array
  values: V
  valueWords: Int32Array
}

/** Where a batch stood at some moment: the lengths of its columns. */
export type Mark = {
  readonly points: number
  readonly floats: number
  readonly integers: number
  readonly unsigned: number
  readonly booleans: number
  readonly strings: number
}

/**
 * A batch in the making. A line begins, is appended field by field, and ends with its time or is
 * dropped when it turns out bad.
 */
export type BatchBuilder = {
  points: number
  readonly floats: OpenColumn<Float64Array>
  readonly integers: OpenColumn<BigInt64Array>
  readonly unsigned: OpenColumn<BigUint64Array>
  readonly booleans: OpenColumn<Uint8Array>
  readonly strings: OpenColumn<string[]>
  readonly verbatim: Verbatim[]
  readonly fieldOf: (id: number) => SeriesField
}

export function createBatchBuilder(fieldOf: (id: number) => SeriesField): BatchBuilder {
  return {
    points: 0,
    floats: createColumn(16, (size) => new Float64Array(size)),
    integers: createColumn(16, (size) => new BigInt64Array(size)),
    unsigned: createColumn(16, (size) => new BigUint64Array(size)),
    booleans: createColumn(16, (size) => new Uint8Array(size)),
    strings: createColumn<string[]>(16, () => []),
    verbatim: [],
    fieldOf,
  }
}

/** Empties a builder whose batches nobody looks at any more, so that its memory is used again. */
export function resetBuilder(builder: BatchBuilder): void {
  const { floats, integers, unsigned, booleans, strings, verbatim } = builder
  for (const column of [floats, integers, unsigned, booleans, strings]) column.length = column.lineStart = 0
  strings.values = []
  verbatim.length = 0
  builder.points = 0
}

function createColumn<V extends Values>(capacity: number, allocate: (size: number) => V): OpenColumn<V> {
  const times = new BigInt64Array(capacity)
  const values = allocate(capacity)
  return {
    length: 0,
    lineStart: 0,
    fields: new Int32Array(capacity),
    lines: new Int32Array(capacity),
    times,
    timeWords: wordsOf(times),
    values,
    valueWords: wordsOfValues(values),
  }
}

const noWords = new Int32Array(0)
const wordsOfValues = (values: Values) => (values instanceof BigInt64Array || values instanceof BigUint64Array ? wordsOf(values) : noWords)

/** Makes room for one more value and enters its field and line; the caller writes the value at the returned index. */
export function append(column: OpenColumn<Values>, field: number, line: number): number {
  const index = column.length
  if (index === column.fields.length) growColumn(column)
  column.fields[index] = field
  column.lines[index] = line
  column.length = index + 1
  return index
}

/** Makes room for `more` floats at once, the type that fills most batches. */
export function reserveFloats({ floats }: BatchBuilder, more: number): void {
  if (floats.length + more > floats.fields.length) growColumn(floats, floats.length + more)
}

/** The values there is room for in the columns of numbers. */
export const roomOf = ({ floats, integers, unsigned, booleans }: BatchBuilder): number =>
  floats.fields.length + integers.fields.length + unsigned.fields.length + booleans.fields.length

function growColumn(column: OpenColumn<Values>, needed = 0): void {
  const capacity = Math.max(column.fields.length * 2, needed)
  column.fields = copied(column.fields, new Int32Array(capacity))
  column.lines = copied(column.lines, new Int32Array(capacity))
  column.times = copied(column.times, new BigInt64Array(capacity))
  column.timeWords = wordsOf(column.times)
  const { values } = column
  if (values instanceof Float64Array) column.values = copied(values, new Float64Array(capacity))
  else if (values instanceof BigInt64Array) column.values = copied(values, new BigInt64Array(capacity))
  else if (values instanceof BigUint64Array) column.values = copied(values, new BigUint64Array(capacity))
  else if (values instanceof Uint8Array) column.values = copied(values, new Uint8Array(capacity))
  column.valueWords = wordsOfValues(column.values)
}

function copied<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from)
  return to
}

export function markOf(builder: BatchBuilder): Mark {
  return {
    points: builder.points,
    floats: builder.floats.length,
    integers: builder.integers.length,
    unsigned: builder.unsigned.length,
    booleans: builder.booleans.length,
    strings: builder.strings.length,
  }
}

/** Begins a line: what is appended from here on can be stamped or taken back. */
export function beginLine({ floats, integers, unsigned, booleans, strings }: BatchBuilder): void {
  floats.lineStart = floats.length
  integers.lineStart = integers.length
  unsigned.lineStart = unsigned.length
  booleans.lineStart = booleans.length
  strings.lineStart = strings.length
}

/** Ends a line: a point with the time `words[0]`. */
export function endLine(builder: BatchBuilder, words: Int32Array): void {
  stamp(builder.floats, words)
  stamp(builder.integers, words)
  stamp(builder.unsigned, words)
  stamp(builder.booleans, words)
  stamp(builder.strings, words)
  builder.points++
}

function stamp({ lineStart, length, timeWords }: OpenColumn<Values>, words: Int32Array): void {
  for (let index = lineStart; index < length; index++) copyInt64(words, 0, timeWords, index)
}

/** Takes the line under way back. */
export function dropLine({ floats, integers, unsigned, booleans, strings }: BatchBuilder): void {
  floats.length = floats.lineStart
  integers.length = integers.lineStart
  unsigned.length = unsigned.lineStart
  booleans.length = booleans.lineStart
  strings.length = strings.lineStart
}

/** The batch between two marks. It shares memory with the builder, whose later lines do not touch it. */
export function toBatch(builder: BatchBuilder, from: Mark, to: Mark): Batch {
  const batch = {
    points: to.points - from.points,
    floats: cut(builder.floats, from.floats, to.floats),
    integers: cut(builder.integers, from.integers, to.integers),
    unsigned: cut(builder.unsigned, from.unsigned, to.unsigned),
    booleans: cut(builder.booleans, from.booleans, to.booleans),
    strings: cut<string[]>(builder.strings, from.strings, to.strings),
    fieldOf: builder.fieldOf,
  }
  return { ...batch, toLineProtocol: () => encodeLines(batch, builder.verbatim) }
}

function cut<V extends Values>(column: OpenColumn<V>, from: number, to: number): Column<V> {
  const { values } = column
  return {
    length: to - from,
    fields: column.fields.subarray(from, to),
    times: column.times.subarray(from, to),
    values: (Array.isArray(values) ? values.slice(from, to) : values.subarray(from, to)) as V,
    lines: column.lines.subarray(from, to),
  }
}

/** The lines that have a value, in no order. */
export function linesOf({ floats, integers, unsigned, booleans, strings }: Batch): number[] {
  const columns = [floats, integers, unsigned, booleans, strings]
  return [...new Set(columns.flatMap(({ lines, length }) => [...lines.subarray(0, length)]))]
}

/** The batch without some of its lines. */
export function withoutLines(batch: Batch, lines: ReadonlySet<number>): Batch {
  const kept = {
    points: batch.points - lines.size,
    floats: keep(batch.floats, lines, (indexes) => Float64Array.from(indexes, (index) => batch.floats.values[index] as number)),
    integers: keep(batch.integers, lines, (indexes) => BigInt64Array.from(indexes, (index) => batch.integers.values[index] as bigint)),
    unsigned: keep(batch.unsigned, lines, (indexes) => BigUint64Array.from(indexes, (index) => batch.unsigned.values[index] as bigint)),
    booleans: keep(batch.booleans, lines, (indexes) => Uint8Array.from(indexes, (index) => batch.booleans.values[index] as number)),
    strings: keep(batch.strings, lines, (indexes) => indexes.map((index) => batch.strings.values[index] as string)),
    fieldOf: batch.fieldOf,
  }
  return { ...kept, toLineProtocol: () => encodeLines(kept, []) }
}

function keep<V>(column: Column<V>, lines: ReadonlySet<number>, toValues: (indexes: number[]) => V): Column<V> {
  const indexes = Array.from({ length: column.length }, (_, index) => index).filter((index) => !lines.has(column.lines[index] as number))
  return {
    length: indexes.length,
    fields: Int32Array.from(indexes, (index) => column.fields[index] as number),
    times: BigInt64Array.from(indexes, (index) => column.times[index] as bigint),
    values: toValues(indexes),
    lines: Int32Array.from(indexes, (index) => column.lines[index] as number),
  }
}

const startMark: Mark = { points: 0, floats: 0, integers: 0, unsigned: 0, booleans: 0, strings: 0 }

/** The whole batch. */
export const toWholeBatch = (builder: BatchBuilder) => toBatch(builder, startMark, markOf(builder))
