import { crc32 } from 'node:zlib'

/** One write of the group commit as it lies in a segment: when it was accepted, and its line protocol. */
export type SpoolRecord = { readonly atMs: number; readonly payload: Uint8Array }

export type ReadRecords = {
  readonly records: readonly SpoolRecord[]
  /** Where the last whole record ends: what follows was never acknowledged, or is damaged. */
  readonly wholeBytes: number
  /** Bytes before that end which belong to no whole record. */
  readonly damagedBytes: number
}

// Marker, length of the payload, CRC32 of what follows it (time and payload), time, payload.
const marker = Buffer.from('TWS1')
const lengthAt = 4
const crcAt = 8
const timeAt = 12
export const headerBytes = 20

/** The bytes of one record. */
export function toRecordBytes({ atMs, payload }: SpoolRecord): Uint8Array {
  const bytes = Buffer.allocUnsafe(headerBytes + payload.byteLength)
  marker.copy(bytes)
  bytes.writeUInt32LE(payload.byteLength, lengthAt)
  bytes.writeDoubleLE(atMs, timeAt)
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
  return { records, wholeBytes, damagedBytes }
}

function recordAt(bytes: Buffer, at: number): SpoolRecord | undefined {
  if (at + headerBytes > bytes.length) return undefined
  const end = at + headerBytes + bytes.readUInt32LE(at + lengthAt)
  if (end > bytes.length || crc32(bytes.subarray(at + timeAt, end)) !== bytes.readUInt32LE(at + crcAt)) return undefined
  return { atMs: bytes.readDoubleLE(at + timeAt), payload: bytes.subarray(at + headerBytes, end) }
}
