import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'

export type ReplayClock = Clock & {
  /** Runs what falls due up to that time, in order, and waits for what it started before time moves on. */
  to(timeMs: number): Promise<void>
}

/** A promise may start another; after so many turns of the event loop in which nothing is asked, nothing more comes. */
const quietTurns = 4

/**
 * A clock that goes as fast as it can through times that are past.
 *
 * `pending` says how many questions to the store are under way: time waits for their answers, as nobody
 * waited for them when it was the present. When whoever asked has left, time stands still for good.
 */
export function createReplayClock(startMs: number, pending: () => number, signal?: AbortSignal): ReplayClock {
  const timers = new Map<number, { readonly dueMs: number; readonly run: () => void }>()
  let nowMs = startMs
  let counter = 0

  function next(untilMs: number): number | undefined {
    let found: number | undefined
    let earliestMs = Number.POSITIVE_INFINITY
    // Ids go up, so of equal times the first found is the first that was set.
    for (const [id, { dueMs }] of timers) {
      if (dueMs > untilMs || dueMs >= earliestMs) continue
      earliestMs = dueMs
      found = id
    }
    return found
  }

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns; quiet = pending() > 0 ? 0 : quiet + 1) await new Promise((resolve) => setImmediate(resolve))
  }

  return {
    now: () => nowMs,
    monotonic: () => nowMs - startMs,
    after(delayMs, run) {
      const id = counter++
      timers.set(id, { dueMs: nowMs + Math.max(0, delayMs), run })
      return () => timers.delete(id)
    },
    async to(timeMs) {
      await settle()
      for (let id = next(timeMs); id !== undefined; id = next(timeMs)) {
        if (signal?.aborted) throw new AppError('QUERY_CANCELLED', 'The replay was given up by whoever asked for it.')
        const timer = timers.get(id)
        timers.delete(id)
        if (!timer) continue
        if (timer.dueMs > nowMs) nowMs = timer.dueMs
        timer.run()
        await settle()
      }
      nowMs = Math.max(nowMs, timeMs)
      await settle()
    },
  }
}
