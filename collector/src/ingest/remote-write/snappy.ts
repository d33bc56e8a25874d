import { AppError } from '../../lib/errors.ts'

/**
 * Unpacks Snappy's block format. Its head says how long the content will be, so a bomb is refused
 * unopened.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function unpackSnappy(packed: Uint8Array, bytesMax: number): Uint8Array {
  const { value: length, next } = readLength(packed)
  if (length > bytesMax) {
    throw new AppError('INGEST_BODY_TOO_LARGE', `The body unpacks to more than ${bytesMax} bytes; send it in smaller parts.`)
  }
  const content = new Uint8Array(length)
  const end = unpackElements(packed, next, content)
  if (end !== length) throw broken(`it unpacks to ${end} bytes where its head says ${length}`)
  return content
}

function broken(what: string): AppError {
  return new AppError('BAD_REQUEST', `The body is not packed with Snappy's block format: ${what}.`)
}

/** Groups of seven bits, the lowest first. */
function readLength(packed: Uint8Array): { value: number; next: number } {
  let value = 0
  for (let at = 0; at < Math.min(packed.length, 5); at++) {
    const byte = packed[at] as number
    value += (byte & 0x7f) * 128 ** at
    if (byte < 128) return { value, next: at + 1 }
  }
  throw broken('it has no length')
}

/** Each element is a literal or a copy of what came before; the lowest two bits of its first byte tell. */
function unpackElements(packed: Uint8Array, start: number, content: Uint8Array): number {
  let at = start
  let filled = 0
  while (at < packed.length) {
    const tag = packed[at++] as number
    const kind = tag & 3
    if (kind === 0) {
      const extra = Math.max(0, (tag >> 2) - 59)
      const length = 1 + (extra === 0 ? tag >> 2 : readNumber(packed, at, extra))
      at += extra
      if (at + length > packed.length || filled + length > content.length) throw broken('a literal reaches past the end')
      content.set(packed.subarray(at, at + length), filled)
      at += length
      filled += length
      continue
    }
    const bytes = kind === 3 ? 4 : kind
    const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
    const offset = readNumber(packed, at, bytes) + (kind === 1 ? (tag >> 5) * 256 : 0)
    at += bytes
    if (offset === 0 || offset > filled || filled + length > content.length) throw broken('a copy reaches past the content')
    copyBack(content, filled, offset, length)
    filled += length
  }
  return filled
}

function readNumber(packed: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > packed.length) throw broken('it ends within an element')
  let value = 0
  for (let index = 0; index < bytes; index++) value += (packed[at + index] as number) * 256 ** index
  return value
}

/** Byte by byte where source and target overlap: that is how a repetition is written. */
function copyBack(content: Uint8Array, filled: number, offset: number, length: number): void {
  if (offset >= length) {
    content.copyWithin(filled, filled - offset, filled - offset + length)
    return
  }
  for (let index = filled; index < filled + length; index++) content[index] = content[index - offset] as number
}
