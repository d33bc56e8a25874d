import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import { otlpMessages } from './messages.ts'
import { toOtlpPoints } from './points.ts'
import { parseOtlpJson, parseOtlpProtobuf } from './request.ts'

const requestOf = (metrics: object[], resource: object[] = []) => ({
  resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ metrics }] }],
})
const fromJson = (request: object) => toOtlpPoints(parseOtlpJson(Buffer.from(JSON.stringify(request))))
const fromProtobuf = (request: object) => toOtlpPoints(parseOtlpProtobuf(otlpMessages.encode('ExportMetricsServiceRequest', request)))
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const timeUnixNano = '1795231147180123456'
const timeNs = 1_795_231_147_180_123_456n

describe.each([
  ['JSON', fromJson],
  ['protobuf', fromProtobuf],
])('OTLP as %s', (_, read) => {
  const fieldsOf = (metric: object) => read(requestOf([metric])).points.map(({ fields }) => fields)

  it('makes the name the measurement, attributes tags, and keeps the time to the nanosecond', () => {
    const metric = {
      name: 'queue.length',
      gauge: { dataPoints: [{ timeUnixNano, asDouble: 2.5, attributes: [text('queue', 'mail'), text('empty', '')] }] },
    }
    const resource = [text('service.name', 'shop'), text('process.command', 'node')]
    expect(read(requestOf([metric], resource))).toEqual({
      points: [{ measurement: 'queue.length', tags: { 'service.name': 'shop', queue: 'mail' }, fields: { value: 2.5 }, timeNs }],
      refused: [],
    })
  })

  it('writes every kind of attribute as text', () => {
    const kinds = [
      { boolValue: false },
      { intValue: '-9007199254740993' },
      { doubleValue: 1.5 },
      { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '2' }] } },
      { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } },
      { bytesValue: Buffer.from('hi').toString('base64') },
    ]
    const attributes = kinds.map((value, index) => ({ key: `k${index}`, value }))
    const [point] = read(requestOf([{ name: 'm', gauge: { dataPoints: [{ asDouble: 1, attributes }] } }])).points
    expect(point?.tags).toEqual({
      k0: 'false',
      k1: '-9007199254740993',
      k2: '1.5',
      k3: expect.stringMatching(/^\["a","?2"?\]$/),
      k4: '{"k":true}',
      k5: 'aGk=',
    })
    expect(point).not.toHaveProperty('timeNs')
  })

  it('takes whole numbers, zero among them, as floats', () => {
    expect(fieldsOf({ name: 'm', gauge: { dataPoints: [{ asInt: '-7' }, { asInt: '0' }, { asDouble: 0 }] } })).toEqual([
      { value: -7 },
      { value: 0 },
      { value: 0 },
    ])
  })

  it('tags what is counted anew each time, and leaves running totals as they are', () => {
    const sum = (aggregationTemporality: number) => ({ name: 'm', sum: { aggregationTemporality, dataPoints: [{ asInt: '3' }] } })
    expect(read(requestOf([sum(1), sum(2)])).points.map(({ tags }) => tags)).toEqual([{ temporality: 'delta' }, {}])
  })

  it('counts the buckets of a histogram up to each bound', () => {
    const dataPoints = [{ count: '6', sum: 4.2, min: 0.05, max: 3, explicitBounds: [0.1, 1], bucketCounts: ['1', '3', '2'] }]
    expect(fieldsOf({ name: 'm', histogram: { aggregationTemporality: 2, dataPoints } })).toEqual([
      { count: 6, sum: 4.2, min: 0.05, max: 3, 'le_0.1': 1, le_1: 4 },
    ])
  })

  it('keeps a histogram without buckets, and refuses one whose buckets do not fit its bounds', () => {
    const histogram = (dataPoint: object) => requestOf([{ name: 'm', histogram: { dataPoints: [dataPoint] } }])
    expect(read(histogram({ count: '2', sum: 1 })).points[0]?.fields).toEqual({ count: 2, sum: 1 })
    expect(read(histogram({ count: '2', explicitBounds: [1], bucketCounts: ['2'] })).refused).toEqual([
      'm: with 1 bound go 2 counts, not 1',
    ])
    expect(read(histogram({ count: '2', explicitBounds: [1, 1], bucketCounts: ['1', '1', '0'] })).refused[0]).toContain('the bound 1')
  })

  it('keeps exponential buckets that are not empty, joining those finer than nine percent', () => {
    const dataPoints = [
      {
        count: '10',
        sum: 9,
        scale: 4,
        zeroCount: '1',
        positive: { offset: -3, bucketCounts: ['1', '2', '0', '4'] },
        negative: { offset: 0, bucketCounts: ['2'] },
      },
    ]
    // Indexes -3 to 0 of scale 4 lie in -2, -1, -1 and 0 of scale 3.
    expect(fieldsOf({ name: 'm', exponentialHistogram: { aggregationTemporality: 1, dataPoints } })).toEqual([
      { count: 10, sum: 9, exp_zero: 1, 'exp3_-2': 1, 'exp3_-1': 2, exp3_0: 4, exp3_neg_0: 2 },
    ])
    const coarse = [{ count: '1', scale: 0, positive: { offset: 5, bucketCounts: ['1'] } }]
    expect(fieldsOf({ name: 'm', exponentialHistogram: { dataPoints: coarse } })).toEqual([{ count: 1, exp0_5: 1 }])
  })

  it('keeps the quantiles of a summary', () => {
    const quantileValues = [
      { quantile: 0, value: 1 },
      { quantile: 0.99, value: 8 },
    ]
    expect(fieldsOf({ name: 'm', summary: { dataPoints: [{ count: '4', sum: 9, quantileValues }] } })).toEqual([
      { count: 4, sum: 9, quantile_0: 1, 'quantile_0.99': 8 },
    ])
  })

  it('passes over data points that say only that there is no value, and refuses those that forgot it', () => {
    expect(read(requestOf([{ name: 'm', gauge: { dataPoints: [{ flags: 1 }, {}] } }]))).toEqual({
      points: [],
      refused: ['m: a data point has neither asDouble nor asInt'],
    })
  })

  it('takes an empty request for one', () => {
    expect(read({})).toEqual({ points: [], refused: [] })
  })
})

