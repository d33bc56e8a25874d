import { expect, it } from 'vitest'
import { createFakeClock } from './clock.ts'
import { startTicker } from './ticker.ts'

it('ticks at once and then at multiples of the interval', async () => {
  const clock = createFakeClock(4000)
  const at: number[][] = []
  startTicker(clock, 10_000, async (dueMs) => void at.push([clock.now(), dueMs]))
  await clock.advance(30_000)
  expect(at).toEqual([
    [4000, 4000],
    [10_000, 10_000],
    [20_000, 20_000],
    [30_000, 30_000],
  ])
})

it('with an offset ticks that long after each multiple, and not at once', async () => {
  const clock = createFakeClock(4000)
  const at: number[] = []
  startTicker(clock, 10_000, async (dueMs) => void at.push(dueMs), 13_000)
  startTicker(clock, 10_000, async (dueMs) => void at.push(dueMs), 0)
  await clock.advance(30_000)
  expect(at).toEqual([10_000, 13_000, 20_000, 23_000, 30_000, 33_000])
})

it('skips a tick that falls due while the last one runs, and does not drift', async () => {
  const clock = createFakeClock(0)
  const at: number[] = []
  startTicker(clock, 10_000, () => {
    at.push(clock.now())
    return new Promise((resolve) => clock.after(13_000, resolve))
  })
  await clock.advance(45_000)
  expect(at).toEqual([0, 20_000, 40_000])
})

it('waits for the run under way when it stops, and starts no other', async () => {
  const clock = createFakeClock(0)
  let ended = 0
  const ticker = startTicker(clock, 1000, async () => {
    await new Promise<void>((resolve) => clock.after(500, resolve))
    ended++
  })
  const stopped = ticker.stop()
  await clock.advance(500)
  await stopped
  await clock.advance(10_000)
  expect(ended).toBe(1)
})

/** A clock whose hands are moved apart from its timers, as when the machine sleeps or its time is corrected. */
function createSkewedClock() {
  const clock = createFakeClock(0)
  const skew = { ms: 0 }
  return { skew, clock: { ...clock, now: () => clock.now() + skew.ms }, advance: clock.advance }
}

it('runs a tick once when its timer fires a little early', async () => {
  const { clock, skew, advance } = createSkewedClock()
  const due: number[] = []
  startTicker(clock, 10_000, async (dueMs) => void due.push(dueMs))
  await advance(9000)
  skew.ms = -2
  await advance(21_500)
  expect(due).toEqual([0, 10_000, 20_000, 30_000])
})

it('skips the ticks of a night the machine slept through', async () => {
  const { clock, skew, advance } = createSkewedClock()
  const due: number[] = []
  startTicker(clock, 10_000, async (dueMs) => void due.push(dueMs))
  await advance(5000)
  skew.ms = 28_800_000
  await advance(16_000)
  expect(due).toEqual([0, 28_820_000])
})

it('goes on within an interval when the clock is set back by an hour', async () => {
  const { clock, skew, advance } = createSkewedClock()
  const due: number[] = []
  startTicker(clock, 10_000, async (dueMs) => void due.push(dueMs))
  await advance(5000)
  skew.ms = -3_600_000
  await advance(25_000)
  expect(due.length).toBeGreaterThanOrEqual(3)
  expect(due.at(-1)).toBe(-3_570_000)
})
