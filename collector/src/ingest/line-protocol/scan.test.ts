import { describe, expect, it } from 'vitest'
import { fc } from '../../lib/fake-chance.ts'
import type { Precision } from '../ingest.ts'
import { scanText } from '../read-batch.ts'
import type { ScanLimits } from './scan-state.ts'

const reasonOf = (text: string, limits: Partial<ScanLimits> = {}) => scanText(text, { limits }).rejected.map(({ reason }) => reason)
const readValue = (literal: string) => scanText(`m v=${literal} 1`).points[0]?.fields[0]

describe('a value', () => {
  it.each([
    ['1', 'float', 1],
    ['-1.5', 'float', -1.5],
    ['.5', 'float', 0.5],
    ['5.', 'float', 5],
    ['1e3', 'float', 1000],
    ['1E-3', 'float', 0.001],
    ['0.1', 'float', 0.1],
    ['123456789012345678901234567890', 'float', 1.2345678901234568e29],
    ['-0', 'float', -0],
    ['12i', 'integer', 12n],
    ['-9223372036854775808i', 'integer', -9_223_372_036_854_775_808n],
    ['9223372036854775807i', 'integer', 9_223_372_036_854_775_807n],
    ['0000000000000000000000042i', 'integer', 42n],
    ['18446744073709551615u', 'unsigned', 18_446_744_073_709_551_615n],
    ['T', 'boolean', true],
    ['False', 'boolean', false],
    ['""', 'string', ''],
    ['"a \\"b\\" \\\\ \\n, c=d #e"', 'string', 'a "b" \\ \\n, c=d #e'],
    ['"überall 漢 🚀"', 'string', 'überall 漢 🚀'],
  ])('is read: %s', (literal, type, value) => {
    expect(readValue(literal)).toEqual({ name: 'v', type, value })
  })

  it.each([
    'NaN',
    'nan',
    'Inf',
    '+Inf',
    '-Inf',
    '1e400',
    '+1',
    '1.2.3',
    '1e',
    '-',
    '.',
    '1x',
    '1.5i',
    '-1u',
    'tRUE',
    'TRUe',
    '0x10',
    '1_000',
    "'a'",
  ])('is refused: %s', (literal) => {
    expect(scanText(`m v=${literal} 1`).points).toEqual([])
  })

  it('is, as a float, what Number() makes of it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(readValue(Object.is(value, -0) ? '-0' : String(value))?.value).toBe(value)
      }),
    )
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{1,20}\.\d{0,20}$/), (literal) => {
        expect(readValue(literal)?.value).toBe(Number(literal))
      }),
    )
  })

  it('is, as an integer, exact over the whole range', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
        expect(readValue(`${value}i`)?.value).toBe(value)
      }),
    )
  })
})

describe('a time', () => {
  const timeOf = (text: string, precision: Precision = 'ns') => scanText(`m v=1 ${text}`, { precision }).points[0]?.timeNs
  const unitNs: Record<Exclude<Precision, 'auto'>, bigint> = {
    ns: 1n,
    us: 1000n,
    ms: 1_000_000n,
    s: 1_000_000_000n,
    m: 60_000_000_000n,
    h: 3_600_000_000_000n,
  }
  const most = 2n ** 63n - 2n

  it.each(Object.entries(unitNs) as [Precision, bigint][])('is exact in %s over the whole range', (precision, unit) => {
    fc.assert(
      fc.property(fc.bigInt(-(most / unit), most / unit), (time) => {
        expect(timeOf(String(time), precision)).toBe(time * unit)
      }),
    )
  })

  it.each(Object.entries(unitNs) as [Precision, bigint][])('is refused in %s when it is out of range', (precision, unit) => {
    for (const time of [most / unit + 1n, -(most / unit) - 1n, 10n ** 40n]) expect(timeOf(String(time), precision)).toBeUndefined()
  })

  it('is taken in the unit that its size tells, on request', () => {
    const guessed = ['1795231147', '-1795231147', '4999999999', '5000000000', '1795231147180', '1795231147180123', '1795231147180123456']
    expect(guessed.map((time) => timeOf(time, 'auto'))).toEqual([
      1_795_231_147_000_000_000n,
      -1_795_231_147_000_000_000n,
      4_999_999_999_000_000_000n,
      5_000_000_000_000_000n,
      1_795_231_147_180_000_000n,
      1_795_231_147_180_123_000n,
      1_795_231_147_180_123_456n,
    ])
  })

  it('is that of the request, cut to the precision, when there is none', () => {
    const { points } = scanText('m v=1\nm v=2 \n', { precision: 's', nowNs: 1_795_231_147_180_000_001n })
    expect(points.map(({ timeNs }) => timeNs)).toEqual([1_795_231_147_000_000_000n, 1_795_231_147_000_000_000n])
  })

  it.each(['1.5', '1e9', '-', '1 2', '0x1', 'now', '--1'])('is refused: %s', (time) => {
    expect(timeOf(time)).toBeUndefined()
  })
})

