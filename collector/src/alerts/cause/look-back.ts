import type { Clock } from '../../lib/clock.ts'

/** No alert came for so long. */
const calmMs = 1000
/** In a storm without end it begins all the same. */
const longestMs = 5000
/** Between two. */
const paceMs = 100
/** In a storm of more the others go without. */
const waitingMax = 1000

/**
 * Puts off what an alert makes the store look for until no further alert has come for a moment, and then
 * takes one after the other: to search ten thousand series takes longer than to tell of an alert, and the
 * next one would wait for it.
 */
export function createLookBack(clock: Clock) {
  const waiting: { readonly look: () => void; readonly sinceMs: number }[] = []
  let lastAlertMs = Number.NEGATIVE_INFINITY
  let lastLookMs = Number.NEGATIVE_INFINITY
  let cancel = () => {}

  function schedule(): void {
    cancel()
    const [first] = waiting
    if (!first) return
    const dueMs = Math.max(lastLookMs + paceMs, Math.min(lastAlertMs + calmMs, first.sinceMs + longestMs))
    cancel = clock.after(Math.max(0, dueMs - clock.monotonic()), () => {
      lastLookMs = clock.monotonic()
      waiting.shift()?.look()
      schedule()
    })
  }

  return {
    plan(look: () => void): void {
      lastAlertMs = clock.monotonic()
      if (waiting.length < waitingMax) waiting.push({ look, sinceMs: lastAlertMs })
      schedule()
    },
    stop: (): void => cancel(),
  }
}
