import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import { fc } from '../../lib/fake-chance.ts'
import { packLiterally } from './pack.ts'
import { unpackSnappy } from './snappy.ts'

const unpack = (...bytes: number[]) => Buffer.from(unpackSnappy(Uint8Array.from(bytes), 1000)).toString()
const letters = (text: string) => [...Buffer.from(text)]

describe('unpacking Snappy blocks', () => {
  it('takes literals and the three kinds of copies', () => {
    expect(unpack(3, 0b1000, ...letters('abc'))).toBe('abc')
    // One byte of offset: four bytes from four back.
    expect(unpack(8, 0b1100, ...letters('abcd'), 0b0000_0001, 4)).toBe('abcdabcd')
    // Two and four bytes of offset: three bytes from two back, which overlap.
    expect(unpack(5, 0b100, ...letters('ab'), 0b1010, 2, 0)).toBe('ababa')
    expect(unpack(5, 0b100, ...letters('ab'), 0b1011, 2, 0, 0, 0)).toBe('ababa')
    expect(unpack(0)).toBe('')
  })

  it('gives back what was packed as literals of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000, size: 'max' }), (content) => {
        expect(Buffer.compare(Buffer.from(unpackSnappy(packLiterally(content), 70_000)), Buffer.from(content))).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it('refuses what is cut off, points outside or lies about its length', () => {
    const broken = [
      [],
      [0x80],
      [3, 0b1000, 97],
      [3, 0b100, 97, 98],
      [1, 0b1000, 97, 98, 99],
      [8, 0, 97, 0b1010, 2, 0],
      [8, 0, 97, 0b1010, 0, 0],
      [8, 0, 97, 0b1010],
    ]
    for (const bytes of broken) expect(() => unpack(...bytes), String(bytes)).toThrow(AppError)
  })

  it('refuses a literal of gigabytes without running over it', () => {
    expect(() => unpack(9, 0b1111_1100, 0, 0, 0, 0x80, 1, 2, 3, 4)).toThrow(/ends within an element/)
  })

  it('refuses a bomb by what its head says', () => {
    expect(() => unpack(0xff, 0xff, 0xff, 0xff, 0x0f)).toThrow(/unpacks to more than 1000 bytes/)
  })

  it('fails on any bytes only as a bad request', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          unpackSnappy(bytes, 10_000)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError)
        }
      }),
    )
  })
})
