import type { Batch, Column } from '../../model/batch.ts'

export type EncodeOptions = {
  /** Lines of the batch to leave out. */
  readonly without?: ReadonlySet<number>
  /** The letter after an unsigned value: InfluxDB 1.x knows only `i`. */
  readonly unsignedSuffix?: 'u' | 'i'
}

type Line = { readonly key: string; readonly timeNs: bigint; readonly fields: string[] }

/** Writes a batch as line protocol from its columns, in the order of its lines, times in nanoseconds. */
export function encodeLines(batch: Batch, { without = new Set(), unsignedSuffix = 'u' }: EncodeOptions = {}): Uint8Array {
  const lines = new Map<number, Line>()

  function addColumn<Raw>(column: Column<ArrayLike<Raw>>, toText: (raw: Raw) => string): void {
    for (let i = 0; i < column.length; i++) {
      const number = column.lines[i] ?? 0
      if (without.has(number)) continue
      const field = batch.fieldOf(column.fields[i] ?? 0)
      const line = lines.get(number) ?? { key: field.series.key, timeNs: column.times[i] ?? 0n, fields: [] }
      lines.set(number, line)
      line.fields.push(`${escapeKey(field.name)}=${toText(column.values[i] as Raw)}`)
    }
  }

  addColumn<number>(batch.floats, String)
  addColumn<bigint>(batch.integers, (value) => `${value}i`)
  addColumn<bigint>(batch.unsigned, (value) => `${value}${unsignedSuffix}`)
  addColumn<number>(batch.booleans, (value) => (value === 1 ? 'true' : 'false'))
  addColumn<string>(batch.strings, quote)
  const sorted = [...lines].sort(([a], [b]) => a - b)
  return Buffer.from(sorted.map(([, { key, timeNs, fields }]) => `${key} ${fields.join(',')} ${timeNs}\n`).join(''))
}

/** Line protocol's escapes for tag keys, tag values and field keys. */
export function escapeKey(text: string): string {
  return text.replace(/[,= ]/g, '\\$&')
}

/** Line protocol's escapes for measurements, where an equals sign stands for itself. */
export function escapeMeasurement(text: string): string {
  return text.replace(/[, ]/g, '\\$&')
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
