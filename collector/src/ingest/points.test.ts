import { describe, expect, it } from 'vitest'
import type { Point } from '../model/point.ts'
import { takePoints } from './read-batch.ts'

const base: Point = { measurement: 'm', tags: {}, fields: { v: 1 } }
const reasonsOf = (...points: Partial<Point>[]) =>
  takePoints(points.map((point) => ({ ...base, ...point }))).rejected.map(({ reason }) => reason)

describe('points', () => {
  it('fill a batch with all types, tags sorted and the time of the call where there is none', () => {
    const { points } = takePoints([
      { measurement: 'm', tags: { b: '2', a: '1' }, fields: { f: 1.5, i: 2n, u: 3n, t: true, s: 'x' }, unsigned: ['u'], timeNs: 7n },
      base,
    ])
    expect(points).toEqual([
      {
        line: 1,
        measurement: 'm',
        tags: { a: '1', b: '2' },
        timeNs: 7n,
        fields: [
          { name: 'f', type: 'float', value: 1.5 },
          { name: 'i', type: 'integer', value: 2n },
          { name: 'u', type: 'unsigned', value: 3n },
          { name: 't', type: 'boolean', value: true },
          { name: 's', type: 'string', value: 'x' },
        ],
      },
      { line: 2, measurement: 'm', tags: {}, timeNs: 42n, fields: [{ name: 'v', type: 'float', value: 1 }] },
    ])
  })

  it('are refused alone, by their place', () => {
    const { points, rejected } = takePoints([base, { ...base, fields: { v: 1, w: Number.NaN } }, base])
    expect(points.map(({ line }) => line)).toEqual([1, 3])
    expect(rejected).toEqual([{ line: 2, reason: 'fields.w: NaN is no number that can be kept' }])
  })

  it('leave out a tag without a value', () => {
    expect(takePoints([{ ...base, tags: { a: '', b: '1' } }]).points[0]?.tags).toEqual({ b: '1' })
  })

  it.each<[string, Partial<Point>, RegExp]>([
    ['no measurement', { measurement: '' }, /^measurement: must not be empty/],
    ['a comment as a measurement', { measurement: '#m' }, /must not begin with "#"/],
    ['a line break in a measurement', { measurement: 'a\nb' }, /^measurement: .*control characters/],
    ['a line break in a tag key', { tags: { 'a\nb': '1' } }, /control characters/],
    ['a line break in a tag value', { tags: { a: 'x\ny v=1 1\nz' } }, /^tags\.a: .*control characters/],
    ['a backslash at the end', { tags: { a: 'C:\\' } }, /^tags\.a: must not end in a backslash/],
    ['half a character', { tags: { a: '\ud800' } }, /not valid Unicode/],
    ['no fields', { fields: {} }, /at least one field/],
    ['a field without a name', { fields: { '': 1 } }, /must not be empty/],
    ['a field called time', { fields: { time: 1 } }, /"time" is the time of the point/],
    ['infinity', { fields: { v: Number.NEGATIVE_INFINITY } }, /-Infinity is no number/],
    ['an integer over 64 bits', { fields: { v: 2n ** 63n } }, /does not lie between -9223372036854775808 and 9223372036854775807/],
    ['an unsigned integer below zero', { fields: { v: -1n }, unsigned: ['v'] }, /does not lie between 0 and 18446744073709551615/],
    ['a text too long', { fields: { v: 'é'.repeat(40_000) } }, /has 80000 bytes, at most 65536/],
    ['a time out of range', { timeNs: 2n ** 63n - 1n }, /outside the years/],
    ['a key too long', { tags: { a: 'x'.repeat(70_000) } }, /bytes together, at most 65535/],
    ['too many tags', { tags: Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`t${index}`, 'x'])) }, /has 257, at most 256/],
  ])('are refused with %s', (_, point, reason) => {
    expect(reasonsOf(point)).toEqual([expect.stringMatching(reason)])
  })
})

it('keeps the values of every type in a large batch, where columns grow on the way', () => {
  const given = Array.from({ length: 1000 }, (_, index) => ({
    measurement: 'm',
    tags: {},
    fields: { float: index + 0.5, integer: BigInt(index), unsigned: BigInt(index), text: `t${index}`, truth: true },
    unsigned: ['unsigned'],
    timeNs: BigInt(index),
  }))
  const kept = takePoints(given).points.map(({ fields }) => Object.fromEntries(fields.map(({ name, value }) => [name, value])))
  expect(kept).toEqual(given.map(({ fields }) => fields))
})
