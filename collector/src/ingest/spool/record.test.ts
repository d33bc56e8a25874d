import fc from 'fast-check'
import { expect, it } from 'vitest'
import { headerBytes, readRecords, type SpoolRecord, toRecordBytes } from './record.ts'

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  // What looks like a record inside a record.
  fc.uint8Array({ maxLength: 30 }).map((inner) => toRecordBytes({ atMs: 7, payload: inner })),
)
const record = fc.record({ atMs: fc.nat(), payload })
const listOf = (records: readonly SpoolRecord[]) => records.map(({ atMs, payload }) => [atMs, Buffer.from(payload).toString('hex')])
const bytesOf = (records: readonly SpoolRecord[]) => Buffer.concat(records.map(toRecordBytes))

it('reads back every record, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const bytes = bytesOf(records)
      const read = readRecords(bytes)
      expect(listOf(read.records)).toEqual(listOf(records))
      expect([read.wholeBytes, read.damagedBytes]).toEqual([bytes.length, 0])
    }),
  )
})

it('reads all records before the place where the bytes end', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ atMs: fc.nat(), payload: fc.uint8Array() }), { minLength: 1 }), fc.nat(), (records, where) => {
      const bytes = bytesOf(records)
      const end = where % bytes.length
      const whole = records.filter((_, index) => bytesOf(records.slice(0, index + 1)).length <= end)
      const read = readRecords(bytes.subarray(0, end))
      expect(listOf(read.records)).toEqual(listOf(whole))
      expect([read.wholeBytes, read.damagedBytes]).toEqual([bytesOf(whole).length, 0])
    }),
  )
})

it('loses one record to one damaged byte, and finds the others', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ atMs: fc.nat(), payload: fc.uint8Array() }), { minLength: 1 }), fc.nat(), (records, where) => {
      const bytes = bytesOf(records)
      const at = where % bytes.length
      const hit = records.findIndex((_, index) => bytesOf(records.slice(0, index + 1)).length > at)
      bytes[at] = (bytes[at] ?? 0) ^ 0x40
      const rest = records.filter((_, index) => index !== hit)
      expect(listOf(readRecords(bytes).records)).toEqual(listOf(rest))
    }),
  )
})

it('counts what lies between whole records as damaged', () => {
  const bytes = bytesOf([0, 1, 2].map((atMs) => ({ atMs, payload: Buffer.from('a v=1 1\n') })))
  const length = headerBytes + 8
  bytes.fill(0, length, length + 12)
  expect(readRecords(bytes)).toMatchObject({ records: [{ atMs: 0 }, { atMs: 2 }], wholeBytes: 3 * length, damagedBytes: length })
})

it('finds no record in zeros, which a file system may leave behind after a power cut', () => {
  expect(readRecords(Buffer.alloc(100))).toEqual({ records: [], wholeBytes: 0, damagedBytes: 0 })
})
