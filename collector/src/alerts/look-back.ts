import type { Clock } from '../lib/clock.ts'

/** No alert came for so long. */
const calmMs = 1000
/** In a storm without end it begins all the same. */
const longestMs = 5000

/**
 * Puts off what an alert makes the store look for until no further alert has come for a moment: to search
 * ten thousand series takes longer than to tell of an alert, and the next one would wait for it.
 */
export function createLookBack(clock: Clock) {
  let waiting: (() => void)[] = []
  let sinceMs = 0
  let cancel = () => {}

  function begin(): void {
    const all = waiting
    waiting = []
    for (const look of all) look()
  }

  return {
    plan(look: () => void): void {
      if (waiting.length === 0) sinceMs = clock.monotonic()
      waiting.push(look)
      cancel()
      cancel = clock.after(Math.min(calmMs, Math.max(0, sinceMs + longestMs - clock.monotonic())), begin)
    },
    stop: (): void => cancel(),
  }
}
