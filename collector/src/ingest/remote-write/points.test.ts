import { describe, expect, it } from 'vitest'
import type { NativeHistogram, WrittenSeries } from './messages.ts'
import { toRemoteWritePoints } from './points.ts'

const seriesOf = (given: Partial<WrittenSeries>): WrittenSeries => ({
  labels: [['__name__', 'm']],
  samples: [],
  histograms: [],
  exemplars: [],
  ...given,
})
const fieldsOf = (histogram: NativeHistogram) => toRemoteWritePoints([seriesOf({ histograms: [histogram] })]).points[0]?.fields

describe('points of a remote write', () => {
  it('are measured by the name, tagged by the labels, and timed in milliseconds', () => {
    const labels = [
      ['__name__', 'up'],
      ['job', 'node'],
      ['empty', ''],
    ] as const
    const samples = [{ value: 1, timestamp: 1_795_231_147_180n }, { timestamp: 1_795_231_148_180n }]
    expect(toRemoteWritePoints([seriesOf({ labels, samples })]).points).toEqual([
      { measurement: 'up', tags: { job: 'node' }, fields: { value: 1 }, timeNs: 1_795_231_147_180_000_000n },
      { measurement: 'up', tags: { job: 'node' }, fields: { value: 0 }, timeNs: 1_795_231_148_180_000_000n },
    ])
  })

  it('leave out what says that there is no value, and count it', () => {
    const stale = Buffer.from('7ff0000000000002', 'hex').readDoubleBE()
    const taken = toRemoteWritePoints([seriesOf({ samples: [{ value: stale }, { value: Number.NaN }], histograms: [{ sum: stale }] })])
    expect(taken).toMatchObject({ points: [], refused: [], samplesOfNothing: 2, histogramsOfNothing: 1 })
  })

  it('keep the buckets of a native histogram, counted from their lower bounds', () => {
    const histogram = {
      countInt: 12n,
      sum: 20.5,
      schema: 0,
      zeroCountInt: 2n,
      positiveSpans: [
        { offset: 1, length: 2 },
        { offset: 3, length: 1 },
      ],
      positiveDeltas: [3n, -1n, 2n],
      negativeSpans: [{ offset: 0, length: 1 }],
      negativeDeltas: [1n],
    }
    // Native bucket 1 of schema 0 is (1, 2]: bucket 0 when counted from its lower bound.
    expect(fieldsOf(histogram)).toEqual({ count: 12, sum: 20.5, exp_zero: 2, exp0_0: 3, exp0_1: 2, exp0_5: 4, 'exp0_neg_-1': 1 })
  })

  it('keep fractional counts, and join buckets that are too fine', () => {
    const histogram = { countFloat: 4.5, sum: 1, schema: 8, positiveSpans: [{ offset: 1, length: 3 }], positiveCounts: [1.5, 1, 2] }
    expect(fieldsOf(histogram)).toEqual({ count: 4.5, sum: 1, exp3_0: 4.5 })
  })

  it('keep custom bounds as a histogram with bounds', () => {
    const histogram = {
      countInt: 6n,
      sum: 9,
      schema: -53,
      customValues: [0.5, 2],
      positiveSpans: [{ offset: 0, length: 3 }],
      positiveDeltas: [1n, 2n, -1n],
    }
    expect(fieldsOf(histogram)).toEqual({ count: 6, sum: 9, 'le_0.5': 1, le_2: 4 })
  })

  it('refuse a schema nobody has defined', () => {
    expect(toRemoteWritePoints([seriesOf({ histograms: [{ schema: 9 }] })]).refused).toEqual([expect.stringContaining('schema 9')])
  })

  it('are not kept waiting by spans without counts', () => {
    expect(fieldsOf({ positiveSpans: [{ offset: 0, length: 4_294_967_295 }], positiveDeltas: [1n] })).toMatchObject({ 'exp0_-1': 1 })
  })
})