describe('OTLP as JSON', () => {
  it('takes 64-bit numbers as numbers, "NaN" for a float, null as absent, and ignores what it does not know', () => {
    const gauge = { dataPoints: [{ asInt: 3, timeUnixNano: 1795231147180, attributes: null }, { asDouble: 'NaN' }], news: { a: [1] } }
    const { points } = fromJson({ ...requestOf([{ name: 'm', gauge, sum: null }]), future: true })
    expect(points.map(({ fields, timeNs: time }) => [fields.value, time])).toEqual([
      [3, 1_795_231_147_180n],
      [Number.NaN, undefined],
    ])
  })

  it('says where a request is not one', () => {
    expect(() => fromJson(requestOf([{ name: 'm', gauge: { dataPoints: [{ asInt: 'x' }] } }]))).toThrow(
      /resourceMetrics\.0\.scopeMetrics\.0\.metrics\.0\.gauge\.dataPoints\.0\.asInt/,
    )
    expect(() => parseOtlpJson(Buffer.from('{'))).toThrow(/not JSON/)
  })

  it('cuts values that are nested deep, and refuses a body that is nested without end', () => {
    const deep = (depth: number) => `${'{"arrayValue":{"values":['.repeat(depth)}${']}}'.repeat(depth)}`
    const body = (depth: number) =>
      JSON.stringify(requestOf([{ name: 'm', gauge: { dataPoints: [{ asInt: 1, attributes: [{ key: 'a', value: 0 }] }] } }])).replace(
        '"value":0',
        `"value":${deep(depth)}`,
      )
    const read = (depth: number) => toOtlpPoints(parseOtlpJson(Buffer.from(body(depth))))
    expect(read(100).points[0]?.tags.a).toContain('…')
    expect(() => read(50_000)).toThrow(AppError)
  })
})
