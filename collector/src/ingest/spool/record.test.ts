import { expect, it } from 'vitest'
import { fc } from '../../lib/fake-chance.ts'
import { headerBytes, readRecords, type SpoolRecord, toRecordBytes } from './record.ts'

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  // What looks like a record inside a record.
  fc.uint8Array({ maxLength: 30 }).map((inner) => toRecordBytes({ atMs: 7, newestMs: 6, payload: inner })),
)
const record = fc.record({ atMs: fc.nat(), newestMs: fc.double({ noNaN: true }), payload })
// Line protocol ends in a newline.
const lines = fc.record({ atMs: fc.nat(), newestMs: fc.nat(), payload: fc.uint8Array().map((bytes) => Buffer.from([...bytes, 10])) })
const listOf = (records: readonly SpoolRecord[]) =>
  records.map(({ atMs, newestMs, payload }) => [atMs, newestMs, Buffer.from(payload).toString('hex')])
const bytesOf = (records: readonly SpoolRecord[]) => Buffer.concat(records.map(toRecordBytes))

it('reads back every record, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const bytes = bytesOf(records)
      const read = readRecords(bytes)
      expect(listOf(read.records)).toEqual(listOf(records))
      expect(read.damagedBytes).toBe(0)
    }),
  )
})

it('reads all records before the place where the bytes end', () => {
  fc.assert(
    fc.property(fc.array(lines, { minLength: 1 }), fc.nat(), (records, where) => {
      const bytes = bytesOf(records)
      const end = where % bytes.length
      const whole = records.filter((_, index) => bytesOf(records.slice(0, index + 1)).length <= end)
      const read = readRecords(bytes.subarray(0, end))
      expect(listOf(read.records)).toEqual(listOf(whole))
      expect(read.damagedBytes).toBe(0)
    }),
  )
})

it('loses no more than one record to one damaged byte, and says so', () => {
  fc.assert(
    fc.property(fc.array(lines, { minLength: 1 }), fc.nat(), (records, where) => {
      const bytes = bytesOf(records)
      const at = where % bytes.length
      const hit = records.findIndex((_, index) => bytesOf(records.slice(0, index + 1)).length > at)
      bytes[at] = (bytes[at] ?? 0) ^ 0x40
      const rest = records.filter((_, index) => index !== hit)
      const read = readRecords(bytes)
      const isRead = read.records.length === records.length
      expect(listOf(read.records)).toEqual(listOf(isRead ? records : rest))
      if (hit < records.length - 1) expect(read.damagedBytes).toBe(isRead ? 0 : headerBytes + (records[hit]?.payload.length ?? 0))
    }),
  )
})

const three = [0, 1, 2].map((atMs) => ({ atMs, newestMs: atMs, payload: Buffer.from('a v=1 1\n') }))
const length = headerBytes + 8

it('counts what lies between whole records as damaged', () => {
  const bytes = bytesOf(three)
  bytes.fill(0, length, length + 12)
  expect(readRecords(bytes)).toMatchObject({ records: [{ atMs: 0 }, { atMs: 2 }], damagedBytes: length })
})

it('counts a flipped bit in the last record as damage, for it was acknowledged', () => {
  const bytes = bytesOf(three)
  bytes[2 * length + headerBytes] = 0xff
  expect(readRecords(bytes)).toMatchObject({ records: [{ atMs: 0 }, { atMs: 1 }], damagedBytes: length })
})

it('reads a record whose length alone is damaged', () => {
  const bytes = bytesOf(three)
  for (const index of [1, 2]) bytes.writeUInt32LE(1_000_000, index * length + 4)
  expect(readRecords(bytes)).toMatchObject({ records: three, damagedBytes: 0 })
})

it('finds neither records nor damage in zeros, which a file system may leave behind after a power cut', () => {
  expect(readRecords(Buffer.alloc(100))).toEqual({ records: [], damagedBytes: 0 })
  const bytes = bytesOf(three)
  bytes.fill(0, 2 * length + headerBytes + 3)
  expect(readRecords(bytes)).toMatchObject({ records: [{ atMs: 0 }, { atMs: 1 }], damagedBytes: 0 })
})
