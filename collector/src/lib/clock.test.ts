import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from './clock.ts'

afterEach(() => void vi.useRealTimers())

const day = 86_400_000

test('a timer of many weeks waits for them, where one of Node would fire at once', () => {
  vi.useFakeTimers()
  const run = vi.fn()
  systemClock.after(60 * day, run)
  vi.advanceTimersByTime(60 * day - 1)
  expect(run).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(run).toHaveBeenCalledOnce()
})

test('and is cancelled in whichever of its parts it is', () => {
  vi.useFakeTimers()
  const run = vi.fn()
  const [cancelFirst, cancelSecond] = [systemClock.after(60 * day, run), systemClock.after(60 * day, run)]
  cancelFirst()
  vi.advanceTimersByTime(30 * day)
  cancelSecond()
  vi.advanceTimersByTime(60 * day)
  expect(run).not.toHaveBeenCalled()
})
