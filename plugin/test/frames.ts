import { type DataFrame, type Field, FieldType } from '@grafana/data'

/** A frame from columns; a column of numbers whose name says so holds times. */
export function toFrame(columns: Record<string, readonly unknown[]>, refId = 'A'): DataFrame {
  const fields = Object.entries(columns).map(
    ([name, values]): Field => ({ name, type: typeOf(name, values), values: [...values], config: {} }),
  )
  return { refId, fields, length: fields[0]?.values.length ?? 0 }
}

/** A frame from rows, with the columns of the first. */
export function toFrameOfRows(rows: readonly Record<string, unknown>[]): DataFrame {
  const names = Object.keys(rows[0] ?? {})
  return toFrame(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])))
}

function typeOf(name: string, values: readonly unknown[]): FieldType {
  if (/^time$|^since$|At$/.test(name)) return FieldType.time
  if (typeof values[0] === 'number') return FieldType.number
  return typeof values[0] === 'boolean' ? FieldType.boolean : FieldType.string
}
