import type { FieldType, Tags } from '../../../model/point.ts'
import type { StoredField } from '../../shared/dictionary.ts'
import type { Rows } from '../append.ts'
import type { Values } from '../tables.ts'

/** What one write adds to the store: fields that it names for the first time, and rows by the type of their value. */
export type WrittenRows = { readonly added: readonly StoredField[]; readonly rows: Readonly<Record<FieldType, Rows>> }

/** A block begins with how many bytes of JSON its fields take, and how many rows of each type and bytes of text it has. */
const headBytes = 7 * 4

const types = ['float', 'integer', 'unsigned', 'boolean', 'string'] as const

type Plan = { readonly fields: Buffer; readonly lengths: Int32Array; readonly bytes: number }

/** How many bytes a block of these rows takes, with what has to be worked out to know it. */
export function planBlock({ added, rows }: WrittenRows): Plan {
  const fields = added.length === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(added))
  const { lengths, total } = textLengths(rows.string.values as readonly string[], rows.string.length)
  const fixed = types.reduce((sum, type) => sum + rows[type].length * rowBytes[type], 0)
  return { fields, lengths, bytes: headBytes + fields.byteLength + fixed + total }
}

/** Bytes of a row: its time, its fid, and its value or the length of its text. */
const rowBytes: Readonly<Record<FieldType, number>> = { float: 20, integer: 20, unsigned: 20, boolean: 13, string: 16 }

function textLengths(texts: readonly string[], count: number): { lengths: Int32Array; total: number } {
  const lengths = new Int32Array(count)
  let total = 0
  for (let i = 0; i < count; i++) {
    const length = Buffer.byteLength(texts[i] ?? '')
    lengths[i] = length
    total += length
  }
  return { lengths, total }
}

/** Writes the block at `at`: columns are copied as memory. The numbers are this machine's own, as in the database file. */
export function writeBlock(target: Buffer, at: number, { rows }: WrittenRows, { fields, lengths, bytes }: Plan): void {
  const counts = types.map((type) => rows[type].length)
  const text = lengths.reduce((sum, length) => sum + length, 0)
  let position = at
  for (const number of [fields.byteLength, ...counts, text]) position = target.writeUInt32LE(number, position)
  target.set(fields, position)
  position += fields.byteLength
  for (const type of types) {
    const { length, times, fids, values } = rows[type]
    position = copyIn(target, position, times, length)
    position = copyIn(target, position, fids, length)
    position = copyIn(target, position, ArrayBuffer.isView(values) ? values : lengths, length)
  }
  const texts = rows.string.values as readonly string[]
  for (let i = 0; i < lengths.length; i++) position += target.write(texts[i] ?? '', position)
  if (position !== at + bytes) throw new Error('invariant broken: a block is as long as it was planned to be')
}

type Column = Exclude<Values, readonly string[]> | Int32Array

function copyIn(target: Buffer, at: number, column: Column, length: number): number {
  const bytes = length * column.BYTES_PER_ELEMENT
  target.set(new Uint8Array(column.buffer, column.byteOffset, bytes), at)
  return at + bytes
}

/** The blocks of a payload whose checksum held. */
export function readBlocks(payload: Buffer): WrittenRows[] {
  const blocks: WrittenRows[] = []
  const reader = createReader(payload)
  while (!reader.isAtEnd()) blocks.push(readBlock(reader))
  return blocks
}

function readBlock(reader: Reader): WrittenRows {
  const [fieldBytes = 0, ...counts] = reader.copy(new Uint32Array(7))
  const added = fieldBytes === 0 ? [] : (JSON.parse(reader.text(fieldBytes)) as (StoredField & { tags: Tags })[])
  const [floats = 0, integers = 0, unsigned = 0, booleans = 0, strings = 0] = counts
  const rows = {
    float: readRows(reader, floats, (count) => reader.copy(new Float64Array(count))),
    integer: readRows(reader, integers, (count) => reader.copy(new BigInt64Array(count))),
    unsigned: readRows(reader, unsigned, (count) => reader.copy(new BigUint64Array(count))),
    boolean: readRows(reader, booleans, (count) => reader.copy(new Uint8Array(count))),
    // The texts themselves follow the lengths, to the end of the block.
    string: readRows(reader, strings, (count) => Array.from(reader.copy(new Int32Array(count))).map((bytes) => reader.text(bytes))),
  }
  return { added, rows }
}

function readRows(reader: Reader, length: number, readValues: (count: number) => Values): Rows {
  const times = reader.copy(new BigInt64Array(length))
  const fids = reader.copy(new Int32Array(length))
  return { length, times, fids, values: readValues(length) }
}

type Reader = ReturnType<typeof createReader>

function createReader(payload: Buffer) {
  let position = 0
  const next = (bytes: number) => {
    position += bytes
    return payload.subarray(position - bytes, position)
  }
  return {
    isAtEnd: () => position >= payload.length,
    text: (bytes: number) => next(bytes).toString(),
    /** Copied, because a column of 8-byte numbers may not begin just anywhere. */
    copy<Array extends Column | Uint32Array>(into: Array): Array {
      new Uint8Array(into.buffer).set(next(into.byteLength))
      return into
    },
  }
}