describe('lines', () => {
  it('may end in a carriage return, be indented, empty or comments', () => {
    const { points, rejected } = scanText('# a comment\r\n\r\n  m v=1 1\r\n\n\t# another\n\tm v=2 2   \n   \nm v=3 3')
    expect(points.map(({ line, fields }) => [line, fields[0]?.value])).toEqual([
      [3, 1],
      [6, 2],
      [8, 3],
    ])
    expect(rejected).toEqual([])
  })

  it('are refused one by one, with number and reason, and leave nothing of themselves', () => {
    const { points, rejected } = scanText('a v=1 1\nb v=1,w=oops 1\nc v=1 1\nd\ne v=1 x\n')
    expect(points.map(({ measurement }) => measurement)).toEqual(['a', 'c'])
    expect(rejected).toEqual([
      { line: 2, reason: "unable to parse 'b v=1,w=oops 1': invalid number" },
      { line: 4, reason: "unable to parse 'd': missing fields" },
      { line: 5, reason: "unable to parse 'e v=1 x': bad timestamp" },
    ])
  })

  it('keep newlines inside quotes, and are counted by newlines', () => {
    const { points, rejected } = scanText('a s="one\ntwo\\"\nthree" 1\nb v=1 1\nbad\nc v=1 1\n')
    expect(points.map(({ line, measurement }) => [line, measurement])).toEqual([
      [1, 'a'],
      [4, 'b'],
      [6, 'c'],
    ])
    expect(points[0]?.fields[0]?.value).toBe('one\ntwo"\nthree')
    expect(rejected[0]?.line).toBe(5)
  })

  it('never become points out of the text of a bad line', () => {
    const { points, rejected } = scanText('a v=bad,s="first\nadmin,role=root v=1 1\n" 1\nb v=1 1\n')
    expect(points.map(({ measurement }) => measurement)).toEqual(['b'])
    expect(rejected.map(({ line }) => line)).toEqual([1])
  })

  it('are quoted short when they are long', () => {
    expect(reasonOf(`m v=${'x'.repeat(5000)}`)[0]?.length).toBeLessThan(300)
  })

  it('are all counted when there are too many bad ones to describe', () => {
    const { rejected, rejectedTotal } = scanText('x\n'.repeat(5000))
    expect([rejected.length, rejectedTotal]).toEqual([1000, 5000])
  })

  it('are refused for what they hold that is not UTF-8, and only they', () => {
    const body = Buffer.concat([Buffer.from('a v=1 1\nb,t='), Buffer.of(0xff), Buffer.from(' v=1 1\nc v=1 1\n')])
    const { points, rejected } = scanText(body)
    expect(points.map(({ measurement }) => measurement)).toEqual(['a', 'c'])
    expect(rejected.map(({ line }) => line)).toEqual([2])
  })
})

describe('a limit', () => {
  it.each<[string, Partial<ScanLimits>, RegExp]>([
    ['m v=1,w=2,x=3 1', { fieldsMax: 2 }, /more than 2 fields/],
    ['m,a=1,b=2,c=3 v=1 1', { tagsMax: 2 }, /has 3 tags, at most 2/],
    ['m v="12345" 1', { stringBytesMax: 4 }, /string has 5 bytes, at most 4/],
    ['mmmmmmmmmmmm v=1 1', { keyBytesMax: 10 }, /max key length exceeded: 12 > 10/],
    ['mmmm vvvv=1 1', { keyBytesMax: 10 }, /max key length exceeded: 12 > 10/],
    ['m v=1,w=222222222222 1', { lineBytesMax: 10 }, /line has 23 bytes, at most 10/],
  ])('refuses %s', (line, limits, reason) => {
    expect(reasonOf(`${line}\n`, limits)[0]).toMatch(reason)
  })

  it('lets through what reaches it exactly', () => {
    const limits = { fieldsMax: 2, tagsMax: 2, stringBytesMax: 3, keyBytesMax: 14, lineBytesMax: 24 }
    expect(reasonOf('m,a=1,b=2 v="123",w=2 1', limits)).toEqual([])
  })

  it('is not the number of fields of a large real metric', () => {
    const fields = Array.from({ length: 3318 }, (_, index) => `field_${index}=${index}i`).join(',')
    expect(scanText(`super_long_metric,foo=bar ${fields} 1`).points[0]?.fields).toHaveLength(3318)
  })
})

it('refuses a field called time with the words of InfluxDB, and takes such a tag', () => {
  expect(reasonOf('m time=1 1')).toEqual(['invalid field name: input field "time" on measurement "m" is invalid'])
  expect(reasonOf('m,time=x v=1 1')).toEqual([])
})

it('never throws and accounts for every line, whatever comes', () => {
  const word = fc.constantFrom('m', ',', 'a=b', ' ', 'v=1', '"', '\\', '\n', '\r\n', '#', '=', '1i', '\t', '1', 't', '-', 'é', '\u0000')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const text = words.join('')
      const { points, rejected, batch } = scanText(text)
      const numbers = [...points, ...rejected].map(({ line }) => line)
      expect(new Set(numbers).size).toBe(numbers.length)
      expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(text.split('\n').length)
      expect(batch.points).toBe(points.length)
    }),
    { numRuns: 2000 },
  )
})
