import type { Clock } from '../../lib/clock.ts'

export type Turn = (signal: AbortSignal) => Promise<void>

/** Lets callers pass one after the other, none sooner than `everyMs` after the one before; who is stopped waits no longer. */
export function createTurns(clock: Clock, everyMs: number): Turn {
  let nextMs = Number.NEGATIVE_INFINITY
  return (signal) => {
    const nowMs = clock.monotonic()
    const atMs = Math.max(nowMs, nextMs)
    nextMs = atMs + everyMs
    if (atMs <= nowMs || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = clock.after(atMs - nowMs, done)
      signal.addEventListener('abort', done)
    })
  }
}
