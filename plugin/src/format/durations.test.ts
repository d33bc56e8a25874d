import { expect, it } from 'vitest'
import { toDurationText, toLatencyText, toShortDurationText } from './durations.ts'

it.each([
  [0, '0 ms'],
  [350, '350 ms'],
  [45_000, '45 s'],
  [90_000, '1 min 30 s'],
  [754_000, '12 min'],
  [3_600_000, '1 h'],
  [11_640_000, '3 h 14 min'],
  [277_000_000, '3 d 4 h'],
  [-1, ''],
  [Number.NaN, ''],
])('writes %d ms in at most two units', (durationMs, text) => {
  expect(toDurationText(durationMs)).toBe(text)
})

it('writes one unit where there is no room for two', () => {
  expect(toShortDurationText(277_000_000)).toBe('3 d')
  expect(toShortDurationText(400)).toBe('0 s')
})

it('writes latencies with as many digits as matter', () => {
  expect([0.4, 7.34, 12.6, 1300].map(toLatencyText)).toEqual(['0.4 ms', '7.3 ms', '13 ms', '1.3 s'])
})
