import { describe, expect, it } from 'vitest'
import { fc } from './fake-chance.ts'
import { copyInt64, readInt64, readMilliseconds, readUint64, wordsOf, writeInt64 } from './int64.ts'

const billion = 1_000_000_000n
const wordsFor = (value: bigint) => wordsOf(BigInt64Array.of(BigInt.asIntN(64, value)))

function write(value: bigint, negative: boolean): BigInt64Array {
  const column = new BigInt64Array(3)
  writeInt64(wordsOf(column), 1, Number(value / billion), Number(value % billion), negative)
  return column
}

describe('writeInt64', () => {
  it('writes every signed value and leaves its neighbours alone', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 63n - 1n), fc.boolean(), (value, negative) => {
        expect([...write(value, negative)]).toEqual([0n, negative ? -value : value, 0n])
      }),
    )
  })

  it('writes every unsigned value', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (value) => {
        expect(BigInt.asUintN(64, write(value, false)[1] as bigint)).toBe(value)
      }),
    )
  })

  it.each([0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n])('writes %s below zero', (value) => {
    expect(write(value, true)[1]).toBe(-value)
  })
})

describe('reading', () => {
  it('gives the nearest double', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
        expect(readInt64(wordsFor(value), 0)).toBe(Number(value))
        expect(readUint64(wordsFor(value), 0)).toBe(Number(BigInt.asUintN(64, value)))
      }),
    )
  })

  it('gives whole milliseconds exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }), (ms) => {
        expect(readMilliseconds(wordsFor(BigInt(ms) * 1_000_000n), 0)).toBe(ms)
      }),
    )
  })

  it('keeps what is smaller than a millisecond apart', () => {
    const time = 1_795_231_147_180_000_000n
    expect(readMilliseconds(wordsFor(time + 250_000n), 0)).toBe(1_795_231_147_180.25)
    expect(readMilliseconds(wordsFor(time + 1000n), 0)).toBeGreaterThan(1_795_231_147_180)
  })
})

it('copies one value', () => {
  const to = new BigInt64Array(2)
  copyInt64(wordsFor(-7n), 0, wordsOf(to), 1)
  expect([...to]).toEqual([0n, -7n])
})
