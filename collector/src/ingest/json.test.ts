import { describe, expect, it } from 'vitest'
import { toPoint } from './json.ts'

const base = { measurement: 'orders', fields: { count: 1 } }
const reasonOf = (change: object) => {
  const made = toPoint({ ...base, ...change })
  return 'reason' in made ? made.reason : undefined
}

describe('a pushed point', () => {
  it('keeps its types, and tags become texts', () => {
    const made = toPoint({
      measurement: 'orders',
      tags: { shop: 'eu', shard: 3, test: false },
      fields: {
        count: 1,
        name: 'x',
        paid: true,
        exact: { value: '9007199254740993', type: 'integer' },
        small: { value: 3, type: 'integer' },
        bytes: { value: '18446744073709551615', type: 'unsigned' },
        ratio: { value: '0.25', type: 'float' },
      },
      time: 1_795_231_147_180,
    })
    expect(made).toEqual({
      measurement: 'orders',
      tags: { shop: 'eu', shard: '3', test: 'false' },
      fields: {
        count: 1,
        name: 'x',
        paid: true,
        exact: 9_007_199_254_740_993n,
        small: 3n,
        bytes: 18_446_744_073_709_551_615n,
        ratio: 0.25,
      },
      timeNs: 1_795_231_147_180_000_000n,
      unsigned: ['bytes'],
    })
  })

  it.each([
    [1_795_231_147_180.25, 1_795_231_147_180_250_000n],
    [-1, -1_000_000n],
    ['2026-11-21T04:00:00Z', 1_795_233_600_000_000_000n],
    ['2026-11-21T05:00:00.123456789+01:00', 1_795_233_600_123_456_789n],
    ['1969-12-31T23:59:59.5Z', -500_000_000n],
    [undefined, undefined],
  ])('has the time %s', (time, timeNs) => {
    const made = toPoint({ ...base, time })
    expect('reason' in made ? made.reason : made.timeNs).toBe(timeNs)
  })

  it.each<[string, object, RegExp]>([
    ['no measurement', { measurement: undefined }, /^measurement: /],
    ['an unknown key', { mesurement: 'x' }, /mesurement/],
    ['null for a field', { fields: { count: null } }, /^fields\.count: /],
    ['infinity', { fields: { count: Number('1e999') } }, /^fields\.count: /],
    ['an integer that JSON rounds', { fields: { count: { value: 2 ** 53, type: 'integer' } } }, /write it as a string/],
    [
      'a fraction as an integer',
      { fields: { count: { value: '1.5', type: 'integer' } } },
      /^fields\.count: "1\.5" is not an integer of 64 bits/,
    ],
    ['a word as a float', { fields: { count: { value: 'NaN', type: 'float' } } }, /^fields\.count: "NaN" is not a number/],
    ['an empty text as a float', { fields: { count: { value: '', type: 'float' } } }, /"" is not a number/],
    ['nanoseconds', { time: 1_795_231_147_180_000_000 }, /numbers are milliseconds since 1970, not micro- or nanoseconds/],
    ['seconds', { time: 1_795_231_147 }, /would be in 1970; numbers are milliseconds since 1970, not seconds/],
    ['null for a tag', { tags: { shop: null } }, /^tags\.shop: must be a text; leave out a tag/],
    ['a list of tags', { tags: [] }, /^tags: must be an object/],
    ['a type that is none', { fields: { count: { value: 3, type: 'int' } } }, /^fields\.count: must be .* float, integer or unsigned$/],
    ['another word for time', { timestamp: 1 }, /^unknown key timestamp; a point is such as/],
    ['milliseconds as a text', { time: '1795231147180' }, /leave out the quotes/],
    ['an impossible day', { time: '2026-13-45T04:00:00Z' }, /is no RFC 3339 time/],
    ['a date only', { time: '2026-11-21' }, /is no RFC 3339 time/],
  ])('is refused with %s', (_, change, reason) => {
    expect(reasonOf(change)).toMatch(reason)
  })

  it.each([[null], [[]], ['x'], [1]])('is refused when it is %j', (candidate) => {
    expect(toPoint(candidate)).toHaveProperty('reason')
  })
})
