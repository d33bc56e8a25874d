import type { Rejection } from '../model/batch.ts'
import type { FieldValue, Point, Tags } from '../model/point.ts'
import { append, type BatchBuilder, beginLine, dropLine, endLine } from './batch-builder.ts'
import { booleanType, fieldIdOf, floatType, integerType, nameOfText, slotOf, stringType, unsignedType } from './field-table.ts'
import type { ScanResult } from './line-protocol/scan.ts'
import { type ScanLimits, scanLimits } from './line-protocol/scan-state.ts'
import { type SeriesTable, seriesOf } from './series-table.ts'

export type PointsOptions = {
  /** The time of points that bring none. */
  readonly nowNs: bigint
  readonly limits?: Partial<ScanLimits>
  readonly linesBefore?: number
}

const int64Max = 2n ** 63n - 1n
const int64Min = -(2n ** 63n)
const uint64Max = 2n ** 64n - 1n
/** InfluxDB keeps the outermost nanoseconds for itself. */
const timeMax = 2n ** 63n - 2n

/** Points as objects into a batch, under the same rules as line protocol. The line of a point is its place, counted from 1. */
export function appendPoints(points: readonly Point[], table: SeriesTable, builder: BatchBuilder, options: PointsOptions): ScanResult {
  const limits = { ...scanLimits, ...options.limits }
  const linesBefore = options.linesBefore ?? 0
  const rejected: Rejection[] = []
  const words = new Int32Array(2)
  const time = new BigInt64Array(words.buffer)
  let rejectedTotal = 0
  points.forEach((point, index) => {
    beginLine(builder)
    const problem = problemOf(point, limits) ?? appendFields(point, table, builder, linesBefore + index + 1)
    if (problem === undefined) {
      time[0] = point.timeNs ?? options.nowNs
      endLine(builder, words)
      return
    }
    dropLine(builder)
    rejectedTotal++
    if (rejected.length < limits.rejectionsMax) rejected.push({ line: index + 1, reason: problem })
  })
  return { points: points.length - rejectedTotal, lines: points.length, rejected, rejectedTotal }
}

function problemOf({ measurement, tags, fields, timeNs, unsigned = [] }: Point, limits: ScanLimits): string | undefined {
  const tagNames = Object.keys(tags)
  const fieldNames = Object.keys(fields)
  if (tagNames.length > limits.tagsMax) return `tags: the point has ${tagNames.length}, at most ${limits.tagsMax} are taken`
  if (fieldNames.length > limits.fieldsMax) return `fields: the point has ${fieldNames.length}, at most ${limits.fieldsMax} are taken`
  if (fieldNames.length === 0) return 'fields: a point needs at least one field'
  if (timeNs !== undefined && (timeNs > timeMax || timeNs < -timeMax)) return `time: ${timeNs} ns is outside the years 1677 to 2262`
  return (
    nameProblem('measurement', measurement) ??
    (measurement.startsWith('#') ? 'measurement: must not begin with "#", which makes a comment of its line' : undefined) ??
    firstProblem(tagNames, (name) => nameProblem(`tags.${name}`, name) ?? tagValueProblem(`tags.${name}`, tags[name] as string)) ??
    firstProblem(fieldNames, (name) => fieldProblem(name, fields[name] as FieldValue, unsigned.includes(name), limits)) ??
    keyProblem(measurement, tags, fieldNames, limits.keyBytesMax)
  )
}

function firstProblem(names: readonly string[], problemOfName: (name: string) => string | undefined): string | undefined {
  for (const name of names) {
    const problem = problemOfName(name)
    if (problem !== undefined) return problem
  }
  return undefined
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const controls = /[\u0000-\u001f\u007f]/

/** What keeps a word from being written as line protocol. */
function nameProblem(path: string, name: string): string | undefined {
  if (name === '') return `${path}: must not be empty`
  if (controls.test(name)) return `${path}: must not hold control characters such as line breaks`
  if (name.endsWith('\\')) return `${path}: must not end in a backslash, which line protocol cannot carry`
  return name.isWellFormed() ? undefined : `${path}: is not valid Unicode`
}

/** An empty value means that the tag is not there. */
const tagValueProblem = (path: string, value: string) => (value === '' ? undefined : nameProblem(path, value))

function fieldProblem(name: string, value: FieldValue, isUnsigned: boolean, { stringBytesMax }: ScanLimits): string | undefined {
  const path = `fields.${name}`
  const problem = nameProblem(path, name)
  if (problem !== undefined) return problem
  if (name === 'time') return `${path}: "time" is the time of the point; give the field another name`
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path}: ${value} is no number that can be kept`
  if (typeof value === 'bigint') {
    const [least, most] = isUnsigned ? [0n, uint64Max] : [int64Min, int64Max]
    return value >= least && value <= most ? undefined : `${path}: ${value} does not lie between ${least} and ${most}`
  }
  if (typeof value === 'boolean') return undefined
  if (Buffer.byteLength(value) > stringBytesMax)
    return `${path}: the text has ${Buffer.byteLength(value)} bytes, at most ${stringBytesMax} are taken`
  return value.isWellFormed() ? undefined : `${path}: is not valid Unicode`
}

function keyProblem(measurement: string, tags: Tags, fieldNames: readonly string[], bytesMax: number): string | undefined {
  const words = [measurement, ...Object.entries(tags).flat()]
  const longest = Math.max(...fieldNames.map((name) => name.length))
  // Few points come near the limit: only those are counted to the byte, escapes left aside.
  if (words.reduce((sum, word) => sum + 4 * word.length + 1, longest * 4) <= bytesMax) return undefined
  const bytes = words.reduce(
    (sum, word) => sum + Buffer.byteLength(word) + 1,
    Math.max(...fieldNames.map((name) => Buffer.byteLength(name))),
  )
  return bytes <= bytesMax
    ? undefined
    : `the measurement, tags and a field name have ${bytes} bytes together, at most ${bytesMax} are taken`
}

function appendFields(
  { measurement, tags, fields, unsigned = [] }: Point,
  table: SeriesTable,
  builder: BatchBuilder,
  line: number,
): string | undefined {
  const series = seriesOf(table, measurement, withoutEmpty(tags))
  if (typeof series === 'string') return series
  for (const [name, value] of Object.entries(fields)) {
    const slot = slotOf(table.fields, series, nameOfText(table.fields, name))
    const fieldId = (type: number) => fieldIdOf(table.fields, slot, type, table.series)
    if (typeof value === 'number') put(builder.floats, fieldId(floatType), line, value)
    else if (typeof value === 'boolean') put(builder.booleans, fieldId(booleanType), line, value ? 1 : 0)
    else if (typeof value === 'string') put(builder.strings, fieldId(stringType), line, value)
    else if (unsigned.includes(name)) put(builder.unsigned, fieldId(unsignedType), line, value)
    else put(builder.integers, fieldId(integerType), line, value)
  }
  return undefined
}

/** The values are looked up after the place is made: making it may move them. */
function put(column: Parameters<typeof append>[0], fieldId: number, line: number, value: FieldValue): void {
  const index = append(column, fieldId, line)
  const values = column.values as { [index: number]: FieldValue }
  values[index] = value
}

const withoutEmpty = (tags: Tags) =>
  Object.values(tags).includes('') ? Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== '')) : tags
