import { crc32 } from 'node:zlib'

/** One write of the group commit as it lies in a segment. */
export type SpoolRecord = {
  /** When it was accepted. */
  readonly atMs: number
  /** The newest time among its points. */
  readonly newestMs: number
  readonly payload: Uint8Array
}

export type ReadRecords = {
  readonly records: readonly SpoolRecord[]
  /** Bytes of acknowledged records that cannot be read any more. */
  readonly damagedBytes: number
}

// Marker, length of the payload, CRC32 of what follows it, time of acceptance, newest time of a point, payload.
const marker = Buffer.from('TWS2')
const lengthAt = 4
const crcAt = 8
const timeAt = 12
const newestAt = 20
export const headerBytes = 28

/** The bytes of one record. */
export function toRecordBytes({ atMs, newestMs, payload }: SpoolRecord): Uint8Array {
  const bytes = Buffer.allocUnsafe(headerBytes + payload.byteLength)
  marker.copy(bytes)
  bytes.writeUInt32LE(payload.byteLength, lengthAt)
  bytes.writeDoubleLE(atMs, timeAt)
  bytes.writeDoubleLE(newestMs, newestAt)
  bytes.set(payload, headerBytes)
  bytes.writeUInt32LE(crc32(bytes.subarray(timeAt)), crcAt)
  return bytes
}

/**
 * The whole records among some bytes, in their order.
 *
 * The marker finds the next record after a damaged one, whatever its length says; the checksum decides
 * whether it is one, for a payload may hold the marker too.
 */
export function readRecords(bytes: Buffer): ReadRecords {
  const records: SpoolRecord[] = []
  let wholeBytes = 0
  let damagedBytes = 0
  for (let at = bytes.indexOf(marker); at >= 0; ) {
    const record = recordAt(bytes, at)
    if (record === undefined) {
      at = bytes.indexOf(marker, at + 1)
      continue
    }
    records.push(record)
    damagedBytes += at - wholeBytes
    wholeBytes = at + headerBytes + record.payload.byteLength
    at = bytes.indexOf(marker, wholeBytes)
  }
  const tail = bytes.subarray(wholeBytes)
  return { records, damagedBytes: damagedBytes + (wasNeverWhole(tail) ? 0 : tail.length) }
}

/** Its length is outside the checksum: where it is damaged, the record ends where the next begins. */
function recordAt(bytes: Buffer, at: number): SpoolRecord | undefined {
  if (at + headerBytes > bytes.length) return undefined
  const next = bytes.indexOf(marker, at + headerBytes)
  return toRecord(bytes, at, declaredEnd(bytes, at)) ?? toRecord(bytes, at, next < 0 ? bytes.length : next)
}

const declaredEnd = (bytes: Buffer, at: number) => at + headerBytes + bytes.readUInt32LE(at + lengthAt)

function toRecord(bytes: Buffer, at: number, end: number): SpoolRecord | undefined {
  if (end > bytes.length || crc32(bytes.subarray(at + timeAt, end)) !== bytes.readUInt32LE(at + crcAt)) return undefined
  return {
    atMs: bytes.readDoubleLE(at + timeAt),
    newestMs: bytes.readDoubleLE(at + newestAt),
    payload: bytes.subarray(at + headerBytes, end),
  }
}

/**
 * Whether the last bytes are a record that a kill or a power cut ended, which nobody was told is kept:
 * it stops before its end, or ends in the zeros that a file system puts where nothing arrived, while a
 * whole record ends in a newline.
 */
function wasNeverWhole(tail: Buffer): boolean {
  if (tail.length === 0 || tail.at(-1) === 0) return true
  const isBeginning = tail.subarray(0, marker.length).equals(marker.subarray(0, tail.length))
  return isBeginning && (tail.length < headerBytes || declaredEnd(tail, 0) > tail.length)
}
