import type { Batch, Column, Rejection } from '../../model/batch.ts'
import type { FieldType } from '../../model/point.ts'

/** The types a measurement's fields have in the store. */
export type TypesOf = (measurement: string) => ReadonlyMap<string, FieldType>

/** `partial write: REASON dropped=N`: the rest of the batch was stored. */
export type PartialWrite = { readonly reason: string; readonly dropped: number }

export function parsePartialWrite(sentence: string): PartialWrite | undefined {
  const match = /^(?:partial write: )?(.*?) dropped=(\d+)$/s.exec(sentence)
  return match ? { reason: match[1] ?? '', dropped: Number(match[2]) } : undefined
}

/**
 * Finds the lines InfluxDB dropped, of which it names one reason and their number.
 *
 * Lines nobody can name are summed up in one rejection of line 0.
 */
export function findDropped(batch: Batch, { reason, dropped }: PartialWrite, typesOf: TypesOf, unsignedAs: FieldType): Rejection[] {
  if (reason.startsWith('points beyond retention policy')) return oldestLines(batch, dropped).map((line) => ({ line, reason }))
  const found = findConflicts(batch, typesOf, unsignedAs)
  const missing = dropped - found.length
  return missing > 0 ? [...found, { line: 0, reason: `${missing} more of this request: ${reason}` }] : found
}

/**
 * The lines with a field of another type than the store has. Where the store has no such field yet,
 * the first line of the batch decides.
 */
export function findConflicts(batch: Batch, typesOf: TypesOf, unsignedAs: FieldType): Rejection[] {
  const found = new Map<number, string>()
  const first = new Map<string, FieldType>()
  for (const { line, id } of valuesByLine(batch)) {
    const { name, series, type } = batch.fieldOf(id)
    const written = type === 'unsigned' ? unsignedAs : type
    const key = JSON.stringify([series.measurement, name])
    const existing = typesOf(series.measurement).get(name) ?? first.get(key) ?? written
    first.set(key, existing)
    if (existing !== written)
      found.set(
        line,
        `field type conflict: input field "${name}" on measurement "${series.measurement}" is type ${written}, already exists as type ${existing}`,
      )
  }
  return [...found].map(([line, reason]) => ({ line, reason }))
}

function valuesByLine(batch: Batch): { line: number; id: number }[] {
  const values: { line: number; id: number }[] = []
  for (const column of columnsOf(batch)) {
    for (let i = 0; i < column.length; i++) values.push({ line: column.lines[i] ?? 0, id: column.fields[i] ?? 0 })
  }
  return values.sort((a, b) => a.line - b.line)
}

function oldestLines(batch: Batch, count: number): number[] {
  const times = new Map<number, bigint>()
  for (const column of columnsOf(batch)) for (let i = 0; i < column.length; i++) times.set(column.lines[i] ?? 0, column.times[i] ?? 0n)
  const oldest = [...times].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)).slice(0, count)
  return oldest.map(([line]) => line).sort((a, b) => a - b)
}

/** The numbers of the lines a batch has, in order. */
export function linesOf(batch: Batch): number[] {
  const lines = new Set<number>()
  for (const column of columnsOf(batch)) for (let i = 0; i < column.length; i++) lines.add(column.lines[i] ?? 0)
  return [...lines].sort((a, b) => a - b)
}

export function measurementsOf(batch: Batch): string[] {
  const ids = new Set<number>()
  for (const column of columnsOf(batch)) for (let i = 0; i < column.length; i++) ids.add(column.fields[i] ?? 0)
  return [...new Set([...ids].map((id) => batch.fieldOf(id).series.measurement))]
}

function columnsOf({ floats, integers, unsigned, booleans, strings }: Batch): readonly Column<unknown>[] {
  return [floats, integers, unsigned, booleans, strings]
}
