import type { Clock } from './clock.ts'

export type Ticker = {
  /** Resolves when a run under way has ended; no other starts. */
  stop(): Promise<void>
}

/**
 * Runs something at once and then whenever the clock shows a multiple of the interval: every 10 s at
 * :00, :10, :20, so that all machines measure at the same times and every window holds one reading.
 *
 * Ticks do not drift. One that falls due while the last is still running is skipped, never doubled,
 * and a clock that is set forth or back starts the count anew. `run` gets the time it was due and
 * must not reject.
 *
 * With `offsetMs` it runs that long after each multiple, and first when that comes: so that many
 * tickers do not run at once.
 */
export function startTicker(clock: Clock, intervalMs: number, run: (dueMs: number) => Promise<void>, offsetMs?: number): Ticker {
  let dueMs = clock.now()
  let stopped = false
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()

  const shiftMs = (offsetMs ?? 0) % intervalMs
  const nextMultiple = (afterMs: number) => (Math.floor((afterMs - shiftMs) / intervalMs) + 1) * intervalMs + shiftMs

  function schedule(): void {
    if (stopped) return
    const nowMs = clock.now()
    const wasSetBack = dueMs - nowMs > intervalMs
    // A timer may fire a little early: counting from the tick that ran keeps it from running twice.
    dueMs = nextMultiple(wasSetBack ? nowMs : Math.max(dueMs, nowMs))
    cancel = clock.after(dueMs - nowMs, tick)
  }

  function tick(): void {
    const isMissed = clock.now() - dueMs >= intervalMs
    if (isMissed) schedule()
    else running = run(dueMs).finally(schedule)
  }

  if (offsetMs === undefined) tick()
  else schedule()
  return {
    async stop() {
      stopped = true
      cancel()
      await running
    },
  }
}
