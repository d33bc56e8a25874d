import { describe, expect, it } from 'vitest'
import { toFrame } from '../../../test/frames.ts'
import { toPercentText } from './HealthStrips.tsx'
import { toStrips } from './history.ts'

const frame = (rows: [time: number, component: string, state: string][]) =>
  toFrame({
    time: rows.map(([time]) => time),
    component: rows.map(([, component]) => component),
    environment: rows.map(() => 'prod'),
    state: rows.map(([, , state]) => state),
  })

describe('toStrips', () => {
  it('lets a reading hold until the next and the last until now', () => {
    const [strip] = toStrips(
      [
        frame([
          [100, 'a', 'up'],
          [200, 'a', 'down'],
          [250, 'a', 'up'],
        ]),
      ],
      { from: 150, to: 1000 },
      450,
    )
    expect(strip?.segments).toEqual([
      { state: 'up', from: 150, to: 200 },
      { state: 'down', from: 200, to: 250 },
      { state: 'up', from: 250, to: 450 },
    ])
    expect(strip?.upShare).toBeCloseTo(250 / 300)
    expect(strip?.msInState).toEqual({ up: 250, down: 50 })
  })

  it('joins equal states and takes readings in any order', () => {
    const [strip] = toStrips(
      [
        frame([
          [300, 'a', 'up'],
          [100, 'a', 'up'],
          [200, 'a', 'up'],
        ]),
      ],
      { from: 0, to: 400 },
      400,
    )
    expect(strip?.segments).toEqual([{ state: 'up', from: 100, to: 400 }])
  })

  it('lets the worse of two readings of one moment count', () => {
    const [strip] = toStrips([frame([[100, 'a', 'down']]), frame([[100, 'a', 'up']])], { from: 0, to: 200 }, 200)
    expect(strip?.segments).toEqual([{ state: 'down', from: 100, to: 200 }])
  })

  it('counts maintenance and the unknown neither as up nor as down', () => {
    const [strip] = toStrips(
      [
        frame([
          [0, 'a', 'maintenance'],
          [50, 'a', 'unknown'],
          [80, 'a', 'degraded'],
        ]),
      ],
      { from: 0, to: 100 },
      100,
    )
    expect(strip?.upShare).toBe(1)
    const [quiet] = toStrips([frame([[0, 'a', 'unknown']])], { from: 0, to: 100 }, 100)
    expect(quiet?.upShare).toBeNull()
  })

  it('orders strips naturally', () => {
    const strips = toStrips(
      [
        frame([
          [0, 'db10', 'up'],
          [0, 'db2', 'up'],
        ]),
      ],
      { from: 0, to: 100 },
      100,
    )
    expect(strips.map((strip) => strip.component)).toEqual(['db2', 'db10'])
  })
})

it('never says 100 % of something that was down for a moment', () => {
  expect([1, 0.999999, 0.9987, 0.8].map(toPercentText)).toEqual(['100 %', '> 99.99 %', '99.87 %', '80.0 %'])
})
