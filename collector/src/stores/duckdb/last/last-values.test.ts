import { expect, it } from 'vitest'
import { createLastValues } from './last-values.ts'

const rowsOf = (...rows: readonly (readonly [fid: number, time: bigint, value: number])[]) => ({
  length: rows.length,
  fids: Int32Array.from(rows, ([fid]) => fid),
  times: BigInt64Array.from(rows, ([, time]) => time),
  values: Float64Array.from(rows, ([, , value]) => value),
})

it('keeps the newest value of each field, and the later write at an equal time', () => {
  const last = createLastValues()
  last.note(rowsOf([0, 5n, 1], [5000, -3n, 7], [0, 9n, 2], [0, 8n, 3]))
  expect(last.of(0)).toEqual({ timeNs: 9n, value: 2 })
  last.note(rowsOf([0, 9n, 4]))
  expect(last.of(0)).toEqual({ timeNs: 9n, value: 4 })
  expect(last.of(5000)).toEqual({ timeNs: -3n, value: 7 })
  expect(last.of(1)).toBeUndefined()
  expect(last.of(70_000)).toBeUndefined()
})

it('tells times apart that differ in either half of their 64 bits', () => {
  const last = createLastValues()
  const times = [-(2n ** 62n), -1n, 0n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 62n]
  times.forEach((time, i) => {
    last.note(rowsOf([0, time, i]))
    last.note(rowsOf([0, time - 1n, 99]))
    expect(last.of(0)).toEqual({ timeNs: time, value: i })
  })
})

it('lets what was written since the start win over what is found in the store', () => {
  const last = createLastValues()
  last.note(rowsOf([0, 5n, 1], [1, 5n, 1], [2, 5n, 1]))
  last.found(0, 4n, 10)
  last.found(1, 5n, 11)
  last.found(2, 6n, 12n)
  last.found(3, 6n, true)
  last.found(4, 6n, 'text')
  expect([0, 1, 2, 3, 4].map((fid) => last.of(fid)?.value)).toEqual([1, 1, 12, 1, 'text'])
})

it('forgets what the store deletes, also when it is found only afterwards', () => {
  const last = createLastValues()
  last.note(rowsOf([0, 5n, 1], [1, 10n, 2]))
  last.forgetBefore(10n)
  last.found(2, 9n, 'old')
  last.found(3, 10n, 'kept')
  expect([0, 1, 2, 3].map((fid) => last.of(fid)?.value)).toEqual([undefined, 2, undefined, 'kept'])
})
