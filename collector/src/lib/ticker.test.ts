import { expect, it } from 'vitest'
import { createFakeClock } from './clock.ts'
import { startTicker } from './ticker.ts'

it('ticks at once and then at multiples of the interval', async () => {
  const clock = createFakeClock(0)
  const at: number[] = []
  startTicker(clock, 10_000, async () => void at.push(clock.now()))
  await clock.advance(30_000)
  expect(at).toEqual([0, 10_000, 20_000, 30_000])
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
