import type { Clock } from './clock.ts'

export type Ticker = {
  /** Resolves when a run under way has ended; no other starts. */
  stop(): Promise<void>
}

/**
 * Runs something at once and then at every multiple of the interval.
 *
 * Ticks do not drift: they are counted from the start. One that falls due while the last is still
 * running is skipped, never doubled. `run` must not reject.
 */
export function startTicker(clock: Clock, intervalMs: number, run: () => Promise<void>): Ticker {
  const startedMs = clock.now()
  let stopped = false
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()

  function schedule(): void {
    if (stopped) return
    const ticks = Math.floor((clock.now() - startedMs) / intervalMs) + 1
    cancel = clock.after(startedMs + ticks * intervalMs - clock.now(), tick)
  }

  function tick(): void {
    running = run().finally(schedule)
  }

  tick()
  return {
    async stop() {
      stopped = true
      cancel()
      await running
    },
  }
}
