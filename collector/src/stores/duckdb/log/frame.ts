import { crc32 } from 'node:zlib'
import { planBlock, type WrittenRows, writeBlock } from './block.ts'

/**
 * What is written and synced at once.
 *
 * Marker, length of the payload, CRC-32 of all that follows it, then the log's id, the frame's own
 * position, the position it comes after, and the payload: blocks, one for each write.
 */
const marker = Buffer.from('TWL1')
const lengthAt = 4
const crcAt = 8
const idAt = 12
const positionAt = 20
const afterAt = 28
export const headerBytes = 36

export type FrameHead = {
  /** Of the store the log belongs to: 16 hexadecimal digits. */
  readonly id: string
  /** Counts up, and never comes twice, so that a file can be written over again. */
  readonly position: number
  /** The newest position that was acknowledged before: positions between the two were refused. */
  readonly after: number
}

/** A frame in the making. Its memory is used again and again. */
export type OpenFrame = ReturnType<typeof createOpenFrame>

const firstCapacity = 65_536
/** Larger memory is given back after use. */
const keptCapacity = 4_194_304

export function createOpenFrame() {
  let buffer = Buffer.allocUnsafeSlow(firstCapacity)
  let length = headerBytes

  function makeRoom(bytes: number): void {
    if (length + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(length + bytes, buffer.length * 2))
    buffer.copy(larger, 0, 0, length)
    buffer = larger
  }

  return {
    isEmpty: () => length === headerBytes,
    add(rows: WrittenRows): void {
      const plan = planBlock(rows)
      makeRoom(plan.bytes)
      writeBlock(buffer, length, rows, plan)
      length += plan.bytes
    },
    /** The bytes to write. They change when the frame is used again. */
    seal({ id, position, after }: FrameHead): Buffer {
      marker.copy(buffer)
      buffer.writeUInt32LE(length - headerBytes, lengthAt)
      buffer.write(id, idAt, 'hex')
      buffer.writeDoubleLE(position, positionAt)
      buffer.writeDoubleLE(after, afterAt)
      buffer.writeUInt32LE(crc32(buffer.subarray(idAt, length)), crcAt)
      return buffer.subarray(0, length)
    },
    clear(): void {
      length = headerBytes
      if (buffer.length > keptCapacity) buffer = Buffer.allocUnsafeSlow(firstCapacity)
    },
  }
}

/** A frame as it lies in a file; `payload` is missing where the checksum does not hold. */
export type FoundFrame = FrameHead & { readonly at: number; readonly payload?: Buffer }

/**
 * The frames among some bytes, wherever they begin: behind the newest of a file that is written over
 * lie the remains of older ones. Those up to `position` are passed over.
 */
export function findFrames(bytes: Buffer, position: number): FoundFrame[] {
  const frames: FoundFrame[] = []
  for (let at = bytes.indexOf(marker); at >= 0; ) {
    const frame = frameAt(bytes, at)
    if (frame && frame.position > position) frames.push(frame)
    at = bytes.indexOf(marker, frame?.payload ? at + headerBytes + frame.payload.length : at + marker.length)
  }
  return frames
}

/** Something was written here, and not even the beginning of a frame can be made out. */
export function isIllegible(bytes: Buffer): boolean {
  return !bytes.includes(marker) && bytes.some((byte) => byte !== 0)
}

function frameAt(bytes: Buffer, at: number): FoundFrame | undefined {
  if (at + headerBytes > bytes.length) return undefined
  const end = at + headerBytes + bytes.readUInt32LE(at + lengthAt)
  const head = {
    at,
    id: bytes.toString('hex', at + idAt, at + positionAt),
    position: bytes.readDoubleLE(at + positionAt),
    after: bytes.readDoubleLE(at + afterAt),
  }
  const isWhole = end <= bytes.length && crc32(bytes.subarray(at + idAt, end)) === bytes.readUInt32LE(at + crcAt)
  return isWhole ? { ...head, payload: bytes.subarray(at + headerBytes, end) } : head
}
