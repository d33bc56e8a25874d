import type { Batch } from '../model/batch.ts'
import type { SeriesField } from '../model/point.ts'
import { escapeKey, quoteString } from './escape.ts'

/** Bytes that are already what `toLineProtocol` shall give for the lines up to `lineEnd`. */
export type Verbatim = { readonly lineStart: number; readonly lineEnd: number; readonly bytes: Uint8Array }

type Columns = Omit<Batch, 'toLineProtocol'>

/** Reads one column value by value; all columns of a batch are in the order of their lines. */
type Cursor = {
  at: number
  readonly length: number
  readonly lines: Int32Array
  readonly fields: Int32Array
  readonly times: BigInt64Array
  text(index: number): string
}

/**
 * Writes a batch as line protocol with nanosecond times, one line a point.
 *
 * `verbatim` holds, in the order of their lines, the stretches whose bytes are right as they came.
 */
export function encodeLines(columns: Columns, verbatim: readonly Verbatim[]): Uint8Array {
  const cursors = toCursors(columns)
  const chunks: Uint8Array[] = []
  let written: string[] = []
  let line = nextLine(cursors)
  for (const stretch of [...verbatim, undefined]) {
    for (; line < (stretch?.lineStart ?? endLine); line = nextLine(cursors)) written.push(encodeLine(columns, cursors, line))
    if (stretch === undefined || line > stretch.lineEnd) continue
    if (written.length > 0) chunks.push(Buffer.from(written.join('')))
    written = []
    chunks.push(stretch.bytes)
    skipTo(cursors, stretch.lineEnd)
    line = nextLine(cursors)
  }
  if (written.length > 0) chunks.push(Buffer.from(written.join('')))
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
}

const endLine = Number.POSITIVE_INFINITY

function toCursors({ floats, integers, unsigned, booleans, strings }: Columns): Cursor[] {
  return [
    { at: 0, ...floats, text: (index) => floatText(floats.values[index] as number) },
    { at: 0, ...integers, text: (index) => `${integers.values[index]}i` },
    { at: 0, ...unsigned, text: (index) => `${unsigned.values[index]}u` },
    { at: 0, ...booleans, text: (index) => (booleans.values[index] === 1 ? 'true' : 'false') },
    { at: 0, ...strings, text: (index) => quoteString(strings.values[index] as string) },
  ]
}

const floatText = (value: number) => (Object.is(value, -0) ? '-0' : String(value))

function nextLine(cursors: readonly Cursor[]): number {
  let line = endLine
  for (const cursor of cursors) {
    if (cursor.at < cursor.length) line = Math.min(line, cursor.lines[cursor.at] as number)
  }
  return line
}

function encodeLine(columns: Columns, cursors: readonly Cursor[], line: number): string {
  let field: SeriesField | undefined
  let time = 0n
  const fields: string[] = []
  for (const cursor of cursors) {
    for (; cursor.at < cursor.length && cursor.lines[cursor.at] === line; cursor.at++) {
      field = columns.fieldOf(cursor.fields[cursor.at] as number)
      time = cursor.times[cursor.at] as bigint
      fields.push(`${escapeKey(field.name)}=${cursor.text(cursor.at)}`)
    }
  }
  return `${field?.series.key} ${fields.join(',')} ${time}\n`
}

function skipTo(cursors: readonly Cursor[], lineEnd: number): void {
  for (const cursor of cursors) {
    while (cursor.at < cursor.length && (cursor.lines[cursor.at] as number) <= lineEnd) cursor.at++
  }
}
