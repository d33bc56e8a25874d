import snappy from 'snappyjs'
import { AppError, messageOf } from '../../lib/errors.ts'

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
  checkElements(packed, next, length)
  try {
    // As a plain Uint8Array: for a Buffer, the content would be one too, of memory that was used before.
    return snappy.uncompress(new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength))
  } catch (thrown) {
    throw broken(messageOf(thrown), thrown)
  }
}

function broken(what: string, cause?: unknown): AppError {
  return new AppError('BAD_REQUEST', `The body is not packed with Snappy's block format: ${what}.`, { cause })
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

/**
 * Adds up what the elements say of their lengths, without copying anything: the library believes
 * them, and runs for seconds over a literal of two gigabytes or reads past the end.
 */
function checkElements(packed: Uint8Array, start: number, length: number): void {
  let filled = 0
  for (let at = start; at < packed.length; ) {
    const tag = packed[at++] as number
    const kind = tag & 3
    if (kind === 0) {
      const extra = Math.max(0, (tag >> 2) - 59)
      const size = 1 + (extra === 0 ? tag >> 2 : readNumber(packed, at, extra))
      at += extra + size
      filled += size
    } else {
      at += kind === 3 ? 4 : kind
      filled += kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2)
    }
    if (at > packed.length) throw broken('it ends within an element')
    if (filled > length) throw broken(`it unpacks to more than the ${length} bytes that its head says`)
  }
  if (filled !== length) throw broken(`it unpacks to ${filled} bytes where its head says ${length}`)
}

function readNumber(packed: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > packed.length) throw broken('it ends within an element')
  let value = 0
  for (let index = 0; index < bytes; index++) value += (packed[at + index] as number) * 256 ** index
  return value
}
