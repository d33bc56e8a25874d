import type { Clock } from '../../../lib/clock.ts'

/** More values a second are a burst: rolling would take the processor from those who wait for their answer. */
const burstValues = 500_000
/** Even in a burst nothing is put off for longer. */
const longestPauseMs = 300_000

/** Tells whether work that can wait should: queries read raw values until it is done. */
export function createBurst(clock: Pick<Clock, 'now'>) {
  let values = 0
  let sinceMs = clock.now()
  let workedMs = clock.now()

  return {
    note(count: number): void {
      values += count
    },
    /** Whether to put the work off, by what was written since this was last asked. */
    shouldWait(): boolean {
      const seconds = Math.max(1, (clock.now() - sinceMs) / 1000)
      const isBurst = values / seconds > burstValues && clock.now() - workedMs < longestPauseMs
      values = 0
      sinceMs = clock.now()
      if (!isBurst) workedMs = clock.now()
      return isBurst
    },
  }
}
