import { expect, it } from 'vitest'
import { fc } from '../lib/fake-chance.ts'
import { addSample, createTimeline, dropBefore, firstAfter, firstAtOrAfter, hasSampleAt } from './timeline.ts'

type Change = { timeMs: number; value: number } | { dropBeforeMs: number }

const time = fc.integer({ min: 0, max: 60 })
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ timeMs: time, value: fc.integer() }) },
  { weight: 1, arbitrary: fc.record({ dropBeforeMs: time }) },
)

/** The same with a plain sorted array. */
function applyPlainly(samples: [number, number][], one: Change, samplesMax: number): [number, number][] {
  if ('dropBeforeMs' in one) return samples.filter(([timeMs]) => timeMs >= one.dropBeforeMs)
  const others = samples.filter(([timeMs]) => timeMs !== one.timeMs)
  return [...others, [one.timeMs, one.value] as [number, number]].sort((a, b) => a[0] - b[0]).slice(-samplesMax)
}

it('holds what a sorted list would hold, whatever the order of samples', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), fc.integer({ min: 1, max: 40 }), time, time, (changes, samplesMax, from, to) => {
      const timeline = createTimeline()
      let plain: [number, number][] = []
      for (const one of changes) {
        plain = applyPlainly(plain, one, samplesMax)
        if ('dropBeforeMs' in one) dropBefore(timeline, one.dropBeforeMs)
        else addSample(timeline, one.timeMs, one.value, samplesMax)
      }
      const expected = plain.filter(([timeMs]) => timeMs >= from && timeMs <= to)
      const [start, end] = [firstAtOrAfter(timeline, from), firstAfter(timeline, to)]
      expect([timeline.times.slice(start, end), timeline.values.slice(start, end)]).toEqual([
        expected.map(([at]) => at),
        expected.map(([, value]) => value),
      ])
      expect(hasSampleAt(timeline, from)).toBe(plain.some(([timeMs]) => timeMs === from))
    }),
    { numRuns: 500 },
  )
})

it('does not grow while old samples leave as new ones come', () => {
  const timeline = createTimeline()
  for (let timeMs = 0; timeMs < 10_000; timeMs++) {
    addSample(timeline, timeMs, timeMs, 1000)
    dropBefore(timeline, timeMs - 10)
  }
  expect(timeline.times.length).toBeLessThanOrEqual(32)
})
